//! What is kept about every tenant besides its team: connection, mapping and the state of its runs, the history of the
//! runs, the notices sent, the tasks an admin waits for, all in DynamoDB, and its service user's token in Secrets Manager.
//!
//! # Layout
//!
//! A tenant's items share the partition `TENANT#<tenant>`, which only a [`TenantId`] can make. Instants are texts in
//! UTC, to the second, unless said otherwise. `expires_at` is the table's time to live, in seconds since 1970; readers
//! pass over what has expired and is not yet swept.
//!
//! | table | sort key | holds | written by |
//! | --- | --- | --- | --- |
//! | Tenants | `CONNECTION` | [`Connection`] and its version | admin |
//! | Tenants | `MAPPING` | the mapping and its version | admin |
//! | Tenants | `RUNSTATE` | [`RunState`] | worker; `due_shard`, `next_due_at`, `fence`, `token_fence` also when the admin saves |
//! | Tenants | `REFUSED#<ten minutes>` | attempts at HiBob in flight and refused; expires | APIs, worker |
//! | Tenants | `PROOF` | what the last proof found; no personal data | worker |
//! | Tenants, partition `FLEET#<hour>` | `REFUSALS` | how many runs HiBob answered, and how many it refused for the first time; expires | worker |
//! | Runs | `RUN#<due instant>` | [`RunRecord`]; expires | worker |
//! | Runs | `CHANGES#<due instant>#<fence>#<number>` | up to 250 [`ChangeRow`]s and skips; expires | worker |
//! | Notices | `NOTICE#<cause>#<date>` | that an e-mail was sent, or was about to be; expires | failure e-mails |
//! | Tasks | `TASK#<hash of the id>` | a [`Task`], with its result encrypted; expires after an hour, a disconnection after three days | admin, worker |
//!
//! Index `by-due` of Tenants: partition `due_shard`, sort `next_due_at`, keys only. A tenant is in it while its
//! connection is enabled. Every attribute is listed in `functions/crates/README.md`.
//!
//! Secrets: `<prefix><tenant>`, JSON with `serviceUserId` and `token`.
//!
//! [`TenantId`]: provisioning::TenantId

mod admin;
mod attention_notice;
mod change_log;
mod connection;
mod disconnect;
mod due;
mod erase;
mod error;
mod fleet;
mod hold;
mod item;
mod keys;
mod lease;
mod mapping;
mod notices;
mod premise;
mod proof;
mod refusals;
mod release;
mod request;
mod run_record;
mod run_state;
mod runs;
mod schedule;
mod seal;
mod store;
mod task;
mod task_id;
mod task_item;
mod tasks;
mod token;
mod vault;

pub use attention_notice::AttentionNotice;
pub use change_log::ChangeLog;
pub use connection::{Connection, Versioned};
pub use disconnect::{Disconnected, Erased};
pub use due::{DueRuns, Shard};
pub use error::{Disposition, Error};
pub use fleet::FleetRuns;
pub use hold::{Hold, HoldOutcome};
pub use lease::{Lease, LeaseOutcome, LeaseRequest};
pub use mapping::SavedMapping;
pub use notices::Notices;
pub use proof::SavedProof;
pub use release::Release;
pub use request::RequestOutcome;
pub use run_record::{ChangeRow, RunRecord, RunRows, RunStatus, Trigger};
pub use run_state::{Attention, AttentionCause, RunState, Suspicion};
pub use runs::{RunHistory, RunPages};
pub use schedule::{InvalidNight, Night};
pub use store::TenantStore;
pub use task::{
    BeginOutcome, LeftAccounts, Task, TaskFailure, TaskKind, TaskMessage, TaskRequest, TaskStatus,
};
pub use task_id::{InvalidTaskId, TaskId};
pub use tasks::Tasks;
pub use vault::{ServiceUser, Vault};
