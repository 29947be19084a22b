//! How often HiBob has refused a tenant's credentials while admins were waiting. HiBob blocks an address that it refuses
//! too often, and all tenants share ours.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use provisioning::TenantId;

use crate::keys::{EXPIRES_AT, Partition, instant_text, number};
use crate::{Error, TenantStore};

/// Refusals are counted in spans of so many seconds.
const SPAN_SECONDS: i64 = 600;
/// So many in one span are more than mistyping; HiBob blocks after fifty within ten seconds.
const MOST_REFUSALS: u64 = 5;
const REFUSED: &str = "refused";

impl TenantStore {
    /// Counts a 401 that HiBob answered an admin's request with.
    pub async fn note_refusal(&self, tenant: &TenantId, now: Timestamp) -> Result<(), Error> {
        let span = span_of(now);
        let update = self.client.update_item().table_name(&self.table);
        update
            .set_key(Some(Partition::of(tenant).item(sort_key(span))))
            .update_expression("ADD #refused :one SET #expires_at = :expires_at")
            .expression_attribute_names("#refused", REFUSED)
            .expression_attribute_names("#expires_at", EXPIRES_AT)
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":expires_at", number(span.as_second() + 2 * SPAN_SECONDS))
            .send()
            .await
            .map_err(Error::of("count a refusal"))?;
        Ok(())
    }

    /// How long HiBob must not be asked for this tenant, because it has refused it too often; `None` if it may be asked.
    pub async fn must_wait(
        &self,
        tenant: &TenantId,
        now: Timestamp,
    ) -> Result<Option<SignedDuration>, Error> {
        let span = span_of(now);
        let item = self.item("read the refusals", tenant, &sort_key(span)).await?;
        let refused = item.and_then(|item| match item.get(REFUSED) {
            Some(AttributeValue::N(count)) => count.parse::<u64>().ok(),
            _ => None,
        });
        let next = span + SignedDuration::from_secs(SPAN_SECONDS);
        let wait = next.duration_since(now).max(SignedDuration::from_secs(1));
        Ok((refused.unwrap_or_default() >= MOST_REFUSALS).then_some(wait))
    }
}

/// When the span that an instant is in began.
fn span_of(at: Timestamp) -> Timestamp {
    let began = at.as_second() - at.as_second().rem_euclid(SPAN_SECONDS);
    Timestamp::from_second(began).unwrap_or(at)
}

fn sort_key(span: Timestamp) -> String {
    format!("REFUSED#{}", instant_text(span))
}
