//! The connection as its admin saves it, and what that does to the runs.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use jiff::Timestamp;
use provisioning::TenantId;
use serde::de::DeserializeOwned;

use crate::due::Shard;
use crate::item::{from_item, to_item};
use crate::keys::{CONNECTION, Item, Partition, RUN_STATE, instant, number};
use crate::premise::Unwritten;
use crate::{Connection, Error, TenantStore, Versioned};

/// A worker's write between reading and writing is overcome so often.
const MOST_TRIES: u8 = 5;
pub(crate) const VERSION: &str = "version";

/// What saving a connection does to the state of its runs.
enum Schedule {
    /// Due next at this instant.
    At(Timestamp),
    /// No longer due; a run under way is voided.
    Never,
}

/// What saving a connection does to the fence.
#[derive(Debug, Clone, Copy)]
enum Fence {
    /// It rises, and the service user has a token since.
    Connected,
    /// It is as it was read.
    Kept { read: u64 },
    /// It rises above what was read: a run under way may write nothing more.
    Voided { read: u64 },
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
        let update = self.reschedule(tenant, &schedule, Fence::Connected, &forget)?;
        match self.write_together(SAVE_CONNECTION, vec![update, put]).await {
            Ok(()) => Ok(Versioned {
                version: 1,
                value: connection.clone(),
            }),
            Err(Unwritten::Premise | Unwritten::Condition) => Err(Error::AlreadyConnected),
            Err(Unwritten::Failed(error)) => Err(error),
        }
    }

    /// Replaces a connection that nobody has replaced since it was read. Disabling it voids a run under way; only a
    /// change of the night, or enabling, moves the next due instant, so that no other save can skip a night. Nor can such
    /// a change skip a night that is due already.
    pub async fn save_connection(
        &self,
        tenant: &TenantId,
        read: &Versioned<Connection>,
        connection: Connection,
        now: Timestamp,
    ) -> Result<Versioned<Connection>, Error> {
        for _ in 0..MOST_TRIES {
            let mut writes = Vec::new();
            if connection.enabled != read.value.enabled || connection.night != read.value.night {
                let state = self.run_state(tenant).await?.unwrap_or_default();
                let schedule = match state.next_due_at {
                    Some(due_at) if connection.enabled && due_at <= now => Schedule::At(due_at),
                    _ => schedule(&connection, state.last_night_at, now),
                };
                let fence = match schedule {
                    Schedule::Never => Fence::Voided { read: state.fence },
                    Schedule::At(_) => Fence::Kept { read: state.fence },
                };
                writes.push(self.reschedule(tenant, &schedule, fence, &[])?);
            }
            writes.push(self.put_connection(tenant, &connection, Some(read.version))?);
            match self.write_together(SAVE_CONNECTION, writes).await {
                Ok(()) => {
                    return Ok(Versioned {
                        version: read.version + 1,
                        value: connection,
                    });
                }
                // A worker has begun a run meanwhile, or another admin has saved.
                Err(Unwritten::Premise) => {}
                Err(Unwritten::Condition) => {
                    return Err(Error::VersionChanged {
                        expected: read.version,
                    });
                }
                Err(Unwritten::Failed(error)) => return Err(error),
            }
        }
        // The connection itself may be gone, and its state with it.
        Err(Error::VersionChanged {
            expected: read.version,
        })
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

    pub(crate) fn put_connection(
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
        fence: Fence,
        forget: &[&str],
    ) -> Result<TransactWriteItem, Error> {
        let raised = "if_not_exists(fence, :zero) + :one";
        let mut sets = Vec::new();
        let mut removes = forget.to_vec();
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(RUN_STATE)));
        if let Fence::Kept { read } | Fence::Voided { read } = fence {
            update = update
                .condition_expression("fence = :read")
                .expression_attribute_values(":read", number(read));
        }
        if let Fence::Connected | Fence::Voided { .. } = fence {
            sets.push(format!("fence = {raised}"));
            update = update
                .expression_attribute_values(":zero", number(0))
                .expression_attribute_values(":one", number(1));
        }
        if let Fence::Connected = fence {
            sets.push(format!("token_fence = {raised}"));
        }
        match schedule {
            Schedule::At(due_at) => {
                sets.extend(["due_shard = :shard", "next_due_at = :due"].map(str::to_owned));
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
}

pub(crate) const SAVE_CONNECTION: &str = "save a connection";

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
