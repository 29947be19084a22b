use std::collections::HashSet;
use std::sync::Mutex;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::operation::change_message_visibility::ChangeMessageVisibilityError;
use aws_sdk_sqs::operation::delete_message::DeleteMessageError;
use aws_sdk_sqs::operation::receive_message::ReceiveMessageError;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use serde_json::json;

/// A queue did not answer as SQS does.
#[derive(Debug, thiserror::Error)]
pub enum EventSourceError {
    /// No messages could be read.
    #[error("could not receive from a queue")]
    Receive(#[from] Box<SdkError<ReceiveMessageError>>),
    /// A handled message could not be removed.
    #[error("could not delete a message")]
    Delete(#[from] Box<SdkError<DeleteMessageError>>),
    /// A message could not be made visible.
    #[error("could not make a message visible")]
    Visibility(#[from] Box<SdkError<ChangeMessageVisibilityError>>),
    /// A message could not be put into the form of an event.
    #[error("could not make an event of a message")]
    Event(#[from] serde_json::Error),
}

/// What Lambda does between a queue and a function: hands over one message at a time, removes it when the function is done
/// with it, and leaves it to the queue when it is not.
#[derive(Debug)]
pub(crate) struct EventSource {
    client: Client,
    url: String,
    /// Messages the function has not finished: handed back, or left behind by an invocation that died.
    unfinished: Mutex<HashSet<String>>,
}

impl EventSource {
    pub(crate) fn new(client: Client, url: String) -> Self {
        Self {
            client,
            url,
            unfinished: Mutex::default(),
        }
    }

    /// Takes the next message and gives it to the function. False when none is visible.
    pub(crate) async fn poll(
        &self,
        function: impl AsyncFnOnce(SqsEvent) -> SqsBatchResponse,
    ) -> Result<bool, EventSourceError> {
        let receive = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(1)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .wait_time_seconds(0);
        let received = receive.send().await.map_err(Box::new)?;
        let Some(message) = received.messages.unwrap_or_default().into_iter().next() else {
            return Ok(false);
        };
        let receipt = message.receipt_handle().unwrap_or_default().to_owned();
        if let Ok(mut unfinished) = self.unfinished.lock() {
            unfinished.insert(receipt.clone());
        }
        let response = function(event(&self.url, &message)?).await;
        if response.batch_item_failures.is_empty() {
            let delete = self
                .client
                .delete_message()
                .queue_url(&self.url)
                .receipt_handle(&receipt);
            delete.send().await.map_err(Box::new)?;
            if let Ok(mut unfinished) = self.unfinished.lock() {
                unfinished.remove(&receipt);
            }
        }
        Ok(true)
    }

    /// Lets the time pass for which messages are hidden: a simulated clock does not move the queue's.
    pub(crate) async fn let_waiting_messages_return(&self) -> Result<(), EventSourceError> {
        let waiting = self
            .unfinished
            .lock()
            .map(|waiting| waiting.clone())
            .unwrap_or_default();
        for receipt in waiting {
            let change = self
                .client
                .change_message_visibility()
                .queue_url(&self.url)
                .receipt_handle(&receipt);
            let changed = change.visibility_timeout(0).send().await;
            match changed {
                Ok(_) => {
                    if let Ok(mut unfinished) = self.unfinished.lock() {
                        unfinished.remove(&receipt);
                    }
                }
                // A message that is visible already, or gone to the dead letters, needs nothing.
                Err(error) if error.as_service_error().is_some() => {}
                Err(error) => return Err(Box::new(error).into()),
            }
        }
        Ok(())
    }
}

/// The message as Lambda shows it to a function.
fn event(queue_url: &str, message: &Message) -> Result<SqsEvent, serde_json::Error> {
    let queue = queue_url.rsplit('/').next().unwrap_or_default();
    let attributes: serde_json::Map<_, _> = message
        .attributes()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str().to_owned(), json!(value)))
        .collect();
    serde_json::from_value(json!({"Records": [{
        "messageId": message.message_id(),
        "receiptHandle": message.receipt_handle(),
        "body": message.body(),
        "attributes": attributes,
        "messageAttributes": {},
        "md5OfBody": message.md5_of_body(),
        "eventSource": "aws:sqs",
        "eventSourceARN": format!("arn:aws:sqs:{}:000000000000:{queue}", embedded_aws::REGION),
        "awsRegion": embedded_aws::REGION,
    }]}))
}
