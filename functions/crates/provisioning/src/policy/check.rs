//! What can be wrong with a policy that its types allow.

use crate::field::FieldSet;
use crate::mapping::{Mapping, is_never_offered};
use crate::policy::Policy;
use crate::reconcile::Basis;
use crate::scope::{Condition, ScopeRule};

/// More rules than a person can oversee.
const MOST_RULES: usize = 50;
/// More people than anybody keeps a list of by hand.
const MOST_NEVER_SYNCED: usize = 1000;
/// Ninety days.
const LONGEST_GRACE_HOURS: u16 = 90 * 24;
const EARLIEST_CREATION_DAYS: u8 = 90;

/// Something wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// Where, as a JSON pointer within the policy.
    pub pointer: String,
    /// What, for the admin.
    pub message: String,
}

impl PolicyFault {
    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}

impl Policy {
    /// Everything that is wrong with the policy, beside the mapping whose fields a run reads together with it.
    #[must_use]
    pub fn check(&self, mapping: Option<&Mapping>) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        let mut limit = |pointer: &str, is_over: bool, message: String| {
            if is_over {
                faults.push(PolicyFault::new(pointer, message));
            }
        };
        let scope = &self.scope;
        limit(
            "/leaversGraceHours",
            self.leavers_grace_hours > LONGEST_GRACE_HOURS,
            format!("must be {LONGEST_GRACE_HOURS} hours at most"),
        );
        limit(
            "/createDaysBeforeStart",
            self.create_days_before_start > EARLIEST_CREATION_DAYS,
            format!("must be {EARLIEST_CREATION_DAYS} days at most"),
        );
        limit(
            "/scope/rules",
            scope.rules.len() > MOST_RULES,
            format!("must be {MOST_RULES} rules at most"),
        );
        limit(
            "/scope/neverSync",
            scope.never_sync.len() > MOST_NEVER_SYNCED,
            format!("must be {MOST_NEVER_SYNCED} people at most"),
        );
        let fields = mapping.map_or_else(
            || FieldSet::new(scope.rules.iter().map(|rule| &rule.field)),
            |mapping| Basis::fields(mapping, self),
        );
        let fields = fields.ids().len();
        limit(
            "/scope/rules",
            fields > FieldSet::MAX,
            format!(
                "name, together with the mapping, {fields} fields; HiBob allows {}",
                FieldSet::MAX
            ),
        );
        for (place, rule) in scope.rules.iter().enumerate() {
            rule.check(&format!("/scope/rules/{place}"), &mut faults);
        }
        faults
    }
}

impl ScopeRule {
    fn check(&self, pointer: &str, faults: &mut Vec<PolicyFault>) {
        if is_never_offered(&self.field) {
            let message = "belongs to a category that is never read";
            faults.push(PolicyFault::new(format!("{pointer}/field/id"), message));
        }
        let (member, texts) = match &self.condition {
            Condition::Equals(text) => ("equals", std::slice::from_ref(text)),
            Condition::OneOf(texts) => ("oneOf", texts.as_slice()),
            Condition::EmailDomain(domain) => ("emailDomain", std::slice::from_ref(domain)),
        };
        if texts.is_empty() || texts.iter().any(|text| text.trim().is_empty()) {
            let message = "must not be empty";
            faults.push(PolicyFault::new(format!("{pointer}/condition/{member}"), message));
        }
    }
}

#[cfg(test)]
mod tests;
