//! Values as an account stores them, and how HiBob's forms become such values.

mod date;
mod person;
mod read;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

pub(crate) use date::parse_date;
pub(crate) use person::{PersonLink, read_person};
pub(crate) use read::read_value;

/// A value of an account, in the one spelling of its target's type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Text, address, date or birthday.
    Text(CompactString),
    /// Several texts, in the order of the source.
    List(Vec<CompactString>),
}

impl Value {
    /// The text of a value that is not a list.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) => None,
        }
    }
}

/// Why a value cannot fill its target. The value itself is not repeated: it may be personal.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error,
)]
#[serde(rename_all = "camelCase")]
pub enum Unreadable {
    /// The field should hold an address and does not.
    #[error("not an e-mail address")]
    NotAnEmail,
    /// The field should hold a date and does not.
    #[error("not a date")]
    NotADate,
    /// The field should hold a web address and does not.
    #[error("not a web address")]
    NotAUrl,
    /// Over 1,024 bytes, or over 50 entries.
    #[error("too long")]
    TooLong,
    /// The value's JSON type is not one this field has had; the field's type may have changed in HiBob.
    #[error("not of the field's type")]
    WrongType,
}

#[cfg(test)]
mod tests;
