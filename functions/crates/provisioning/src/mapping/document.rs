//! A mapping on its way in and out, and the rules that make it valid.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::field::{FieldSet, SourceField};
use crate::mapping::{Mapping, MappingEntry, MappingError, WhenEmpty, is_never_offered};
use crate::target::Target;

/// A mapping as it is stored and sent, before it is known to be valid. Members that a later version adds have defaults,
/// so that a mapping saved by an older version stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappingDocument {
    /// The entries in the admin's order.
    pub entries: Vec<MappingDocumentEntry>,
}

/// One row of a mapping, whose target may not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappingDocumentEntry {
    /// The key of a target.
    #[schema(example = "jobTitle")]
    pub target: String,
    /// Where its value comes from, in order of preference: the first that is not empty wins.
    pub sources: Vec<SourceField>,
    /// What to do when every source is known to be empty.
    #[serde(default)]
    pub when_empty: WhenEmpty,
}

impl MappingDocumentEntry {
    /// More sources than these nobody oversees.
    pub const MOST_SOURCES: usize = 20;
}

impl TryFrom<MappingDocument> for Mapping {
    type Error = MappingError;

    fn try_from(document: MappingDocument) -> Result<Self, MappingError> {
        match Self::faults(&document).into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(Self::draft(&document.entries)),
        }
    }
}

impl Mapping {
    /// Everything that is wrong with a mapping: of each entry what is wrong first, then what is wrong with all together.
    #[must_use]
    pub fn faults(document: &MappingDocument) -> Vec<MappingError> {
        let mut faults = Vec::new();
        let mut first_of: BTreeMap<Target, usize> = BTreeMap::new();
        let mut duplicates = Vec::new();
        for (number, entry) in document.entries.iter().enumerate() {
            let target = match check_entry(number, entry) {
                Ok(target) => target,
                Err(fault) => {
                    faults.push(fault);
                    // What is wrong with an entry does not make its target free.
                    let Ok(target) = entry.target.parse() else {
                        continue;
                    };
                    target
                }
            };
            match first_of.entry(target) {
                Entry::Vacant(free) => drop(free.insert(number)),
                Entry::Occupied(taken) => duplicates.push(MappingError::DuplicateTarget {
                    first: *taken.get(),
                    second: number,
                    target: taken.key().clone(),
                }),
            }
        }
        faults.append(&mut duplicates);
        if !first_of.contains_key(&Target::EMAIL) {
            faults.push(MappingError::MissingEmail);
        }
        let sources = document.entries.iter().flat_map(|entry| &entry.sources);
        let fields = FieldSet::new(sources).ids().len();
        if fields > FieldSet::MAX {
            faults.push(MappingError::TooManyFields { fields });
        }
        faults
    }

    /// The entries that are valid by themselves, in the order of their targets. What is wrong with them together stays so.
    pub(crate) fn draft(entries: &[MappingDocumentEntry]) -> Self {
        let valid = |entry: &MappingDocumentEntry| {
            Some(MappingEntry {
                target: check_entry(0, entry).ok()?,
                sources: entry.sources.clone(),
                when_empty: entry.when_empty,
            })
        };
        let mut entries: Vec<MappingEntry> = entries.iter().filter_map(valid).collect();
        entries.sort_by(|a, b| a.target.cmp(&b.target));
        Self { entries }
    }
}

fn check_entry(number: usize, entry: &MappingDocumentEntry) -> Result<Target, MappingError> {
    let unknown = |source| MappingError::UnknownTarget {
        entry: number,
        source,
    };
    let target: Target = entry.target.parse().map_err(unknown)?;
    if entry.sources.is_empty() {
        return Err(MappingError::NoSource {
            entry: number,
            target,
        });
    }
    if entry.sources.len() > MappingDocumentEntry::MOST_SOURCES {
        return Err(MappingError::TooManySources {
            entry: number,
            sources: entry.sources.len(),
        });
    }
    let mut seen = BTreeSet::new();
    for source in &entry.sources {
        let field = source.id.clone();
        if !seen.insert(&source.id) {
            return Err(MappingError::DuplicateSource { entry: number, field });
        }
        if is_never_offered(source) {
            return Err(MappingError::NeverOffered { entry: number, field });
        }
        if !target.target_type().accepts(source.field_type) {
            return Err(MappingError::WrongType {
                entry: number,
                field,
                target,
            });
        }
    }
    Ok(target)
}

impl From<Mapping> for MappingDocument {
    fn from(mapping: Mapping) -> Self {
        let entries = mapping.entries.into_iter().map(|entry| MappingDocumentEntry {
            target: entry.target.into(),
            sources: entry.sources,
            when_empty: entry.when_empty,
        });
        Self {
            entries: entries.collect(),
        }
    }
}
