//! What a run leaves to be read: counts, ids and names of fields, never a value.

use jiff::Timestamp;
use provisioning::{
    AccountId, Change, ChangeKind, Counts, EmployeeId, Findings, HoldReason, Refusal, Skip, Targets,
};
use serde::{Deserialize, Serialize};

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RunStatus {
    /// Under way, or died and not yet resumed.
    Running,
    /// Waits for its message to come again.
    HandedBack,
    /// Everything that was planned has been applied.
    Applied,
    /// Removals, reactivations and identity changes wait for a person; the rest has been applied.
    Held,
    /// HiBob's answer was recognised as bad; nothing was changed.
    Refused,
    /// Only a person can mend the connection; nothing was changed.
    NeedsAttention,
    /// Switched on before fields were mapped; nothing was read.
    WaitingForMapping,
    /// Ended by an error.
    Failed,
}

/// What leads to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trigger {
    /// The tenant's night.
    #[default]
    Night,
    /// An admin asked for it.
    Admin,
}

impl Trigger {
    /// As stored.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Night => "night",
            Self::Admin => "admin",
        }
    }
}

/// The report of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The instant the run was due, which with the tenant names it.
    pub due_at: Timestamp,
    /// What led to it.
    #[serde(default)]
    pub trigger: Trigger,
    /// How it stands.
    pub status: RunStatus,
    /// When the last attempt began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
    /// How often it was begun.
    pub attempts: u32,
    /// The mapping's version that it used.
    #[serde(default)]
    pub mapping_version: Option<u64>,
    /// What was to be done.
    #[serde(default)]
    pub planned: Counts,
    /// What was done by all attempts together.
    #[serde(default)]
    pub applied: Counts,
    /// What waits for a person.
    #[serde(default)]
    pub held: Counts,
    /// What was found besides.
    #[serde(default)]
    pub findings: Findings,
    /// Why the answer was recognised as bad.
    #[serde(default)]
    pub refusal: Option<Refusal>,
    /// Why something waits.
    #[serde(default)]
    pub hold: Option<HoldReason>,
    /// What ended it, in a word of ours: no text from outside.
    #[serde(default)]
    pub failure: Option<String>,
    /// Requests made to HiBob.
    #[serde(default)]
    pub hibob_calls: u32,
    /// How long the last attempt took.
    #[serde(default)]
    pub duration_ms: u64,
}

impl RunRecord {
    /// A run that begins.
    #[must_use]
    pub fn begun(due_at: Timestamp, trigger: Trigger, attempts: u32, now: Timestamp) -> Self {
        Self {
            due_at,
            trigger,
            status: RunStatus::Running,
            started_at: now,
            finished_at: None,
            attempts,
            mapping_version: None,
            planned: Counts::default(),
            applied: Counts::default(),
            held: Counts::default(),
            findings: Findings::default(),
            refusal: None,
            hold: None,
            failure: None,
            hibob_calls: 0,
            duration_ms: 0,
        }
    }
}

/// What happened, or was about to happen, to one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// The account.
    pub account: AccountId,
    /// The person, by HiBob's id.
    pub employee: EmployeeId,
    /// What happened.
    pub kind: ChangeKind,
    /// The fields that got other values. Of a new account none are named: it has all that the source had.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Whether the account got its HiBob id.
    #[serde(default)]
    pub links: bool,
}

impl ChangeRow {
    /// The row of a planned change. A mark is none: nobody sees what it does.
    #[must_use]
    pub fn of(change: &Change, targets: &Targets) -> Option<Self> {
        (change.kind != ChangeKind::Mark).then(|| Self {
            account: change.account.clone(),
            employee: change.employee.clone(),
            kind: change.kind,
            fields: match change.kind {
                ChangeKind::Create => Vec::new(),
                _ => targets.field_names(change),
            },
            links: change.links,
        })
    }

    /// About how many bytes it takes up as an item's part, as DynamoDB counts.
    pub(crate) fn size(&self) -> usize {
        const NAMES_AND_OVERHEAD: usize = 60;
        let ids = self.account.as_str().len() + self.employee.as_str().len();
        NAMES_AND_OVERHEAD + ids + self.fields.iter().map(|field| field.len() + 1).sum::<usize>()
    }
}

/// Some rows of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunRows {
    /// Accounts that changed.
    pub changes: Vec<ChangeRow>,
    /// What waits for a person instead of having been done.
    pub held: Vec<ChangeRow>,
    /// People who were left out.
    pub skips: Vec<Skip>,
}
