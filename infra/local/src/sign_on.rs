//! Single sign-on with keys made for this machine.

use std::sync::{LazyLock, Mutex, PoisonError};

use aws_sdk_secretsmanager::Client;
use axum::Router;
use embedded_aws::Provisioned;
use serde_json::json;
use sign_in_store::SsoSettingsStore;
use stand_in_idp::Signer;
use startup::Clock;

use crate::system::{StartError, environment};

/// Logical id in the template.
pub(crate) const SSO_API: &str = "SsoApiFunction";

/// What the template puts where the key will be.
const NO_KEY: &str = "{}";

/// The function, and the settings that it reads.
pub(crate) async fn start(
    aws: &aws_types::SdkConfig,
    provisioned: &Provisioned,
    clock: Clock,
) -> Result<(Router, SsoSettingsStore), StartError> {
    let config = sso_api::Config::read(environment(provisioned, SSO_API))?;
    let dynamodb = aws_sdk_dynamodb::Client::new(aws);
    let secrets = Client::new(aws);
    put_signing_key(&secrets, &config.signing_key_secret).await?;
    let settings = SsoSettingsStore::new(dynamodb.clone(), &config.sso_settings_table);
    let clients = sso_api::AwsClients { dynamodb, secrets };
    let api = sso_api::SsoApi::new(clients, config, clock).await?;
    Ok((sso_api::router(api), settings))
}

/// Does what an operator does once, unless a key is there from an earlier time.
async fn put_signing_key(secrets: &Client, secret: &str) -> Result<(), StartError> {
    let refused = |error: aws_sdk_secretsmanager::Error| StartError::SigningKey(Box::new(error));
    let kept = secrets.get_secret_value().secret_id(secret).send().await;
    let kept = kept.map_err(|error| refused(error.into()))?;
    if kept.secret_string() != Some(NO_KEY) {
        return Ok(());
    }
    let put = secrets.put_secret_value().secret_id(secret);
    let put = put.secret_string(signing_key()?).send().await;
    put.map(drop).map_err(|error| refused(error.into()))
}

/// The key of all systems in this process: making one takes a while.
fn signing_key() -> Result<String, StartError> {
    static KEY: LazyLock<Mutex<Option<String>>> = LazyLock::new(Mutex::default);
    let mut known = KEY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = &*known {
        return Ok(key.clone());
    }
    let signer = Signer::generate()?;
    let key = json!({"privateKey": signer.private_key_pem(), "certificate": signer.certificate_pem()});
    Ok(known.insert(key.to_string()).clone())
}
