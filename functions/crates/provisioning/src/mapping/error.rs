//! What can be wrong with a mapping.

use crate::field::{FieldId, FieldSet};
use crate::mapping::MappingDocumentEntry;
use crate::target::{Target, UnknownTarget};

/// Why a mapping is not valid. Entries are counted from 0 in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// An entry names a field that HiThrive does not have.
    #[error("entry {entry}: {source}")]
    UnknownTarget {
        /// Which entry.
        entry: usize,
        /// What it named.
        #[source]
        source: UnknownTarget,
    },
    /// The e-mail address, by which HiThrive knows people, is not mapped.
    #[error("no entry fills the e-mail address")]
    MissingEmail,
    /// Two entries fill one target.
    #[error("entries {first} and {second} both fill `{target}`")]
    DuplicateTarget {
        /// The entry that came first.
        first: usize,
        /// The entry that repeats its target.
        second: usize,
        /// The target.
        target: Target,
    },
    /// An entry names no source.
    #[error("entry {entry}: `{target}` has no source field")]
    NoSource {
        /// Which entry.
        entry: usize,
        /// Its target.
        target: Target,
    },
    /// An entry names more sources than anybody chooses among.
    #[error(
        "entry {entry}: {sources} source fields are more than {}",
        MappingDocumentEntry::MOST_SOURCES
    )]
    TooManySources {
        /// Which entry.
        entry: usize,
        /// How many it names.
        sources: usize,
    },
    /// An entry names one source twice.
    #[error("entry {entry}: `{field}` is named twice")]
    DuplicateSource {
        /// Which entry.
        entry: usize,
        /// The field.
        field: FieldId,
    },
    /// More fields than HiBob allows in one request, the control fields included.
    #[error("{fields} fields are more than the {} HiBob allows", FieldSet::MAX)]
    TooManyFields {
        /// How many the request would name.
        fields: usize,
    },
    /// A field of a category that is never read: pay, bank, identification and alike.
    #[error("entry {entry}: `{field}` belongs to a category that is never read")]
    NeverOffered {
        /// Which entry.
        entry: usize,
        /// The field.
        field: FieldId,
    },
    /// The field's type cannot fill the target.
    #[error("entry {entry}: `{field}` cannot fill `{target}`")]
    WrongType {
        /// Which entry.
        entry: usize,
        /// The field.
        field: FieldId,
        /// The target.
        target: Target,
    },
}
