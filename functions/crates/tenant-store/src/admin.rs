//! The connection as its admin saves it, and what that does to the runs.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use jiff::Timestamp;
use provisioning::TenantId;
use serde::de::DeserializeOwned;

use crate::due::Shard;
use crate::item::{from_item, to_item};
use crate::keys::{CONNECTION, Item, Partition, RUN_STATE, instant, number};
use crate::{Connection, Error, TenantStore, Versioned};

pub(crate) const VERSION: &str = "version";

/// What saving a connection does to the state of its runs.
enum Schedule {
    /// Due next at this instant.
    At(Timestamp),
    /// No longer due; a run under way is voided.
    Never,
}

impl TenantStore {
    /// A tenant's connection.
    pub async fn connection(&self, tenant: &TenantId) -> Result<Option<Versioned<Connection>>, Error> {
        const OPERATION: &str = "read a connection";
        let Some(item) = self.item(OPERATION, tenant, CONNECTION).await? else {
            return Ok(None);
        };
        versioned(OPERATION, item, |item| from_item(OPERATION, item)).map(Some)
    }

    /// Connects a tenant: its nights begin with the next one if the connection is enabled. Whatever runs remembered of
    /// an earlier connection is forgotten, but for the fence.
    pub async fn create_connection(
        &self,
        tenant: &TenantId,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<Versioned<Connection>, Error> {
        let put = self.put_connection(tenant, connection, None)?;
        let schedule = schedule(connection, None, now);
        let forget = [
            "history",
            "suspicion",
            "attention",
            "run_due_at",
            "run_trigger",
            "run_attempts",
            "run_done",
            "cleared_mapping_version",
        ];
        let update = self.reschedule(tenant, &schedule, true, &forget)?;
        let taken = Error::AlreadyConnected;
        self.save_together(vec![put, update], taken).await?;
        Ok(Versioned {
            version: 1,
            value: connection.clone(),
        })
    }

    /// Replaces a connection that nobody has replaced since it was read. Disabling it voids a run under way; only a
    /// change of the night, or enabling, moves the next due instant, so that no other save can skip a night.
    pub async fn save_connection(
        &self,
        tenant: &TenantId,
        read: &Versioned<Connection>,
        connection: Connection,
        now: Timestamp,
    ) -> Result<Versioned<Connection>, Error> {
        let mut writes = vec![self.put_connection(tenant, &connection, Some(read.version))?];
        if connection.enabled != read.value.enabled || connection.night != read.value.night {
            let state = self.run_state(tenant).await?.unwrap_or_default();
            let schedule = schedule(&connection, state.last_night_at, now);
            let voids = matches!(schedule, Schedule::Never);
            writes.push(self.reschedule(tenant, &schedule, voids, &[])?);
        }
        self.save_together(
            writes,
            Error::VersionChanged {
                expected: read.version,
            },
        )
        .await?;
        Ok(Versioned {
            version: read.version + 1,
            value: connection,
        })
    }

    /// Keeps the company's id, which was not known when the tenant connected.
    pub async fn set_company_id(
        &self,
        tenant: &TenantId,
        read: &Versioned<Connection>,
        company_id: String,
        now: Timestamp,
    ) -> Result<Versioned<Connection>, Error> {
        let connection = Connection {
            company_id: Some(company_id),
            ..read.value.clone()
        };
        self.save_connection(tenant, read, connection, now).await
    }

    /// Voids a run under way and forgets what HiBob said about the old token. To be called after the vault has the new.
    pub async fn token_replaced(&self, tenant: &TenantId) -> Result<(), Error> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(RUN_STATE)))
            .update_expression("SET fence = fence + :one REMOVE suspicion, attention")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":one", number(1))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Err(Error::NotConnected),
            _ => Err(Error::of("note a new token")(error)),
        }
    }

    /// One of a tenant's items, as it is at this moment.
    pub(crate) async fn item(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        sort: &str,
    ) -> Result<Option<Item>, Error> {
        let key = Partition::of(tenant).item(sort);
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key))
            .consistent_read(true);
        Ok(get.send().await.map_err(Error::of(operation))?.item)
    }

    fn put_connection(
        &self,
        tenant: &TenantId,
        connection: &Connection,
        read: Option<u64>,
    ) -> Result<TransactWriteItem, Error> {
        let mut item = to_item(SAVE_CONNECTION, connection)?;
        item.extend(Partition::of(tenant).item(CONNECTION));
        stamp(&mut item, read);
        let mut put = Put::builder().table_name(&self.table).set_item(Some(item));
        put = match read {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(read) => put
                .condition_expression("#version = :read")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":read", number(read)),
        };
        let put = put
            .build()
            .map_err(|error| Error::unbuilt(SAVE_CONNECTION, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    fn reschedule(
        &self,
        tenant: &TenantId,
        schedule: &Schedule,
        voids: bool,
        forget: &[&str],
    ) -> Result<TransactWriteItem, Error> {
        let mut sets = vec!["fence = if_not_exists(fence, :zero) + :raise"];
        let mut removes = forget.to_vec();
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(RUN_STATE)))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":raise", number(i8::from(voids)));
        match schedule {
            Schedule::At(due_at) => {
                sets.extend(["due_shard = :shard", "next_due_at = :due"]);
                update = update
                    .expression_attribute_values(":shard", Shard::of(tenant).value())
                    .expression_attribute_values(":due", instant(*due_at));
            }
            Schedule::Never => removes.extend(["due_shard", "next_due_at", "requested_due_at"]),
        }
        let remove = if removes.is_empty() {
            String::new()
        } else {
            format!(" REMOVE {}", removes.join(", "))
        };
        let expression = format!("SET {}{remove}", sets.join(", "));
        let update = update.update_expression(expression).build();
        let update = update.map_err(|error| Error::unbuilt(SAVE_CONNECTION, error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    async fn save_together(&self, writes: Vec<TransactWriteItem>, taken: Error) -> Result<(), Error> {
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
                if cancelled
                    .cancellation_reasons()
                    .iter()
                    .any(|r| r.code() == Some("ConditionalCheckFailed")) =>
            {
                Err(taken)
            }
            // A conflict with the worker's own write: it has passed when the admin saves again.
            Some(TransactWriteItemsError::TransactionCanceledException(_)) => Err(Error::Unavailable {
                operation: SAVE_CONNECTION,
                source: error.into(),
            }),
            _ => Err(Error::of(SAVE_CONNECTION)(error)),
        }
    }
}

const SAVE_CONNECTION: &str = "save a connection";

fn schedule(connection: &Connection, last_night: Option<Timestamp>, now: Timestamp) -> Schedule {
    if connection.enabled {
        Schedule::At(connection.night.next_of_another_date(last_night, now))
    } else {
        Schedule::Never
    }
}

/// Gives an item the version after the one that was read.
pub(crate) fn stamp(item: &mut Item, read: Option<u64>) -> u64 {
    let version = read.unwrap_or_default() + 1;
    item.insert(VERSION.to_owned(), number(version));
    version
}

pub(crate) fn versioned<T: DeserializeOwned>(
    operation: &'static str,
    item: Item,
    value: impl FnOnce(Item) -> Result<T, Error>,
) -> Result<Versioned<T>, Error> {
    let version = match item.get(VERSION) {
        Some(AttributeValue::N(version)) => version.parse().ok(),
        _ => None,
    };
    Ok(Versioned {
        version: version.ok_or(Error::Malformed { operation })?,
        value: value(item)?,
    })
}
