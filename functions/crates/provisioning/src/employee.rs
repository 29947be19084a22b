//! An employee as the source's answer shows them: one value for each field that was asked for.

use serde_json::Value as Json;

use crate::email::EmailAddress;
use crate::field::{FieldIndex, control};

/// What an answer says about one field of one person.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum FieldValue {
    /// The field is not in the record: we may not see it, or it does not exist. Never a reason to clear anything.
    #[default]
    Absent,
    /// The field is there and explicitly `null`.
    Empty,
    /// The field has a value.
    Present(Reading),
}

/// A value in HiBob's two forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// As programs exchange it: ISO dates, ids of list items, JSON numbers, an object for a referenced employee.
    pub machine: Json,
    /// As the `humanReadable` part shows it: always text, dates in the service user's own format.
    pub human: Option<String>,
}

/// One person of an answer, read with a [`FieldSet`](crate::field::FieldSet).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Employee {
    values: Vec<FieldValue>,
}

impl Employee {
    /// An employee from the values in the order of the field set; what is missing at the end is absent.
    #[must_use]
    pub fn new(values: Vec<FieldValue>) -> Self {
        Self { values }
    }

    /// The value of a field of the set.
    #[must_use]
    pub fn get(&self, index: FieldIndex) -> &FieldValue {
        self.values.get(index.get()).unwrap_or(&FieldValue::Absent)
    }

    /// The machine form, for ids and control values, which are text; anything else is none of them.
    #[must_use]
    pub fn text(&self, index: FieldIndex) -> Option<&str> {
        match self.get(index) {
            FieldValue::Present(Reading {
                machine: Json::String(text),
                ..
            }) => Some(text),
            _ => None,
        }
    }
}

/// What stands in HiBob for a person's work address, which is HiThrive's key for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WorkAddress {
    Usable(EmailAddress),
    Empty,
    Withheld,
    Malformed,
}

impl Employee {
    pub(crate) fn work_address(&self) -> WorkAddress {
        match (self.get(control::EMAIL), self.text(control::EMAIL)) {
            (FieldValue::Absent, _) => WorkAddress::Withheld,
            (FieldValue::Empty, _) => WorkAddress::Empty,
            (FieldValue::Present(_), Some(text)) if text.trim().is_empty() => WorkAddress::Empty,
            (FieldValue::Present(_), text) => text
                .and_then(|text| text.parse().ok())
                .map_or(WorkAddress::Malformed, WorkAddress::Usable),
        }
    }
}
