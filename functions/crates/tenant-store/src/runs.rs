//! The history of runs.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::{QueryError, QueryOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use jiff::{Timestamp, ToSpan};
use provisioning::{RunId, TenantId};

use crate::erase::Erasure;
use crate::item::{from_item, to_item};
use crate::keys::{EXPIRES_AT, Item, Partition, SK, instant_text, number};
use crate::{ChangeLog, Error, RunRecord, RunRows};

const READ: &str = "read the history of runs";
pub(crate) const WRITE: &str = "record a run";
const KEPT_HOURS: i64 = 90 * 24;

/// The Runs table.
#[derive(Debug, Clone)]
pub struct RunHistory {
    pub(crate) client: Client,
    pub(crate) table: String,
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
        Ok(self.page(tenant, limit, None, now).await?.0)
    }

    /// The records of a tenant's runs that were due before an instant, the latest first; and the instant to ask for the
    /// next page with, if there is one.
    pub async fn page(
        &self,
        tenant: &TenantId,
        limit: u8,
        before: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(Vec<RunRecord>, Option<Timestamp>), Error> {
        let limit = usize::from(limit.max(1));
        let partition = Partition::of(tenant);
        let mut start = before.map(|before| partition.item(record_key(before)));
        let mut records: Vec<RunRecord> = Vec::new();
        loop {
            let query = self.client.query().table_name(&self.table);
            let page = query
                .scan_index_forward(false)
                // One more tells whether there is a next page.
                .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":pk", partition.value())
                .expression_attribute_values(":prefix", AttributeValue::S(RECORD.to_owned()))
                .send()
                .await
                .map_err(Error::of(READ))?;
            for item in page.items.unwrap_or_default() {
                if !has_expired(&item, now) {
                    records.push(from_item(READ, item)?);
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() || records.len() > limit {
                break;
            }
        }
        let has_more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| has_more).map(|last| last.due_at);
        Ok((records, next))
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

    /// Some hundred rows of a run, from where the last page ended; and where this one does, if there are more.
    pub async fn rows_page(
        &self,
        run: &RunId,
        cursor: Option<&str>,
    ) -> Result<(RunRows, Option<String>), Error> {
        if cursor.is_some_and(|cursor| !is_cursor(cursor)) {
            return Err(Error::UnknownPage);
        }
        let prefix = changes_prefix(run.due_at);
        let partition = Partition::of(&run.tenant);
        let start = cursor.map(|cursor| partition.item(format!("{prefix}{}", cursor.replace('-', "#"))));
        let query = self.client.query().table_name(&self.table).limit(1);
        let page = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", partition.value())
            .expression_attribute_values(":prefix", AttributeValue::S(prefix.clone()))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(Error::of(READ))?;
        let next = page.last_evaluated_key.as_ref().and_then(|key| {
            let rest = key.get(SK)?.as_s().ok()?.strip_prefix(&prefix)?;
            Some(rest.replace('#', "-"))
        });
        Ok((rows_of_items(page.items.unwrap_or_default())?, next))
    }

    /// Erases what is recorded of a tenant's runs that were due until then; says how many items it was.
    pub async fn erase(&self, tenant: &TenantId, due_until: Timestamp) -> Result<u32, Error> {
        let erasure = Erasure {
            client: &self.client,
            table: &self.table,
            tenant,
        };
        let all = |_: &Item| true;
        let rows = format!("{ROWS}{}$", instant_text(due_until));
        let rows = erasure.erase(ROWS, &rows, &[], all).await?;
        Ok(rows + erasure.erase(RECORD, &record_key(due_until), &[], all).await?)
    }
}

fn rows_of_items(items: Vec<Item>) -> Result<RunRows, Error> {
    let mut rows = RunRows::default();
    for item in items {
        let RunRows { changes, held, skips } = from_item(READ, item)?;
        rows.changes.extend(changes);
        rows.held.extend(held);
        rows.skips.extend(skips);
    }
    Ok(rows)
}

/// The end of a key of rows: a fence and a number.
fn is_cursor(text: &str) -> bool {
    let is_number =
        |text: &str, digits| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-')
        .is_some_and(|(fence, number)| is_number(fence, 10) && is_number(number, 5))
}

/// The rows of a run, page by page.
#[derive(Debug)]
pub struct RunPages(PaginationStream<Result<QueryOutput, SdkError<QueryError>>>);

impl RunPages {
    /// The next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<RunRows, Error>> {
        let page = self.0.next().await?.map_err(Error::of(READ));
        Some(page.and_then(|page| rows_of_items(page.items.unwrap_or_default())))
    }
}

const RECORD: &str = "RUN#";
/// Apart from the records, so that listing those does not read every row.
const ROWS: &str = "CHANGES#";

fn record_key(due_at: Timestamp) -> String {
    format!("{RECORD}{}", instant_text(due_at))
}

pub(crate) fn changes_prefix(due_at: Timestamp) -> String {
    format!("{ROWS}{}#", instant_text(due_at))
}

pub(crate) fn expires_at(due_at: Timestamp) -> AttributeValue {
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
