//! A mapping applied to one employee.

use crate::employee::{Employee, FieldValue, Reading};
use crate::field::{FieldIndex, FieldSet, FieldType, control};
use crate::mapping::{Mapping, MappingEntry, WhenEmpty};
use crate::target::{Target, TargetType};
use crate::value::{PersonLink, Unreadable, Value, read_person, read_value};

/// What an entry makes of one employee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The target gets a value.
    Set(Value),
    /// The source is known to be empty, and so shall the target be.
    Clear,
    /// The target stays as it is: a field is absent, or empty under [`WhenEmpty::Keep`].
    Keep,
    /// The target stays as it is, because the source's value cannot be read.
    Unreadable(Unreadable),
}

/// What the manager entry makes of one employee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ManagerOutcome {
    /// The source names somebody.
    Link(PersonLink),
    /// Known to report to nobody.
    Clear,
    /// The link stays as it is.
    Keep,
    /// The link stays as it is, because the source's value cannot be read.
    Unreadable(Unreadable),
}

/// What an entry makes of one employee, with the source that decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sampled<T = Value> {
    /// The source has a value.
    Value(FieldIndex, T),
    /// Every source is known to be empty.
    Empty,
    /// The source is absent from the record.
    Absent(FieldIndex),
    /// The source's value cannot be read.
    Unreadable(FieldIndex, Unreadable),
}

/// A mapping whose fields have been found in a [`FieldSet`], ready to evaluate employees.
#[derive(Debug)]
pub(crate) struct Evaluator<'a> {
    entries: Vec<BoundEntry<'a>>,
    manager: Option<BoundEntry<'a>>,
}

#[derive(Debug)]
struct BoundEntry<'a> {
    place: u16,
    target: &'a Target,
    target_type: TargetType,
    when_empty: WhenEmpty,
    sources: Vec<(FieldIndex, FieldType)>,
}

impl BoundEntry<'_> {
    fn evaluate<T>(
        &self,
        employee: &Employee,
        read: impl Fn(FieldIndex, FieldType, &Reading) -> Result<Option<T>, Unreadable>,
    ) -> Sampled<T> {
        for &(index, field_type) in &self.sources {
            match employee.get(index) {
                // An absent field may hold the preferred value; falling through would replace it with a lesser one.
                FieldValue::Absent => return Sampled::Absent(index),
                FieldValue::Empty => {}
                FieldValue::Present(reading) => match read(index, field_type, reading) {
                    Ok(Some(value)) => return Sampled::Value(index, value),
                    Ok(None) => {}
                    Err(reason) => return Sampled::Unreadable(index, reason),
                },
            }
        }
        Sampled::Empty
    }

    fn value(&self, employee: &Employee) -> Sampled {
        self.evaluate(employee, |index, field_type, reading| {
            read_value(self.target_type, field_type, index == control::ID, reading)
        })
    }

    /// The manager as HiBob shows them, or failing that as it links them.
    fn shown_person(&self, employee: &Employee) -> Sampled {
        self.evaluate(employee, |_, _, reading| {
            let link = read_person(reading)?;
            Ok(link.map(|link| {
                let shown = reading.human.clone().unwrap_or_else(|| link.to_string());
                Value::Text(shown.into())
            }))
        })
    }
}

impl<'a> Evaluator<'a> {
    /// Finds the mapping's fields in the set that employees will be read with.
    #[must_use]
    pub(crate) fn new(mapping: &'a Mapping, fields: &FieldSet) -> Self {
        let bind = |(entry, place): (&'a MappingEntry, u16)| BoundEntry {
            place,
            target: &entry.target,
            target_type: entry.target.target_type(),
            when_empty: entry.when_empty,
            sources: entry
                .sources
                .iter()
                .filter_map(|source| Some((fields.index_of(&source.id)?, source.field_type)))
                .collect(),
        };
        let (manager, entries): (Vec<_>, Vec<_>) = mapping
            .entries
            .iter()
            .zip(0..)
            .map(bind)
            .partition(|entry| entry.target_type == TargetType::Person);
        Self {
            entries,
            manager: manager.into_iter().next(),
        }
    }

    /// Each target but the manager, by its place among the mapping's entries, with what the employee's record makes of it.
    pub(crate) fn outcomes(&self, employee: &Employee) -> impl Iterator<Item = (u16, &'a Target, Outcome)> {
        self.entries.iter().map(move |entry| {
            let outcome = match entry.value(employee) {
                Sampled::Value(_, value) => Outcome::Set(value),
                Sampled::Empty if entry.when_empty == WhenEmpty::Clear => Outcome::Clear,
                Sampled::Empty | Sampled::Absent(_) => Outcome::Keep,
                Sampled::Unreadable(_, reason) => Outcome::Unreadable(reason),
            };
            (entry.place, entry.target, outcome)
        })
    }

    /// Whom the employee reports to.
    #[must_use]
    pub(crate) fn manager(&self, employee: &Employee) -> ManagerOutcome {
        let Some(entry) = &self.manager else {
            return ManagerOutcome::Keep;
        };
        match entry.evaluate(employee, |_, _, reading| read_person(reading)) {
            Sampled::Value(_, link) => ManagerOutcome::Link(link),
            Sampled::Empty if entry.when_empty == WhenEmpty::Clear => ManagerOutcome::Clear,
            Sampled::Empty | Sampled::Absent(_) => ManagerOutcome::Keep,
            Sampled::Unreadable(_, reason) => ManagerOutcome::Unreadable(reason),
        }
    }

    /// Each target, the manager among them, with what decides it for one employee.
    pub(crate) fn samples(&self, employee: &Employee) -> impl Iterator<Item = (&'a Target, Sampled)> {
        let values = self
            .entries
            .iter()
            .map(|entry| (entry.target, entry.value(employee)));
        let manager = self.manager.iter();
        values.chain(manager.map(|entry| (entry.target, entry.shown_person(employee))))
    }
}
