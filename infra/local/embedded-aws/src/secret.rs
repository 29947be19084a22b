use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use serde::Deserialize;

use crate::Error;

/// An `AWS::SecretsManager::Secret` with a value of its own, or one that is made for it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Secret {
    name: String,
    #[serde(rename = "SecretString")]
    value: Option<String>,
    #[serde(rename = "GenerateSecretString")]
    generated: Option<Generated>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Generated {
    password_length: i64,
    #[serde(default)]
    exclude_punctuation: bool,
}

impl Secret {
    /// Creates the secret and gives its ARN; one that exists keeps its value.
    pub(crate) async fn create(self, client: &Client) -> Result<String, Error> {
        let name = self.name;
        let value = match self.generated {
            Some(generated) => {
                let password = client
                    .get_random_password()
                    .password_length(generated.password_length)
                    .exclude_punctuation(generated.exclude_punctuation);
                let password = password.send().await.map_err(Error::create(&name))?;
                password.random_password
            }
            None => self.value,
        };
        let create = client.create_secret().name(&name).set_secret_string(value);
        let arn = match create.send().await.map_err(SdkError::into_service_error) {
            Ok(created) => created.arn,
            Err(CreateSecretError::ResourceExistsException(_)) => {
                let describe = client.describe_secret().secret_id(&name).send().await;
                describe.map_err(Error::create(&name))?.arn
            }
            Err(error) => return Err(Error::create(&name)(error)),
        };
        Ok(arn.unwrap_or_default())
    }
}
