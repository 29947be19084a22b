//! Keys, which only a [`TenantId`] can make: one tenant's code cannot name another tenant's item.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use provisioning::TenantId;

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) const PK: &str = "pk";
pub(crate) const SK: &str = "sk";
/// Seconds since 1970, after which DynamoDB may sweep an item of any table.
pub(crate) const EXPIRES_AT: &str = "expires_at";

pub(crate) const CONNECTION: &str = "CONNECTION";
pub(crate) const MAPPING: &str = "MAPPING";
pub(crate) const RUN_STATE: &str = "RUNSTATE";
pub(crate) const PROOF: &str = "PROOF";

const TENANT: &str = "TENANT#";

/// The partition of one tenant's items, or of what is counted over all tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partition(String);

impl Partition {
    pub(crate) fn of(tenant: &TenantId) -> Self {
        Self(format!("{TENANT}{tenant}"))
    }

    /// What all tenants' runs of one hour, in UTC, have in common.
    pub(crate) fn fleet(hour: Timestamp) -> Self {
        Self(format!("FLEET#{}", hour.strftime("%Y-%m-%dT%H")))
    }

    pub(crate) fn value(&self) -> AttributeValue {
        AttributeValue::S(self.0.clone())
    }

    pub(crate) fn item(&self, sort: impl Into<String>) -> Item {
        HashMap::from([
            (PK.to_owned(), self.value()),
            (SK.to_owned(), AttributeValue::S(sort.into())),
        ])
    }
}

/// The tenant whose partition an item is in.
pub(crate) fn tenant_of(item: &Item) -> Option<TenantId> {
    item.get(PK)?.as_s().ok()?.strip_prefix(TENANT)?.parse().ok()
}

/// The second that an instant lies in.
pub(crate) fn to_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// An instant as text in UTC, to the second, which sorts as time does.
pub(crate) fn instant_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(crate) fn instant(at: Timestamp) -> AttributeValue {
    AttributeValue::S(instant_text(at))
}

pub(crate) fn number(number: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}
