//! Who was told what on which day, so that nobody is told twice.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use provisioning::TenantId;

use crate::erase::Erasure;
use crate::keys::{EXPIRES_AT, Item, Partition, instant, instant_text, number};
use crate::{AttentionCause, Error};

const KEPT_HOURS: i64 = 90 * 24;
const CLAIMED_AT: &str = "claimed_at";
const CLAIMANT: &str = "claimed_by";

/// The Notices table.
#[derive(Debug, Clone)]
pub struct Notices {
    client: Client,
    table: String,
}

impl Notices {
    /// What is in a table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Claims the right to tell a tenant of a cause on a date: true for the first who asks, false ever after. `claimant`
    /// is an id that no other attempt has: by it a claim is known again whose answer was lost.
    pub async fn claim(
        &self,
        tenant: &TenantId,
        cause: AttentionCause,
        date: Date,
        now: Timestamp,
        claimant: &str,
    ) -> Result<bool, Error> {
        let expires_at = now.checked_add(KEPT_HOURS.hours()).unwrap_or(now);
        let mut item = Partition::of(tenant).item(format!("NOTICE#{}#{date}", cause.key()));
        item.insert(CLAIMED_AT.to_owned(), instant(now));
        let claimant = AttributeValue::S(claimant.to_owned());
        item.insert(CLAIMANT.to_owned(), claimant.clone());
        item.insert(EXPIRES_AT.to_owned(), number(expires_at.as_second()));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item));
        let sent = put
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(true) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                Ok(failed.item().and_then(|item| item.get(CLAIMANT)) == Some(&claimant))
            }
            _ => Err(Error::of("claim a notice")(error)),
        }
    }

    /// Gives a claim back, because the notice was surely not sent.
    pub async fn release(&self, tenant: &TenantId, cause: AttentionCause, date: Date) -> Result<(), Error> {
        let key = Partition::of(tenant).item(format!("NOTICE#{}#{date}", cause.key()));
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key));
        delete.send().await.map_err(Error::of("give a notice back"))?;
        Ok(())
    }

    /// Erases what was noted of a tenant's notices until then; says how many they were.
    pub async fn erase(&self, tenant: &TenantId, claimed_until: Timestamp) -> Result<u32, Error> {
        let until = instant_text(claimed_until);
        let erasure = Erasure {
            client: &self.client,
            table: &self.table,
            tenant,
        };
        let is_meant = |item: &Item| {
            let claimed_at = item.get(CLAIMED_AT).and_then(|at| at.as_s().ok());
            claimed_at.is_none_or(|at| *at <= until)
        };
        erasure.erase("NOTICE#", "NOTICE$", &[CLAIMED_AT], is_meant).await
    }
}
