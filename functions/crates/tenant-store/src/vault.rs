//! The service users' tokens, in Secrets Manager: written, used and forgotten.

use std::fmt;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_secretsmanager::operation::delete_secret::DeleteSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use provisioning::TenantId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::Error;

/// One secret per tenant.
#[derive(Debug, Clone)]
pub struct Vault {
    client: Client,
    prefix: String,
}

/// A service user of a customer's HiBob: what authenticates a sync.
#[derive(Clone)]
pub struct ServiceUser {
    /// Its id.
    pub id: String,
    /// Its token.
    pub token: SecretString,
}

impl fmt::Debug for ServiceUser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServiceUser")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    service_user_id: &'a str,
    token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    service_user_id: String,
    token: SecretString,
}

impl Vault {
    /// The secrets whose names begin with a prefix.
    #[must_use]
    pub fn new(client: Client, prefix: impl Into<String>) -> Self {
        Self {
            client,
            prefix: prefix.into(),
        }
    }

    fn name(&self, tenant: &TenantId) -> String {
        format!("{}{tenant}", self.prefix)
    }

    /// A tenant's service user; [`Error::NoToken`] if there is none.
    pub async fn service_user(&self, tenant: &TenantId) -> Result<ServiceUser, Error> {
        const OPERATION: &str = "read a token";
        let sent = self
            .client
            .get_secret_value()
            .secret_id(self.name(tenant))
            .send()
            .await;
        let secret = sent.map_err(|error| match error.as_service_error() {
            // A secret that is marked for deletion is refused as an invalid request.
            Some(
                GetSecretValueError::ResourceNotFoundException(_)
                | GetSecretValueError::InvalidRequestException(_),
            ) => Error::NoToken,
            _ => Error::of(OPERATION)(error),
        })?;
        let malformed = || Error::Malformed { operation: OPERATION };
        let text = secret.secret_string.as_deref().ok_or_else(malformed)?;
        let read: Read = serde_json::from_str(text).map_err(|_| malformed())?;
        Ok(ServiceUser {
            id: read.service_user_id,
            token: read.token,
        })
    }

    /// Keeps a tenant's service user, in place of an earlier one.
    pub async fn put(&self, tenant: &TenantId, service_user: &ServiceUser) -> Result<(), Error> {
        const OPERATION: &str = "keep a token";
        let written = Written {
            service_user_id: &service_user.id,
            token: service_user.token.expose_secret(),
        };
        let secret =
            serde_json::to_string(&written).map_err(|_| Error::Malformed { operation: OPERATION })?;
        let put = self
            .client
            .put_secret_value()
            .secret_id(self.name(tenant))
            .secret_string(&secret);
        let Err(error) = put.clone().send().await else {
            return Ok(());
        };
        match error.as_service_error() {
            Some(PutSecretValueError::ResourceNotFoundException(_)) => {}
            // Its erasure is not over yet.
            Some(PutSecretValueError::InvalidRequestException(_)) => {
                return Err(Error::Unavailable {
                    operation: OPERATION,
                    source: error.into(),
                });
            }
            _ => return Err(Error::of(OPERATION)(error)),
        }
        let create = self
            .client
            .create_secret()
            .name(self.name(tenant))
            .secret_string(secret);
        let Err(error) = create.send().await else {
            return Ok(());
        };
        match error.as_service_error() {
            // Somebody else has created it meanwhile.
            Some(CreateSecretError::ResourceExistsException(_)) => {
                put.send().await.map_err(Error::of(OPERATION))?;
                Ok(())
            }
            Some(CreateSecretError::InvalidRequestException(_)) => Err(Error::Unavailable {
                operation: OPERATION,
                source: error.into(),
            }),
            _ => Err(Error::of(OPERATION)(error)),
        }
    }

    /// Destroys a tenant's token at once; it is no error if there is none.
    pub async fn erase(&self, tenant: &TenantId) -> Result<(), Error> {
        let delete = self
            .client
            .delete_secret()
            .secret_id(self.name(tenant))
            .force_delete_without_recovery(true);
        let Err(error) = delete.send().await else {
            return Ok(());
        };
        match error.as_service_error() {
            Some(DeleteSecretError::ResourceNotFoundException(_)) => Ok(()),
            _ => Err(Error::of("erase a token")(error)),
        }
    }
}
