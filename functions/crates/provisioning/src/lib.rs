//! What a sync decides: from a mapping, the accounts as they are and the employees as the source shows them, the plan
//! of one run. No I/O, no AWS, no HTTP, and no clock: equal inputs give equal plans.

mod account;
mod email;
mod employee;
pub mod field;
mod fingerprint;
mod guard;
mod ids;
mod mapping;
mod plan;
mod policy;
mod reconcile;
mod report;
mod scope;
mod standing;
mod target;
mod value;

pub use account::{AccountState, AccountStatus, DeactivationReason, Head, Missing, Override, StoredAccount};
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
pub use policy::{InvalidMissingNights, MissingNights, Policy, WhenAway, WhenOutOfScope};
pub use reconcile::{Basis, Draft, Reconciler, Refused};
pub use report::{Findings, Skip, SkipReason, Withheld};
pub use scope::{Condition, Effect, NeverSync, Scope, ScopeRule};
pub use standing::{Standing, Today, standing};
pub use target::{CustomFieldName, StandardTarget, Target, TargetType, UnknownTarget};
pub use value::{Unreadable, Value};
