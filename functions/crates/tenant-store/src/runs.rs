//! The history of runs.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::{QueryError, QueryOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use jiff::{Timestamp, ToSpan};
use provisioning::{RunId, Skip, TenantId};

use crate::item::{from_item, to_item};
use crate::keys::{EXPIRES_AT, Item, Partition, instant_text, number};
use crate::{ChangeRow, Error, RunRecord, RunRows};

const READ: &str = "read the history of runs";
const WRITE: &str = "record a run";
const KEPT_HOURS: i64 = 90 * 24;

/// Rows of one item. With the size below, and a person's rows being small, far from DynamoDB's 400 KB.
const ROWS_PER_ITEM: usize = 250;
const BYTES_PER_ITEM: usize = 250_000;

/// The Runs table.
#[derive(Debug, Clone)]
pub struct RunHistory {
    client: Client,
    table: String,
}

impl RunHistory {
    /// What is in a table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Writes a run's record, in place of what an earlier attempt wrote. A record written under a later lease stays, and
    /// this is [`Error::LeaseLost`].
    pub async fn record(&self, tenant: &TenantId, fence: u64, record: &RunRecord) -> Result<(), Error> {
        let mut item = to_item(WRITE, record)?;
        item.extend(Partition::of(tenant).item(record_key(record.due_at)));
        item.insert("fence".to_owned(), number(fence));
        item.insert(EXPIRES_AT.to_owned(), expires_at(record.due_at));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item));
        let sent = put
            .condition_expression("attribute_not_exists(fence) OR fence <= :fence")
            .expression_attribute_values(":fence", number(fence))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(_)) => Err(Error::LeaseLost),
            _ => Err(Error::of(WRITE)(error)),
        }
    }

    /// Where a run's rows are written under one lease.
    #[must_use]
    pub fn change_log(&self, run: &RunId, fence: u64) -> ChangeLog {
        ChangeLog {
            history: self.clone(),
            run: run.clone(),
            fence,
            items: 0,
        }
    }

    /// The record of a run.
    pub async fn run(&self, run: &RunId, now: Timestamp) -> Result<Option<RunRecord>, Error> {
        let key = Partition::of(&run.tenant).item(record_key(run.due_at));
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key))
            .consistent_read(true);
        let item = get
            .send()
            .await
            .map_err(Error::of(READ))?
            .item
            .filter(|item| !has_expired(item, now));
        item.map(|item| from_item(READ, item)).transpose()
    }

    /// The records of a tenant's last runs, the latest first.
    pub async fn latest(
        &self,
        tenant: &TenantId,
        limit: u8,
        now: Timestamp,
    ) -> Result<Vec<RunRecord>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .scan_index_forward(false)
            .limit(limit.max(1).into());
        let page = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", Partition::of(tenant).value())
            .expression_attribute_values(":prefix", AttributeValue::S(RECORD.to_owned()))
            .send()
            .await
            .map_err(Error::of(READ))?;
        let items = page
            .items
            .unwrap_or_default()
            .into_iter()
            .filter(|item| !has_expired(item, now));
        items.map(|item| from_item(READ, item)).collect()
    }

    /// The rows of a run, of all its attempts in their order.
    #[must_use]
    pub fn rows(&self, run: &RunId) -> RunPages {
        let query = self.client.query().table_name(&self.table);
        let pages = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", Partition::of(&run.tenant).value())
            .expression_attribute_values(":prefix", AttributeValue::S(changes_prefix(run.due_at)))
            .into_paginator();
        RunPages(pages.send())
    }
}

/// Writes the rows of a run, each before the change it names is made, so that nothing is ever changed without a trace.
#[derive(Debug)]
pub struct ChangeLog {
    history: RunHistory,
    run: RunId,
    fence: u64,
    items: u32,
}

impl ChangeLog {
    /// Writes rows.
    pub async fn write(&mut self, changes: Vec<ChangeRow>, skips: Vec<Skip>) -> Result<(), Error> {
        let mut rows = RunRows::default();
        let mut bytes = 0;
        for change in changes {
            if rows.changes.len() == ROWS_PER_ITEM || bytes + change.size() > BYTES_PER_ITEM {
                self.write_item(std::mem::take(&mut rows)).await?;
                bytes = 0;
            }
            bytes += change.size();
            rows.changes.push(change);
        }
        self.write_item(rows).await?;
        for skips in skips.chunks(ROWS_PER_ITEM) {
            self.write_item(RunRows {
                changes: Vec::new(),
                skips: skips.to_vec(),
            })
            .await?;
        }
        Ok(())
    }

    async fn write_item(&mut self, rows: RunRows) -> Result<(), Error> {
        if rows == RunRows::default() {
            return Ok(());
        }
        let sort = format!(
            "{}{:010}#{:05}",
            changes_prefix(self.run.due_at),
            self.fence,
            self.items
        );
        let mut item = to_item(WRITE, &rows)?;
        item.extend(Partition::of(&self.run.tenant).item(sort));
        item.insert(EXPIRES_AT.to_owned(), expires_at(self.run.due_at));
        let put = self
            .history
            .client
            .put_item()
            .table_name(&self.history.table)
            .set_item(Some(item));
        put.send().await.map_err(Error::of(WRITE))?;
        self.items += 1;
        Ok(())
    }
}

/// The rows of a run, page by page.
#[derive(Debug)]
pub struct RunPages(PaginationStream<Result<QueryOutput, SdkError<QueryError>>>);

impl RunPages {
    /// The next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<RunRows, Error>> {
        let page = self.0.next().await?.map_err(Error::of(READ));
        Some(page.and_then(|page| {
            let mut rows = RunRows::default();
            for item in page.items.unwrap_or_default() {
                let RunRows { changes, skips } = from_item(READ, item)?;
                rows.changes.extend(changes);
                rows.skips.extend(skips);
            }
            Ok(rows)
        }))
    }
}

const RECORD: &str = "RUN#";

fn record_key(due_at: Timestamp) -> String {
    format!("{RECORD}{}", instant_text(due_at))
}

/// Apart from the records, so that listing those does not read every row.
fn changes_prefix(due_at: Timestamp) -> String {
    format!("CHANGES#{}#", instant_text(due_at))
}

fn expires_at(due_at: Timestamp) -> AttributeValue {
    number(
        due_at
            .checked_add(KEPT_HOURS.hours())
            .unwrap_or(due_at)
            .as_second(),
    )
}

fn has_expired(item: &Item, now: Timestamp) -> bool {
    let expires_at: Option<i64> = item.get(EXPIRES_AT).and_then(|at| at.as_n().ok()?.parse().ok());
    expires_at.is_some_and(|at| at <= now.as_second())
}
