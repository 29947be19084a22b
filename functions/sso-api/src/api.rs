//! What the handlers share, made once.

use std::time::Duration;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use provisioning::TenantId;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::SecretString;
use serde::Deserialize;
use sign_in_store::{SignIns, SsoSettingsStore};
use single_sign_on::{
    IdentityProvider, InvalidAddress, InvalidKey, PendingSeal, PortalAddresses, SecretTooShort,
    ServiceProvider, SigningKey, SsoSettings,
};
use startup::{Chain, Clock, Metrics, Unit};
use team_directory::TeamDirectory;
use tracing::error;

use crate::Config;
use crate::denial::Denial;

/// The SDK's clients, one of each per process.
#[derive(Debug, Clone)]
pub struct AwsClients {
    /// For the tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// For the two keys.
    pub secrets: aws_sdk_secretsmanager::Client,
}

/// What the handlers work with.
#[derive(Debug)]
pub struct SsoApi {
    pub(crate) settings: SsoSettingsStore,
    pub(crate) sign_ins: SignIns,
    pub(crate) teams: TeamDirectory,
    pub(crate) service: ServiceProvider,
    pub(crate) seal: PendingSeal,
    pub(crate) portals: PortalAddresses,
    pub(crate) backend: String,
    pub(crate) settings_page_url: String,
    pub(crate) clock: Clock,
    random: SystemRandom,
}

/// Why the function cannot start. Shows no secret.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A secret cannot be read.
    #[error("the secret `{name}` cannot be read")]
    SecretUnreadable {
        /// Its name.
        name: String,
        /// The SDK's error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A secret holds no text, or not a key with its certificate.
    #[error("the secret `{name}` does not hold a key")]
    SecretMalformed {
        /// Its name.
        name: String,
    },
    /// The cookies' key.
    #[error(transparent)]
    CookieKey(#[from] SecretTooShort),
    /// The key that signs requests.
    #[error(transparent)]
    SigningKey(#[from] InvalidKey),
    /// Ours, or a portal's.
    #[error("an address in the environment cannot be used")]
    Address(#[from] InvalidAddress),
}

/// For how long an operation of AWS's is waited for, repetitions included. Somebody at a browser would rather hear that it
/// does not work than wait for as long as the gateway does.
const PATIENCE: Duration = Duration::from_secs(5);

/// The system gives no random bits.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bits")]
pub(crate) struct NoRandomBits;

impl SsoApi {
    /// The API over clients, whose operations are given up after five seconds. Reads the two secrets, once: a changed one
    /// counts from the next start. Without a usable key for requests it does all that needs none.
    pub async fn new(aws: AwsClients, config: Config, clock: Clock) -> Result<Self, StartError> {
        let aws = aws.impatient();
        let (cookie_key, signing_key) = tokio::join!(
            secret(&aws.secrets, &config.cookie_key_secret),
            signing_key(&aws.secrets, &config.signing_key_secret),
        );
        let cookie_key = cookie_key?;
        let signing_key = signing_key.unwrap_or_else(|error| {
            error!(error = %Chain(&error), "no request is signed");
            let metrics = Metrics::new("sso-api").metric("SigningKeyUnusable", 1, Unit::Count);
            metrics.emit(clock.now());
            None
        });
        let [admin, reports, rewards] = &config.portals;
        Ok(Self {
            settings: SsoSettingsStore::new(aws.dynamodb.clone(), config.sso_settings_table),
            sign_ins: SignIns::new(aws.dynamodb.clone(), config.sign_ins_table),
            teams: TeamDirectory::new(aws.dynamodb, config.accounts_table),
            service: ServiceProvider::new(&config.sign_on_url, signing_key)?,
            seal: PendingSeal::new(&cookie_key.into())?,
            portals: PortalAddresses::new(admin, reports, rewards)?,
            backend: config.portal_backend_subject,
            settings_page_url: config.settings_page_url,
            clock,
            random: SystemRandom::new(),
        })
    }

    /// Bits that nobody can guess.
    pub(crate) fn random<const BYTES: usize>(&self) -> Result<[u8; BYTES], NoRandomBits> {
        let mut bits = [0; BYTES];
        self.random.fill(&mut bits).map_err(|_| NoRandomBits)?;
        Ok(bits)
    }

    /// A tenant's settings with its provider. A tenant without one is answered like one that there is not. That a company
    /// signs on here is plain, in the nature of links, to whoever has one that works.
    pub(crate) async fn provider(
        &self,
        tenant: &TenantId,
    ) -> Result<(SsoSettings, IdentityProvider), Denial> {
        let mut settings = self.settings.read(tenant).await?.value;
        let provider = settings.provider.take().ok_or(Denial::NotOffered)?;
        Ok((settings, provider))
    }
}

impl AwsClients {
    fn impatient(&self) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
        let dynamodb = self
            .dynamodb
            .config()
            .to_builder()
            .timeout_config(timeouts.clone());
        let secrets = self.secrets.config().to_builder().timeout_config(timeouts);
        Self {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
            secrets: aws_sdk_secretsmanager::Client::from_conf(secrets.build()),
        }
    }
}

async fn secret(client: &aws_sdk_secretsmanager::Client, name: &str) -> Result<String, StartError> {
    let name = name.to_owned();
    match client.get_secret_value().secret_id(&name).send().await {
        Ok(output) => output.secret_string.ok_or(StartError::SecretMalformed { name }),
        Err(error) => Err(StartError::SecretUnreadable {
            name,
            source: error.into(),
        }),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeyPair {
    private_key: SecretString,
    certificate: String,
}

/// An empty object is the secret of somebody who signs nothing.
async fn signing_key(
    client: &aws_sdk_secretsmanager::Client,
    name: &str,
) -> Result<Option<SigningKey>, StartError> {
    let secret = secret(client, name).await?;
    if secret.split_whitespace().collect::<String>() == "{}" {
        return Ok(None);
    }
    // The cause may repeat what is in the secret.
    let pair: KeyPair = serde_json::from_str(&secret).map_err(|_| StartError::SecretMalformed {
        name: name.to_owned(),
    })?;
    Ok(Some(SigningKey::from_pem(&pair.private_key, &pair.certificate)?))
}
