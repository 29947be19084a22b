//! A mapping on its way in and out, and the rules that make it valid.

use serde::{Deserialize, Serialize};

use crate::field::{FieldSet, SourceField};
use crate::mapping::{Mapping, MappingEntry, MappingError, WhenEmpty, is_never_offered};
use crate::target::Target;

/// A mapping as it is stored and sent, before it is known to be valid. Members that a later version adds have defaults,
/// so that a mapping saved by an older version stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MappingDocument {
    /// The entries in the admin's order.
    pub entries: Vec<MappingDocumentEntry>,
}

/// A [`MappingEntry`] whose target may not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MappingDocumentEntry {
    /// The key of a target.
    pub target: String,
    /// Where its value comes from.
    pub sources: Vec<SourceField>,
    /// What to do when every source is known to be empty.
    #[serde(default)]
    pub when_empty: WhenEmpty,
}

impl TryFrom<MappingDocument> for Mapping {
    type Error = MappingError;

    fn try_from(document: MappingDocument) -> Result<Self, MappingError> {
        let mut entries: Vec<(usize, MappingEntry)> = Vec::with_capacity(document.entries.len());
        for (number, entry) in document.entries.into_iter().enumerate() {
            let target = entry
                .target
                .parse()
                .map_err(|source| MappingError::UnknownTarget {
                    entry: number,
                    source,
                })?;
            let entry = MappingEntry {
                target,
                sources: entry.sources,
                when_empty: entry.when_empty,
            };
            check_entry(number, &entry)?;
            entries.push((number, entry));
        }
        entries.sort_by(|(a, x), (b, y)| x.target.cmp(&y.target).then(a.cmp(b)));
        for pair in entries.windows(2) {
            if pair[0].1.target == pair[1].1.target {
                let target = pair[0].1.target.clone();
                return Err(MappingError::DuplicateTarget {
                    first: pair[0].0,
                    second: pair[1].0,
                    target,
                });
            }
        }
        if !entries.iter().any(|(_, entry)| entry.target == Target::EMAIL) {
            return Err(MappingError::MissingEmail);
        }
        let mapping = Self {
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        };
        let fields = FieldSet::new(mapping.sources()).ids().len();
        if fields > FieldSet::MAX {
            return Err(MappingError::TooManyFields { fields });
        }
        Ok(mapping)
    }
}

fn check_entry(number: usize, entry: &MappingEntry) -> Result<(), MappingError> {
    if entry.sources.is_empty() {
        return Err(MappingError::NoSource {
            entry: number,
            target: entry.target.clone(),
        });
    }
    for source in &entry.sources {
        if is_never_offered(source) {
            return Err(MappingError::NeverOffered {
                entry: number,
                field: source.id.clone(),
            });
        }
        if !entry.target.target_type().accepts(source.field_type) {
            let (field, target) = (source.id.clone(), entry.target.clone());
            return Err(MappingError::WrongType {
                entry: number,
                field,
                target,
            });
        }
    }
    Ok(())
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
