//! A tenant's settings, as its admins save them.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;
use provisioning::TenantId;
use single_sign_on::SsoSettings;

use crate::keys::{self, Item, instant, number, text};
use crate::{Error, SaveError};

const VERSION: &str = "version";
const DOCUMENT: &str = "document";
const UPDATED_AT: &str = "updated_at";

/// The table `SsoSettings`.
#[derive(Debug, Clone)]
pub struct SsoSettingsStore {
    client: Client,
    table: String,
}

/// A value with the version that the next save must name, so that two admins do not overwrite each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// 0 if nothing is saved; rises with every save.
    pub version: u64,
    /// What was saved.
    pub value: T,
}

impl SsoSettingsStore {
    /// What is in a table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// A tenant's settings as they are at this moment; those of a tenant that has none are switched off.
    pub async fn read(&self, tenant: &TenantId) -> Result<Versioned<SsoSettings>, Error> {
        const OPERATION: &str = "read the settings of single sign-on";
        let get = self.client.get_item().table_name(&self.table);
        let get = get.set_key(Some(keys::settings(tenant))).consistent_read(true);
        let Some(item) = get.send().await.map_err(Error::of(OPERATION))?.item else {
            return Ok(Versioned {
                version: 0,
                value: SsoSettings::default(),
            });
        };
        versioned(&item).ok_or(Error::Malformed { operation: OPERATION })
    }

    /// Replaces settings that nobody has replaced since they were read with version `expected`. Gives the new version. The
    /// first one is the instant in seconds, so that settings which were erased and entered anew never have a version that a
    /// page from before may still name.
    pub async fn save(
        &self,
        tenant: &TenantId,
        settings: &SsoSettings,
        expected: u64,
        now: Timestamp,
    ) -> Result<u64, SaveError> {
        const OPERATION: &str = "save the settings of single sign-on";
        let document =
            serde_json::to_string(settings).map_err(|_| Error::Malformed { operation: OPERATION })?;
        let version = match expected {
            0 => u64::try_from(now.as_second()).unwrap_or_default().max(1),
            _ => expected.saturating_add(1),
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(keys::settings(tenant)))
            .item(VERSION, number(version))
            .item(DOCUMENT, text(document))
            .item(UPDATED_AT, instant(now));
        let put = if expected == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("#version = :expected")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":expected", number(expected))
        };
        let Err(error) = put.send().await else {
            return Ok(version);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(_)) => Err(SaveError::Outdated),
            _ => Err(Error::of(OPERATION)(error).into()),
        }
    }

    /// Forgets a tenant's settings, so that nobody signs in this way any more. Tells whether there were any.
    pub async fn erase(&self, tenant: &TenantId) -> Result<bool, Error> {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete
            .set_key(Some(keys::settings(tenant)))
            .return_values(ReturnValue::AllOld);
        let sent = delete.send().await;
        let erased = sent.map_err(Error::of("erase the settings of single sign-on"))?;
        Ok(erased.attributes.is_some())
    }
}

fn versioned(item: &Item) -> Option<Versioned<SsoSettings>> {
    let AttributeValue::N(version) = item.get(VERSION)? else {
        return None;
    };
    Some(Versioned {
        version: version.parse().ok()?,
        value: serde_json::from_str(item.get(DOCUMENT)?.as_s().ok()?).ok()?,
    })
}
