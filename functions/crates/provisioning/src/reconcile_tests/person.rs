//! People as HiBob's answer shows them.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::email::EmailAddress;
use crate::employee::{Employee, FieldValue, Reading};
use crate::field::FieldSet;

pub(super) const ID: &str = "root.id";
pub(super) const EMAIL: &str = "root.email";
pub(super) const FIRST_NAME: &str = "root.firstName";
pub(super) const DISPLAY_NAME: &str = "root.displayName";
pub(super) const STATUS: &str = "internal.status";
pub(super) const LIFECYCLE: &str = "internal.lifecycleStatus";
pub(super) const TERMINATED_ON: &str = "internal.terminationDate";
pub(super) const STARTS_ON: &str = "work.startDate";
pub(super) const TITLE: &str = "work.title";
pub(super) const SITE: &str = "work.site";
pub(super) const TEAMS: &str = "work.custom.field_teams";
pub(super) const BIRTHDAY: &str = "personal.shortBirthDate";
pub(super) const MANAGER: &str = "work.reportsTo";
pub(super) const MANAGER_EMAIL: &str = "work.reportsTo.email";

/// One record; a field that is not set is absent.
#[derive(Debug, Clone)]
pub(super) struct Person(BTreeMap<&'static str, FieldValue>);

/// Somebody who has worked here for years, in London, under nobody.
pub(super) fn employed(id: &str) -> Person {
    let no_fields = Person(BTreeMap::new());
    let empty = [
        TERMINATED_ON,
        DISPLAY_NAME,
        TEAMS,
        BIRTHDAY,
        MANAGER,
        MANAGER_EMAIL,
    ];
    empty
        .into_iter()
        .fold(no_fields, Person::null)
        .text(ID, id)
        .email(&format!("p{id}@example.com"))
        .text(FIRST_NAME, &format!("First {id}"))
        .text(STATUS, "Active")
        .text(LIFECYCLE, "employed")
        .text(STARTS_ON, "2020-01-01")
        .label(TITLE, "255490048", "Analyst")
        .text(SITE, "London")
}

/// The people with these ids, all as [`employed`] has them.
pub(super) fn staff(ids: std::ops::RangeInclusive<u32>) -> Vec<Person> {
    ids.map(|id| employed(&id.to_string())).collect()
}

/// Somebody whom HiBob calls terminated, with the date it gives.
pub(super) fn terminated(id: &str, on: &str) -> Person {
    employed(id)
        .text(STATUS, "Inactive")
        .text(LIFECYCLE, "terminated")
        .text(TERMINATED_ON, on)
}

/// Somebody who starts on a date.
pub(super) fn hired(id: &str, starts_on: &str) -> Person {
    employed(id)
        .text(STATUS, "Inactive")
        .text(LIFECYCLE, "hired")
        .text(STARTS_ON, starts_on)
}

impl Person {
    pub(super) fn value(mut self, field: &'static str, value: FieldValue) -> Self {
        self.0.insert(field, value);
        self
    }

    pub(super) fn json(self, field: &'static str, machine: Json) -> Self {
        self.value(field, FieldValue::Present(Reading { machine, human: None }))
    }

    pub(super) fn text(self, field: &'static str, text: &str) -> Self {
        self.json(field, json!(text))
    }

    /// An item of a named list: its id and its label.
    pub(super) fn label(self, field: &'static str, item: &str, label: &str) -> Self {
        self.value(
            field,
            FieldValue::Present(Reading {
                machine: json!(item),
                human: Some(label.to_owned()),
            }),
        )
    }

    pub(super) fn null(self, field: &'static str) -> Self {
        self.value(field, FieldValue::Empty)
    }

    pub(super) fn without(self, field: &'static str) -> Self {
        self.value(field, FieldValue::Absent)
    }

    pub(super) fn email(self, address: &str) -> Self {
        self.text(EMAIL, address)
    }

    pub(super) fn titled(self, title: &str) -> Self {
        self.label(TITLE, title, title)
    }

    pub(super) fn reports_to(self, id: &str) -> Self {
        self.json(MANAGER, json!({"id": id, "displayName": "Zoe Clark"}))
    }

    /// As one request for `fields` would show this person.
    pub(super) fn read_with(&self, fields: &FieldSet) -> Employee {
        let value = |id: &crate::field::FieldId| self.0.get(id.as_str()).cloned().unwrap_or_default();
        Employee::new(fields.ids().iter().map(value).collect())
    }

    /// The same record under another id; an address of their own goes with it.
    pub(super) fn renamed(self, id: &str) -> Self {
        let own_address = format!("p{}@example.com", self.id());
        let is_own = self.says(EMAIL, &own_address);
        let renamed = self.text(ID, id);
        if is_own {
            renamed.email(&format!("p{id}@example.com"))
        } else {
            renamed
        }
    }

    pub(super) fn id(&self) -> String {
        self.shown(ID).unwrap_or_default().to_owned()
    }

    pub(super) fn says(&self, field: &str, text: &str) -> bool {
        self.shown(field) == Some(text)
    }

    pub(super) fn has_address(&self, address: &EmailAddress) -> bool {
        self.shown(EMAIL)
            .and_then(|text| text.parse::<EmailAddress>().ok())
            .as_ref()
            == Some(address)
    }

    pub(super) fn lacks(&self, field: &str) -> bool {
        self.0.get(field).is_none_or(|value| *value == FieldValue::Absent)
    }

    fn shown(&self, field: &str) -> Option<&str> {
        match self.0.get(field)? {
            FieldValue::Present(reading) => reading.machine.as_str(),
            FieldValue::Absent | FieldValue::Empty => None,
        }
    }
}
