//! One person's record, and the ways a test can bend it.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde_json::Value;

use crate::field::Field;

/// HiBob's id of a person: 19 digits, on the wire always a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmployeeId(pub(crate) u64);

impl fmt::Display for EmployeeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:019}", self.0)
    }
}

impl FromStr for EmployeeId {
    type Err = ParseIntError;

    fn from_str(digits: &str) -> Result<Self, ParseIntError> {
        digits.parse().map(Self)
    }
}

/// What HiBob knows of a person. Only written values are kept; the rest is worked out when asked for.
#[derive(Clone, Debug)]
pub struct Employee {
    id: EmployeeId,
    written: Vec<(&'static Field, Value)>,
    oddities: Vec<Oddity>,
}

/// How a record in an answer differs from what its values would make it.
#[derive(Clone, Debug)]
pub(crate) enum Oddity {
    /// The field is missing from this record alone.
    Withheld(&'static Field),
    /// A top-level object such as `work` is null.
    NullObject(&'static str),
    /// The record stands in the answer twice.
    Twice,
    /// This JSON stands in the answer instead.
    Instead(Value),
}

impl Employee {
    pub(crate) fn new(id: EmployeeId) -> Self {
        Self {
            id,
            written: Vec::new(),
            oddities: Vec::new(),
        }
    }

    /// The id that HiBob gave.
    #[must_use]
    pub fn id(&self) -> EmployeeId {
        self.id
    }

    /// Writes a field, whatever its type; what follows from it (a display name, a status) follows.
    ///
    /// # Panics
    /// When there is no such field.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) -> &mut Self {
        let field = Field::named(field);
        let value = value.into();
        match self
            .written
            .iter_mut()
            .find(|(known, _)| std::ptr::eq(*known, field))
        {
            Some((_, old)) => *old = value,
            None => self.written.push((field, value)),
        }
        self
    }

    /// Leaves one field out of this person's record, as if it were absent for this person alone.
    ///
    /// # Panics
    /// When there is no such field.
    pub fn withhold(&mut self, field: &str) -> &mut Self {
        self.oddities.push(Oddity::Withheld(Field::named(field)));
        self
    }

    /// Answers null where an object such as `work` belongs, and nothing of it in the other forms.
    pub fn null_object(&mut self, key: &'static str) -> &mut Self {
        self.oddities.push(Oddity::NullObject(key));
        self
    }

    /// Puts the record into every answer twice.
    pub fn answer_twice(&mut self) -> &mut Self {
        self.oddities.push(Oddity::Twice);
        self
    }

    /// Puts this JSON into every answer in place of the record.
    pub fn answer_instead(&mut self, record: Value) -> &mut Self {
        self.oddities.push(Oddity::Instead(record));
        self
    }

    /// Makes the record ordinary again; written values stay.
    pub fn answer_plainly(&mut self) -> &mut Self {
        self.oddities.clear();
        self
    }

    pub(crate) fn written(&self, field: &Field) -> Option<&Value> {
        self.written
            .iter()
            .find(|(known, _)| std::ptr::eq(*known, field))
            .map(|(_, value)| value)
    }

    pub(crate) fn oddities(&self) -> &[Oddity] {
        &self.oddities
    }

    pub(crate) fn shrink(&mut self) {
        self.written.shrink_to_fit();
    }
}
