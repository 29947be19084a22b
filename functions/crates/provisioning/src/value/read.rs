//! From the two forms of a source's value to the one form of its target's type.

use compact_str::{CompactString, ToCompactString};
use serde_json::Value as Json;

use crate::email::EmailAddress;
use crate::employee::Reading;
use crate::field::FieldType;
use crate::target::TargetType;
use crate::value::date::{canonical_birthday, parse_date};
use crate::value::{Unreadable, Value};

/// Longer texts are not names, titles or places; HiThrive could not show them.
const LONGEST_TEXT_BYTES: usize = 1024;
/// More entries than a person has teams or groups.
const LONGEST_LIST: usize = 50;

/// Reads a value for a target. `Ok(None)` is a value without content, such as blank text or an empty list.
pub(crate) fn read_value(
    target: TargetType,
    source: FieldType,
    is_id: bool,
    reading: &Reading,
) -> Result<Option<Value>, Unreadable> {
    match target {
        TargetType::TextList => read_list(source, reading),
        TargetType::Email => read_address(&text_of(source, is_id, reading)?),
        TargetType::Date => parse_with(&text_of(source, is_id, reading)?, |text| {
            Ok(parse_date(text).ok_or(Unreadable::NotADate)?.to_compact_string())
        }),
        TargetType::Birthday => parse_with(&text_of(source, is_id, reading)?, |text| {
            canonical_birthday(text).ok_or(Unreadable::NotADate)
        }),
        TargetType::Url => parse_with(&text_of(source, is_id, reading)?, |text| {
            let web = text.starts_with("https://") || text.starts_with("http://");
            if web && !text.contains(char::is_whitespace) {
                Ok(text.into())
            } else {
                Err(Unreadable::NotAUrl)
            }
        }),
        TargetType::Text | TargetType::Person => {
            parse_with(&text_of(source, is_id, reading)?, |text| Ok(text.into()))
        }
    }
}

/// Nothing is dropped from within an address: what is left could be somebody else's.
fn read_address(text: &str) -> Result<Option<Value>, Unreadable> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let address: EmailAddress = text.parse().map_err(|_| Unreadable::NotAnEmail)?;
    Ok(Some(Value::Text(address.as_str().into())))
}

fn parse_with(
    text: &str,
    parse: impl FnOnce(&str) -> Result<CompactString, Unreadable>,
) -> Result<Option<Value>, Unreadable> {
    let text = clean(text)?;
    if text.is_empty() {
        Ok(None)
    } else {
        parse(&text).map(|text| Some(Value::Text(text)))
    }
}

/// The human form for lists and references, the machine form for everything a program can read: in the human form dates
/// are in the service user's display format and numbers are rounded (`"45.00"`).
fn text_of(source: FieldType, is_id: bool, reading: &Reading) -> Result<CompactString, Unreadable> {
    use FieldType as F;
    let prefers_human = match source {
        F::List | F::ListId | F::MultiList | F::HierarchyList | F::EmployeeReference | F::Employee => !is_id,
        F::Text
        | F::TextArea
        | F::Number
        | F::Date
        | F::ShortDate
        | F::Time
        | F::Boolean
        | F::Avatar
        | F::Ssn
        | F::Other => false,
    };
    if prefers_human && let Some(human) = &reading.human {
        return Ok(human.into());
    }
    match &reading.machine {
        Json::String(text) => Ok(text.into()),
        Json::Number(number) => Ok(number.to_compact_string()),
        Json::Bool(flag) => Ok(flag.to_compact_string()),
        Json::Array(items) if source == F::MultiList => Ok(scalar_texts(items)?.join(", ").into()),
        Json::Null | Json::Array(_) | Json::Object(_) => Err(Unreadable::WrongType),
    }
}

pub(super) fn scalar_text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(_) | Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn scalar_texts(items: &[Json]) -> Result<Vec<String>, Unreadable> {
    items
        .iter()
        .map(|item| scalar_text(item).ok_or(Unreadable::WrongType))
        .collect()
}

fn read_list(source: FieldType, reading: &Reading) -> Result<Option<Value>, Unreadable> {
    let texts: Vec<String> = match (&reading.machine, &reading.human) {
        (Json::Array(items), None) => scalar_texts(items)?,
        (Json::Array(items), Some(joined)) => {
            // HiBob joins labels with commas and a label may hold one: only a split that agrees in number is a list.
            let labels: Vec<String> = joined.split(',').map(str::to_owned).collect();
            if labels.len() == items.len() {
                labels
            } else {
                vec![joined.clone()]
            }
        }
        _ => vec![text_of(source, false, reading)?.into()],
    };
    let mut list = Vec::with_capacity(texts.len());
    for text in &texts {
        let text = clean(text)?;
        if !text.is_empty() && !list.contains(&text) {
            list.push(text);
        }
    }
    match list.len() {
        0 => Ok(None),
        1..=LONGEST_LIST => Ok(Some(Value::List(list))),
        _ => Err(Unreadable::TooLong),
    }
}

/// Trims, drops control characters, and refuses what is too long.
pub(super) fn clean(text: &str) -> Result<CompactString, Unreadable> {
    if text.len() > LONGEST_TEXT_BYTES {
        return Err(Unreadable::TooLong);
    }
    let text = text.trim();
    if text.contains(char::is_control) {
        let kept: CompactString = text.chars().filter(|c| !c.is_control()).collect();
        return Ok(kept.trim().into());
    }
    Ok(text.into())
}
