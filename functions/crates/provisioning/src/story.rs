//! What HiBob says today about one person, in the words of the rules that a run would apply.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::employee::{Employee, WorkAddress};
use crate::field::{FieldSet, control};
use crate::ids::EmployeeId;
use crate::policy::Policy;
use crate::scope::{InScope, ScopeEvaluator};
use crate::standing::{Standing, Today, standing};

/// What a run would make of one person today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Whether the person works here.
    pub standing: ExplainedStanding,
    /// Whether the tenant wants the person.
    pub scope: ExplainedScope,
    /// Whether the person's work address can be used.
    pub email: EmailState,
}

/// Whether a person works here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExplainedStanding {
    /// Works here, or is away in a way the tenant keeps.
    Here,
    /// Starts later.
    NotYet,
    /// Has left.
    Left,
    /// On leave, and the tenant wants the account inactive meanwhile.
    Away,
    /// HiBob does not say.
    Unclear,
}

/// Whether a person is wanted, and which rule says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedScope {
    /// The outcome of all rules.
    pub verdict: ScopeVerdict,
    /// The rule that decided it, counted from 0 among the policy's rules; the lists of people never to sync are none.
    pub rule: Option<usize>,
}

/// Whether a person is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ScopeVerdict {
    /// Wanted.
    In,
    /// Not wanted, by a rule.
    Out,
    /// Never to be synced.
    Never,
    /// A field that decides it is absent or cannot be read.
    Unknown,
}

/// What stands in HiBob for a person's work address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum EmailState {
    /// An address.
    Usable,
    /// Known to be empty.
    Empty,
    /// HiBob does not give it.
    Withheld,
    /// Something that is no address.
    Malformed,
}

/// Explains one record, read with `fields`, which have to hold the fields of the policy's rules.
#[must_use]
pub fn explain(employee: &Employee, fields: &FieldSet, policy: &Policy, today: &Today) -> Explanation {
    let id = employee
        .text(control::ID)
        .and_then(|id| id.trim().parse::<EmployeeId>().ok());
    let scope = ScopeEvaluator::new(&policy.scope, fields);
    let (verdict, rule) = id.map_or((InScope::Unknown, None), |id| scope.explain(&id, employee));
    Explanation {
        standing: match standing(employee, policy, today) {
            Standing::Here => ExplainedStanding::Here,
            Standing::NotYet => ExplainedStanding::NotYet,
            Standing::Left => ExplainedStanding::Left,
            Standing::Away => ExplainedStanding::Away,
            Standing::Unclear { .. } => ExplainedStanding::Unclear,
        },
        scope: ExplainedScope {
            verdict: match verdict {
                InScope::Yes => ScopeVerdict::In,
                InScope::No => ScopeVerdict::Out,
                InScope::Never => ScopeVerdict::Never,
                InScope::Unknown => ScopeVerdict::Unknown,
            },
            rule,
        },
        email: match employee.work_address() {
            WorkAddress::Usable(_) => EmailState::Usable,
            WorkAddress::Empty => EmailState::Empty,
            WorkAddress::Withheld => EmailState::Withheld,
            WorkAddress::Malformed => EmailState::Malformed,
        },
    }
}

#[cfg(test)]
mod tests;
