//! What an admin waits for while a worker does it: a proof, a preview, the housekeeping after disconnecting.

use jiff::Timestamp;
use provisioning::{MappingDocument, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Erased, TaskId};

/// A message of the interactive queue: a task waits to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskMessage {
    /// Whose task.
    pub tenant: TenantId,
    /// What is to be done.
    pub kind: TaskKind,
    /// Which task.
    pub task: TaskId,
}

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TaskKind {
    /// Finds out what HiBob lets us read.
    Proof,
    /// Computes what a run with another mapping would change.
    Preview,
    /// Erases what a disconnected tenant leaves behind.
    Disconnection,
}

/// What a task was asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum TaskRequest {
    /// See [`TaskKind::Proof`].
    Proof,
    /// See [`TaskKind::Preview`].
    Preview {
        /// The mapping to try, which is saved nowhere else.
        mapping: MappingDocument,
    },
    /// See [`TaskKind::Disconnection`].
    Disconnection {
        /// What happens to the team's accounts.
        accounts: LeftAccounts,
        /// When the tenant was disconnected.
        disconnected_at: Timestamp,
        /// The fence since then.
        fence: u64,
        /// What was erased at once.
        erased: Erased,
    },
}

impl TaskRequest {
    /// The kind of the task.
    #[must_use]
    pub fn kind(&self) -> TaskKind {
        match self {
            Self::Proof => TaskKind::Proof,
            Self::Preview { .. } => TaskKind::Preview,
            Self::Disconnection { .. } => TaskKind::Disconnection,
        }
    }
}

/// What happens to the accounts of a tenant that is disconnected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LeftAccounts {
    /// They stay as they are.
    Keep,
    /// Those that runs created or adopted are deactivated.
    Deactivate,
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TaskStatus {
    /// No worker has begun it.
    Waiting,
    /// A worker is at it.
    Running,
    /// It has a result.
    Done,
    /// It will have none.
    Failed,
}

/// A task as its admin sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its name.
    pub id: TaskId,
    /// What it does.
    pub kind: TaskKind,
    /// How it stands.
    pub status: TaskStatus,
    /// What the worker is doing, in a word of ours.
    pub stage: Option<String>,
    /// How many people the worker has read so far.
    pub people: Option<u32>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it, with its result, is gone.
    pub expires_at: Timestamp,
    /// The result.
    pub result: Option<Value>,
    /// Why there is none.
    pub failure: Option<TaskFailure>,
}

/// Why a task has no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFailure {
    /// The slug of the problem's type.
    pub problem: String,
    /// What happened, in plain words.
    pub detail: String,
}

/// What came of beginning a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeginOutcome {
    /// The task is this worker's.
    Begun {
        /// What is to be done.
        request: TaskRequest,
        /// How often it was begun, this time included.
        attempt: u32,
    },
    /// Another worker is at it.
    Busy {
        /// When that worker ends at the latest.
        until: Timestamp,
    },
    /// It has ended or expired.
    Over,
}
