//! Finding the tenants that are due.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::query::{QueryError, QueryOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use jiff::Timestamp;
use provisioning::{RunId, TenantId};
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::keys::{Item, instant, tenant_of};
use crate::{Error, TenantStore};

const OPERATION: &str = "find the tenants that are due";
const BY_DUE: &str = "by-due";
pub(crate) const DUE_SHARD: &str = "due_shard";
pub(crate) const NEXT_DUE_AT: &str = "next_due_at";

/// One of the parts that the index of due tenants is cut into, so that no part of it is hot when many are due at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard(u8);

impl Shard {
    const COUNT: u8 = 16;

    /// Every shard.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    /// The shard of a tenant, always the same.
    #[must_use]
    pub fn of(tenant: &TenantId) -> Self {
        let hash = XxHash3_64::oneshot(tenant.as_str().as_bytes());
        Self((hash % u64::from(Self::COUNT)).try_into().unwrap_or_default())
    }

    pub(crate) fn value(self) -> AttributeValue {
        AttributeValue::S(self.into())
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        format!("{:02}", shard.0)
    }
}

/// A text that names no shard.
#[derive(Debug, thiserror::Error)]
#[error("not a shard")]
pub struct InvalidShard;

impl TryFrom<String> for Shard {
    type Error = InvalidShard;

    fn try_from(text: String) -> Result<Self, InvalidShard> {
        Self::all()
            .find(|&shard| String::from(shard) == text)
            .ok_or(InvalidShard)
    }
}

/// The runs that are due in a shard, page by page, the longest due first.
#[derive(Debug)]
pub struct DueRuns(PaginationStream<Result<QueryOutput, SdkError<QueryError>>>);

impl DueRuns {
    /// The next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Vec<RunId>, Error>> {
        let page = self.0.next().await?.map_err(Error::of(OPERATION));
        Some(page.and_then(|page| page.items.unwrap_or_default().iter().map(run).collect()))
    }
}

fn run(item: &Item) -> Result<RunId, Error> {
    let due_at = item.get(NEXT_DUE_AT).and_then(|at| at.as_s().ok()?.parse().ok());
    match (tenant_of(item), due_at) {
        (Some(tenant), Some(due_at)) => Ok(RunId { tenant, due_at }),
        _ => Err(Error::Malformed { operation: OPERATION }),
    }
}

impl TenantStore {
    /// The runs of a shard that are due at `until`.
    #[must_use]
    pub fn due(&self, shard: Shard, until: Timestamp) -> DueRuns {
        let query = self.client.query().table_name(&self.table).index_name(BY_DUE);
        let pages = query
            .key_condition_expression("#shard = :shard AND #due <= :until")
            .expression_attribute_names("#shard", DUE_SHARD)
            .expression_attribute_names("#due", NEXT_DUE_AT)
            .expression_attribute_values(":shard", shard.value())
            .expression_attribute_values(":until", instant(until))
            .into_paginator();
        DueRuns(pages.send())
    }
}
