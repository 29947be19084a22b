use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName as Name;
use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// What of an `AWS::SQS::Queue` shows in its behaviour.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Queue {
    #[serde(rename = "QueueName")]
    name: String,
    visibility_timeout: Option<u32>,
    message_retention_period: Option<u32>,
    redrive_policy: Option<Value>,
}

/// What others refer to a queue by.
pub(crate) struct CreatedQueue {
    pub(crate) url: String,
    pub(crate) arn: String,
}

impl Queue {
    /// Creates the queue; one that exists with the same attributes stays as it is.
    pub(crate) async fn create(self, client: &Client) -> Result<CreatedQueue, Error> {
        let name = self.name;
        let attributes = [
            (
                Name::VisibilityTimeout,
                self.visibility_timeout.map(|seconds| seconds.to_string()),
            ),
            (
                Name::MessageRetentionPeriod,
                self.message_retention_period.map(|seconds| seconds.to_string()),
            ),
            (
                Name::RedrivePolicy,
                self.redrive_policy.map(|policy| policy.to_string()),
            ),
        ];
        let mut request = client.create_queue().queue_name(&name);
        for (attribute, value) in attributes {
            if let Some(value) = value {
                request = request.attributes(attribute, value);
            }
        }
        let created = request.send().await.map_err(Error::create(&name))?;
        let url = created.queue_url.unwrap_or_default();

        let request = client
            .get_queue_attributes()
            .queue_url(&url)
            .attribute_names(Name::QueueArn);
        let mut attributes = request
            .send()
            .await
            .map_err(Error::create(&name))?
            .attributes
            .unwrap_or_default();
        let arn = attributes.remove(&Name::QueueArn).unwrap_or_default();
        Ok(CreatedQueue { url, arn })
    }
}
