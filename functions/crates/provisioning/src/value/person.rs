//! Links from one employee to another.

use std::fmt;

use serde_json::Value as Json;

use crate::email::EmailAddress;
use crate::employee::Reading;
use crate::ids::EmployeeId;
use crate::value::Unreadable;
use crate::value::read::{clean, scalar_text};

/// Another employee as a source names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PersonLink {
    /// By HiBob's id.
    Id(EmployeeId),
    /// By e-mail address.
    Address(EmailAddress),
}

impl fmt::Display for PersonLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// Reads a link to another employee, which HiBob gives as an object, an id or an address, depending on the field.
pub(crate) fn read_person(reading: &Reading) -> Result<Option<PersonLink>, Unreadable> {
    let by_text = |text: &str| -> Result<Option<PersonLink>, Unreadable> {
        let text = clean(text)?;
        if text.is_empty() {
            Ok(None)
        } else if text.contains('@') {
            text.parse()
                .map(|address| Some(PersonLink::Address(address)))
                .map_err(|_| Unreadable::NotAnEmail)
        } else {
            text.parse()
                .map(|id| Some(PersonLink::Id(id)))
                .map_err(|_| Unreadable::WrongType)
        }
    };
    match &reading.machine {
        Json::String(text) => by_text(text),
        Json::Number(number) => by_text(&number.to_string()),
        Json::Object(person) => {
            let named = person
                .get("id")
                .filter(|id| !id.is_null())
                .or_else(|| person.get("email"));
            match named.and_then(scalar_text) {
                Some(text) => by_text(&text),
                None => Err(Unreadable::WrongType),
            }
        }
        Json::Null | Json::Bool(_) | Json::Array(_) => Err(Unreadable::WrongType),
    }
}
