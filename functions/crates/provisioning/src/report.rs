//! What a run found besides its changes, in counts and ids; never names or values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::field::FieldId;
use crate::ids::EmployeeId;

/// Why a person's record led to less than it might have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SkipReason {
    /// The record has no usable id.
    MissingId,
    /// Two records have this id.
    DuplicateId,
    /// No account yet, and no e-mail address to make one.
    NoEmail,
    /// No account yet, and what stands for an e-mail address is none.
    MalformedEmail,
    /// Two active people have this e-mail address.
    DuplicateEmail,
    /// The e-mail address belongs to an account with another HiBob id.
    EmailTaken,
    /// No account yet, and the fields that decide the scope are absent.
    ScopeUnknown,
    /// No account yet, and the lifecycle is absent or unknown.
    LifecycleUnclear,
    /// The account changed between reading and planning.
    ChangedMeanwhile,
    /// HiThrive's own inclusion or exclusion list stands above the sync.
    Overridden,
    /// Inactive, but not by a run: not ours to reactivate.
    DeactivatedElsewhere,
    /// Outside the tenant's scope.
    OutOfScope,
    /// Starts later.
    NotYet,
    /// Has left or is away, and never had an account.
    NeverHere,
}

impl SkipReason {
    /// Whether somebody should look at it; the others are as the tenant wants them and are only counted.
    #[must_use]
    pub fn is_problem(self) -> bool {
        match self {
            Self::MissingId
            | Self::DuplicateId
            | Self::NoEmail
            | Self::MalformedEmail
            | Self::DuplicateEmail
            | Self::EmailTaken
            | Self::ScopeUnknown
            | Self::LifecycleUnclear
            | Self::ChangedMeanwhile => true,
            Self::Overridden
            | Self::DeactivatedElsewhere
            | Self::OutOfScope
            | Self::NotYet
            | Self::NeverHere => false,
        }
    }
}

/// A person who was left out, for a reason that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skip {
    /// The person, if the record had an id.
    pub employee: Option<EmployeeId>,
    /// Why.
    pub reason: SkipReason,
}

/// A field that HiBob gave for nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Withheld {
    /// The field.
    pub field: FieldId,
    /// The permission category to grant, by the name it has in the customer's HiBob.
    pub category: String,
}

/// What a run found besides its changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Findings {
    /// Distinct people in HiBob's answer.
    pub people: u32,
    /// Accounts that were active, and created or adopted by a run, when the run began.
    pub active_accounts: u32,
    /// Accounts whose people are missing from the answer.
    pub missing: u32,
    /// Managers who have no account.
    pub unresolved_managers: u32,
    /// How many people were left out, by reason.
    pub skips: BTreeMap<SkipReason, u32>,
    /// Fields that HiBob gave for nobody.
    pub withheld: Vec<Withheld>,
    /// For how many people the value of a target could not be read and was left as it was.
    pub unreadable: BTreeMap<String, u32>,
    /// The people behind the problems among `skips`. Stored beside the report, not in it.
    #[serde(skip)]
    pub skipped: Vec<Skip>,
}

impl Findings {
    pub(crate) fn skip(&mut self, employee: Option<EmployeeId>, reason: SkipReason) {
        *self.skips.entry(reason).or_default() += 1;
        if reason.is_problem() {
            self.skipped.push(Skip { employee, reason });
        }
    }

    pub(crate) fn unreadable(&mut self, target: &str) {
        match self.unreadable.get_mut(target) {
            Some(count) => *count += 1,
            None => drop(self.unreadable.insert(target.to_owned(), 1)),
        }
    }
}
