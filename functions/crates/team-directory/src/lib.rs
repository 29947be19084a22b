//! HiThrive's side of a sync: the accounts of every team, in DynamoDB.
//!
//! # Layout
//!
//! One item per account. A partition holds one team, and a key can only be made from a [`TenantId`]
//! (`provisioning::TenantId`).
//!
//! | attribute | type | holds | written by |
//! | --- | --- | --- | --- |
//! | `pk` | S | `TENANT#<tenant>` | create |
//! | `sk` | S | `ACCOUNT#<account id>` | create |
//! | `account_id` | S | the account's id | create |
//! | `hibob_id` | S | HiBob's id; absent until a run creates or adopts the account | create, adoption |
//! | `origin` | S | `created` or `adopted` | create, adoption |
//! | `email`, `email_key` | S | the address; `<tenant>#<address>` for the index | run |
//! | `profile` | M | target key → S, or L of S; the address and the manager are not in it | run |
//! | `manager_id`, `manager_key` | S | the manager's HiBob id; `<tenant>#<that id>` for the index | run |
//! | `state` | S | `active` or `inactive` | run, HiThrive |
//! | `deactivated_by`, `deactivation_reason`, `deactivated_at` | S | `sync`, why and when; only when a run did it | run |
//! | `override` | S | `active` or `inactive`; stands above the sync | HiThrive |
//! | `source_fp` | B | 16 bytes: fingerprint of the source values last applied | run |
//! | `revision` | N | rises when a value, the state or the manager changes | run |
//! | `fence` | N | the fence of the lease that wrote last | run |
//! | `missing_nights`, `missing_on` | N, S | healthy nights without the person, the last local date; only while missing | run |
//! | `out_of_scope` | BOOL | true, or absent | run |
//! | `created_at`, `updated_at` | S | instants, UTC | create, run |
//! | `last_run` | S | due instant of the run that wrote last | run |
//!
//! Index `by-email`: partition `email_key`. Index `by-manager`: partition `manager_key`, sort `sk`. Both project keys
//! only, since a reader needs the account as it is and re-reads it from the table. Items never expire.
//!
//! HiThrive may keep other attributes in an item: everything but a create is an update of named attributes.
//!
//! [`TenantId`]: provisioning::TenantId

mod account;
mod apply;
mod attributes;
mod backoff;
mod directory;
mod error;
mod keys;
mod lookup;
mod many;
mod one;
mod search;
mod trace;
mod writes;

pub use account::Account;
pub use apply::{Applied, ChangedMeanwhile, WriteContext, slices};
pub use directory::{Team, TeamDirectory};
pub use error::{Disposition, Error};
pub use search::{Found, Label, Searched, Tally};
pub use trace::{Origin, Trace};
