//! The queues that messages come from, and the one that notices go to.

use aws_lambda_events::sqs::SqsMessage;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::operation::change_message_visibility::ChangeMessageVisibilityError;
use aws_sdk_sqs::operation::send_message::SendMessageError;
use jiff::SignedDuration;
use tenant_store::AttentionNotice;

/// A queue did not do as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QueueError {
    #[error("could not change when a message comes again")]
    HandBack(#[source] Box<SdkError<ChangeMessageVisibilityError>>),
    #[error("could not send a notice")]
    Notice(#[source] Box<SdkError<SendMessageError>>),
    #[error("could not write a notice")]
    Write(#[source] serde_json::Error),
}

#[derive(Debug)]
pub(crate) struct Queues {
    client: Client,
    sync_url: String,
    interactive_url: String,
    failure_emails_url: String,
}

/// SQS hides a message for twelve hours at most.
const LONGEST_DELAY_SECONDS: i64 = 12 * 60 * 60;

impl Queues {
    pub(crate) fn new(
        client: Client,
        sync_url: String,
        interactive_url: String,
        failure_emails_url: String,
    ) -> Self {
        Self {
            client,
            sync_url,
            interactive_url,
            failure_emails_url,
        }
    }

    /// The queue a message came from.
    fn origin(&self, message: &SqsMessage) -> &str {
        let arn = message.event_source_arn.as_deref().unwrap_or_default();
        let name = self.interactive_url.rsplit('/').next();
        if arn.rsplit(':').next() == name {
            &self.interactive_url
        } else {
            &self.sync_url
        }
    }

    /// Lets a message come again after `delay`, to whoever is free.
    pub(crate) async fn hand_back(
        &self,
        message: &SqsMessage,
        delay: SignedDuration,
    ) -> Result<(), QueueError> {
        let seconds = delay.as_secs().clamp(0, LONGEST_DELAY_SECONDS);
        self.client
            .change_message_visibility()
            .queue_url(self.origin(message))
            .set_receipt_handle(message.receipt_handle.clone())
            .visibility_timeout(i32::try_from(seconds).unwrap_or(i32::MAX))
            .send()
            .await
            .map(drop)
            .map_err(|error| QueueError::HandBack(Box::new(error)))
    }

    /// Asks for a mail to the tenant's contacts.
    pub(crate) async fn notify(&self, notice: &AttentionNotice) -> Result<(), QueueError> {
        let body = serde_json::to_string(notice).map_err(QueueError::Write)?;
        let send = self
            .client
            .send_message()
            .queue_url(&self.failure_emails_url)
            .message_body(body);
        send.send()
            .await
            .map(drop)
            .map_err(|error| QueueError::Notice(Box::new(error)))
    }
}
