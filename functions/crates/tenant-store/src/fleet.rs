//! How HiBob treats all tenants together, so that a fault on its side is not taken for everybody's revoked token.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan};

use crate::keys::{EXPIRES_AT, Item, Partition, number};
use crate::{Error, TenantStore};

const REFUSALS: &str = "REFUSALS";
const KEPT_HOURS: i64 = 48;

/// Runs of some hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FleetRuns {
    /// Runs that HiBob answered, and those that it refused for the first time.
    pub runs: u64,
    /// Those that it refused for the first time.
    pub refused: u64,
}

impl TenantStore {
    /// Counts a run of the hour of `now`.
    pub async fn note_run(&self, now: Timestamp, refused: bool) -> Result<(), Error> {
        const OPERATION: &str = "count a run";
        let expires_at = now.checked_add(KEPT_HOURS.hours()).unwrap_or(now);
        let update = self.client.update_item().table_name(&self.table);
        update
            .set_key(Some(Partition::fleet(now).item(REFUSALS)))
            .update_expression(
                "ADD runs :one, refused :refused SET #expires_at = if_not_exists(#expires_at, :expires_at)",
            )
            .expression_attribute_names("#expires_at", EXPIRES_AT)
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":refused", number(i8::from(refused)))
            .expression_attribute_values(":expires_at", number(expires_at.as_second()))
            .send()
            .await
            .map_err(Error::of(OPERATION))?;
        Ok(())
    }

    /// The runs of the hour of `now` and of so many hours before.
    pub async fn fleet_runs(&self, now: Timestamp, hours_before: u8) -> Result<FleetRuns, Error> {
        let mut total = FleetRuns::default();
        for hour in 0..=hours_before {
            let Ok(at) = now.checked_sub(i64::from(hour).hours()) else {
                break;
            };
            let key = Partition::fleet(at).item(REFUSALS);
            let get = self
                .client
                .get_item()
                .table_name(&self.table)
                .set_key(Some(key))
                .consistent_read(true);
            let item = get
                .send()
                .await
                .map_err(Error::of("read the count of runs"))?
                .item
                .unwrap_or_default();
            total.runs += count(&item, "runs");
            total.refused += count(&item, "refused");
        }
        Ok(total)
    }
}

fn count(item: &Item, attribute: &str) -> u64 {
    match item.get(attribute) {
        Some(AttributeValue::N(count)) => count.parse().unwrap_or_default(),
        _ => 0,
    }
}
