//! What a sync decides: from a mapping, the accounts as they are and the employees as the source shows them, the plan
//! of one run. No I/O, no AWS, no HTTP, and no clock: equal inputs give equal plans.

pub mod access;
mod account;
mod disconnect;
mod email;
mod employee;
pub mod field;
mod fingerprint;
mod guard;
mod ids;
mod mapping;
mod plan;
mod policy;
pub mod preview;
mod reconcile;
mod report;
mod sample;
mod scope;
mod standing;
pub mod story;
mod suggestion;
mod target;
mod value;

pub use account::{AccountState, AccountStatus, DeactivationReason, Head, Missing, Override, StoredAccount};
pub use disconnect::disconnection;
pub use email::{EmailAddress, EmailHash, InvalidEmail};
pub use employee::{Employee, FieldValue, Reading};
pub use field::{Category, FieldId, FieldIndex, FieldSet, FieldType, InvalidFieldId, SourceField};
pub use fingerprint::Fingerprint;
pub use guard::{History, HoldReason, Refusal, Removals};
pub use ids::{AccountId, EmployeeId, InvalidId, RunId, TenantId};
pub use mapping::{
    Mapping, MappingDocument, MappingDocumentEntry, MappingEntry, MappingError, WhenEmpty, is_never_offered,
};
pub use plan::{Change, ChangeKind, Counts, Edit, ManagerEdit, Plan, Targets};
pub use policy::{InvalidMissingNights, MissingNights, Policy, PolicyFault, WhenAway, WhenOutOfScope};
pub use reconcile::{Basis, Draft, Reconciler, Refused};
pub use report::{Findings, Skip, SkipReason, Withheld};
pub use sample::{Sample, SampleState, sample, sample_fields};
pub use scope::{Condition, Effect, NeverSync, Scope, ScopeRule};
pub use standing::{Standing, Today, standing};
pub use suggestion::{fitting_entry, suggested_mapping};
pub use target::{CustomFieldName, StandardTarget, Target, TargetType, UnknownTarget};
pub use value::{Unreadable, Value};
