//! A task as it is stored.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use provisioning::TenantId;
use serde::{Deserialize, Serialize};

use crate::item::{from_item, to_attribute};
use crate::keys::{Item, Partition, to_second};
use crate::seal::open;
use crate::{Error, Task, TaskFailure, TaskId, TaskKind, TaskRequest, TaskStatus};

/// Whoever asked waits for it.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// The housekeeping goes on until it is done, and whoever disconnected may come back for the receipt.
const DISCONNECTION_KEPT: SignedDuration = SignedDuration::from_hours(3 * 24);
pub(crate) const PREFIX: &str = "TASK#";
pub(crate) const STATUS: &str = "status";
pub(crate) const RESULT: &str = "result";
pub(crate) const KIND: &str = "kind";
pub(crate) const OWNER: &str = "owner";
pub(crate) const REQUESTED_AT: &str = "requested_at";

/// The attributes of a task.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) kind: TaskKind,
    pub(crate) status: TaskStatus,
    pub(crate) request: TaskRequest,
    pub(crate) requested_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub(crate) expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) people: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<TaskFailure>,
    /// How often a worker has begun it.
    #[serde(default)]
    pub(crate) attempts: u32,
    /// The worker's invocation that began it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<String>,
    /// Until when that worker has it, in milliseconds since 1970.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::millisecond::optional"
    )]
    pub(crate) busy_until: Option<Timestamp>,
}

impl Stored {
    /// A task that nobody has begun.
    pub(crate) fn new(request: &TaskRequest, now: Timestamp) -> Self {
        let requested_at = to_second(now);
        let kept = match request.kind() {
            TaskKind::Proof | TaskKind::Preview => KEPT,
            TaskKind::Disconnection => DISCONNECTION_KEPT,
        };
        Self {
            kind: request.kind(),
            status: TaskStatus::Waiting,
            request: request.clone(),
            requested_at,
            expires_at: requested_at + kept,
            stage: None,
            people: None,
            failure: None,
            attempts: 0,
            owner: None,
            busy_until: None,
        }
    }
}

fn sort_key(id: &TaskId) -> String {
    format!("{PREFIX}{}", id.hash())
}

pub(crate) fn key(tenant: &TenantId, id: &TaskId) -> Item {
    Partition::of(tenant).item(sort_key(id))
}

pub(crate) fn status(status: TaskStatus) -> Result<AttributeValue, Error> {
    to_attribute("write a task's status", &status)
}

pub(crate) fn task(
    operation: &'static str,
    tenant: &TenantId,
    id: &TaskId,
    mut item: Item,
) -> Result<Task, Error> {
    let sealed = item.remove(RESULT);
    let malformed = || Error::Malformed { operation };
    let result = match sealed {
        Some(AttributeValue::B(sealed)) => {
            let text = open(tenant, id, sealed.as_ref()).map_err(|_| malformed())?;
            Some(serde_json::from_slice(&text).map_err(|_| malformed())?)
        }
        _ => None,
    };
    let stored: Stored = from_item(operation, item)?;
    Ok(Task {
        id: id.clone(),
        kind: stored.kind,
        status: stored.status,
        stage: stored.stage,
        people: stored.people,
        requested_at: stored.requested_at,
        expires_at: stored.expires_at,
        result,
        failure: stored.failure,
    })
}
