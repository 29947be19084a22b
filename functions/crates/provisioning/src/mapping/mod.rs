//! Which source field fills which target, as the admin decided it, and what it makes of one employee.

mod document;
mod error;
mod evaluate;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::field::{FieldType, SourceField};
use crate::target::Target;

pub use document::{MappingDocument, MappingDocumentEntry};
pub use error::MappingError;
pub(crate) use evaluate::{Evaluator, ManagerOutcome, Outcome, Sampled};

/// What a known-empty source does to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WhenEmpty {
    /// The target is emptied too.
    #[default]
    Clear,
    /// The target keeps what it has.
    Keep,
}

/// One target and the source fields that fill it, in order of preference: the first that is not empty wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MappingEntry {
    /// The field to fill.
    pub target: Target,
    /// Where its value comes from; at least one.
    pub sources: Vec<SourceField>,
    /// What to do when every source is known to be empty.
    #[serde(default)]
    pub when_empty: WhenEmpty,
}

/// A valid mapping, in the order of its targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "MappingDocument", into = "MappingDocument")]
pub struct Mapping {
    entries: Vec<MappingEntry>,
}

impl Mapping {
    /// The entries in the order of their targets.
    #[must_use]
    pub fn entries(&self) -> &[MappingEntry] {
        &self.entries
    }

    /// Every source field of every entry.
    pub fn sources(&self) -> impl Iterator<Item = &SourceField> {
        self.entries.iter().flat_map(|entry| &entry.sources)
    }
}

/// Categories of HiBob whose fields are never read, by field id prefix and by category id.
const NEVER_OFFERED: [&str; 8] = [
    "financial",
    "identification",
    "payroll.salary",
    "payroll.variable",
    "eeo",
    "peopleAnalytics",
    "emergency",
    "ukTaxSettings",
];

/// Whether a field is of a kind that is never offered, read or stored.
#[must_use]
pub fn is_never_offered(field: &SourceField) -> bool {
    let within = |name: &str, group: &str| {
        name.strip_prefix(group)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    field.field_type == FieldType::Ssn
        || NEVER_OFFERED
            .iter()
            .any(|group| within(field.id.as_str(), group) || within(&field.category.id, group))
}

#[cfg(test)]
mod tests;
