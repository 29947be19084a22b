use std::collections::BTreeMap;
use std::path::Path;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::mail::sent_through_ministack;
use crate::{EmbeddedAws, Error, REGION, SentMail};

/// Emulators read the account out of the key and check nothing else.
const ACCESS_KEY_ID: &str = "local";
const SECRET_ACCESS_KEY: &str = "local";

/// An AWS to run against that is not AWS.
#[derive(Debug)]
pub enum Stack {
    /// The one in this process.
    Embedded(EmbeddedAws),
    /// Another one, which runs already.
    At(Endpoints),
}

/// Where a stack's services listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// DynamoDB.
    pub dynamodb: String,
    /// Everything else.
    pub other: String,
}

impl Stack {
    /// See [`EmbeddedAws::start`].
    pub async fn embedded(data: Option<&Path>) -> Result<Self, Error> {
        EmbeddedAws::start(data).await.map(Self::Embedded)
    }

    /// A stack with all its services at one address, such as `http://127.0.0.1:4566`.
    #[must_use]
    pub fn at(endpoint_url: &str) -> Self {
        Self::At(Endpoints {
            dynamodb: endpoint_url.to_owned(),
            other: endpoint_url.to_owned(),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        match self {
            Self::Embedded(embedded) => embedded.endpoints(),
            Self::At(endpoints) => endpoints,
        }
    }

    /// What the SDK's clients need to use it.
    #[must_use]
    pub fn sdk_config(&self) -> SdkConfig {
        self.endpoints().sdk_config()
    }

    /// The mails SES was given, in order. Of other stacks, only ministack tells.
    pub async fn sent_mails(&self) -> Result<Vec<SentMail>, Error> {
        match self {
            Self::Embedded(embedded) => Ok(embedded.sent_mails()),
            Self::At(endpoints) => sent_through_ministack(&endpoints.other)
                .await
                .map_err(Error::ReadMails),
        }
    }

    /// Stops what was started here; another's stack goes on.
    pub async fn shutdown(self) {
        match self {
            Self::Embedded(embedded) => embedded.shutdown().await,
            Self::At(_) => {}
        }
    }
}

impl Endpoints {
    /// What the SDK's clients need to use it.
    #[must_use]
    pub fn sdk_config(&self) -> SdkConfig {
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "embedded-aws");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .service_config(self.clone())
            .build()
    }

    /// The same for another process: the environment variables that every AWS SDK reads.
    #[must_use]
    pub fn environment(&self) -> BTreeMap<String, String> {
        [
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
            ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
            ("AWS_REGION", REGION),
            ("AWS_ENDPOINT_URL", &self.other),
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.dynamodb),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}

/// How one [`SdkConfig`] sends DynamoDB's client to a port of its own.
impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        match (key.env(), key.service_id()) {
            ("AWS_ENDPOINT_URL", "DynamoDB") => Some(self.dynamodb.clone()),
            ("AWS_ENDPOINT_URL", _) => Some(self.other.clone()),
            _ => None,
        }
    }
}
