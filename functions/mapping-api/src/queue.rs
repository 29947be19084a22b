//! The worker's queue for what somebody waits for.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::operation::send_message::SendMessageError;
use http_api::{Problem, ProblemKind};
use tenant_store::TaskMessage;

#[derive(Debug)]
pub(crate) struct Queue {
    client: Client,
    url: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum QueueError {
    #[error("could not write a message")]
    Write(#[source] serde_json::Error),
    #[error("could not send a message to the worker")]
    Send(#[source] Box<SdkError<SendMessageError>>),
}

impl Queue {
    pub(crate) fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    pub(crate) async fn send(&self, message: &TaskMessage) -> Result<(), QueueError> {
        let body = serde_json::to_string(message).map_err(QueueError::Write)?;
        let message = self.client.send_message().queue_url(&self.url).message_body(body);
        let sent = message.send().await;
        sent.map(drop).map_err(|error| QueueError::Send(Box::new(error)))
    }
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        Problem::from(ProblemKind::Unavailable).because(error)
    }
}
