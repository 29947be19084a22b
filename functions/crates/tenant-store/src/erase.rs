//! Erasing what a tenant leaves behind.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use provisioning::TenantId;

use crate::Error;
use crate::keys::{Item, PK, Partition, SK};

const OPERATION: &str = "erase a tenant's items";
/// `BatchWriteItem` takes no more.
const ITEMS_PER_REQUEST: usize = 25;
/// A throttled table is asked so often, each time after a longer pause.
const MOST_TRIES: u32 = 8;

/// Some of a tenant's items in one table.
pub(crate) struct Erasure<'a> {
    pub(crate) client: &'a Client,
    pub(crate) table: &'a str,
    pub(crate) tenant: &'a TenantId,
}

impl Erasure<'_> {
    /// Deletes the items whose sort keys lie from `first` to `last` and that `is_meant` does not spare; says how many. Only
    /// keys and `attributes` are read.
    pub(crate) async fn erase(
        &self,
        first: &str,
        last: &str,
        attributes: &[&str],
        is_meant: impl Fn(&Item) -> bool,
    ) -> Result<u32, Error> {
        let projection = [&[PK, SK], attributes].concat().join(", ");
        let mut pages = self
            .client
            .query()
            .table_name(self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", Partition::of(self.tenant).value())
            .expression_attribute_values(":first", AttributeValue::S(first.to_owned()))
            .expression_attribute_values(":last", AttributeValue::S(last.to_owned()))
            .projection_expression(projection)
            .into_paginator()
            .send();
        let mut erased = 0;
        while let Some(page) = pages.next().await {
            let mut items = page.map_err(Error::of(OPERATION))?.items.unwrap_or_default();
            items.retain(&is_meant);
            for items in items.chunks(ITEMS_PER_REQUEST) {
                self.delete(items).await?;
                erased += u32::try_from(items.len()).unwrap_or(u32::MAX);
            }
        }
        Ok(erased)
    }

    async fn delete(&self, items: &[Item]) -> Result<(), Error> {
        let mut pending = Vec::with_capacity(items.len());
        for item in items {
            let key = |(name, _): &(&String, _)| *name == PK || *name == SK;
            let key = item
                .iter()
                .filter(key)
                .map(|(name, value)| (name.clone(), value.clone()));
            let delete = DeleteRequest::builder().set_key(Some(key.collect())).build();
            let delete = delete.map_err(|error| Error::unbuilt(OPERATION, error))?;
            pending.push(WriteRequest::builder().delete_request(delete).build());
        }
        for tries in 0..MOST_TRIES {
            let requests = HashMap::from([(self.table.to_owned(), pending)]);
            let write = self.client.batch_write_item().set_request_items(Some(requests));
            let answer = write.send().await.map_err(Error::of(OPERATION))?;
            let left = answer.unprocessed_items.into_iter().flatten();
            pending = left.flat_map(|(_, requests)| requests).collect();
            if pending.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50 << tries)).await;
        }
        Err(Error::Unavailable {
            operation: OPERATION,
            source: "the table throttles".into(),
        })
    }
}
