//! Reads the asked-for fields out of one record and lets everything else pass unread.

use std::collections::BTreeMap;
use std::fmt;
use std::iter;

use provisioning::field::control;
use provisioning::{Employee, FieldIndex, FieldSet, FieldValue, Reading};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::error::Fault;

/// Longer integers do not survive the many JSON readers that know only floating point. They are identifiers.
const MAX_NUMBER_DIGITS: usize = 15;

/// Where a record tells a field's value. HiBob tells it up to three times.
#[derive(Clone, Copy)]
enum Form {
    /// `"work": {"title": …}`, also when it is null.
    Nested,
    /// `"/work/title": {"value": …}`, only when it is not null.
    Slash,
    /// `"humanReadable": {"work": {"title": …}}`, only when it is not null.
    Human,
}

/// The JSON text of one field in each [`Form`], as far as the record has it.
type Found<'de> = [Option<&'de str>; 3];

/// Stands for the text of a value that passed unread.
const UNREAD: &str = "true";

/// Knows where the fields of one set stand in a record.
pub(crate) struct Extractor {
    record: Node,
    /// For each field whether its value is read, or only whether it has one.
    reads: Vec<bool>,
}

/// A place in a record: a field's value, an object on the way to others, or both, as `work.reportsTo` beside
/// `work.reportsTo.email`.
#[derive(Default)]
struct Node {
    field: Option<Place>,
    members: BTreeMap<Box<str>, Node>,
}

/// Which field a value belongs to.
#[derive(Clone, Copy)]
struct Place {
    field: usize,
    form: Form,
    is_read: bool,
}

impl Extractor {
    pub(crate) fn new(fields: &FieldSet) -> Self {
        Self::reading(fields, |_| true)
    }

    /// Reads the values of some fields; of the others only whether they are absent, empty or present.
    pub(crate) fn reading(fields: &FieldSet, is_read: impl Fn(FieldIndex) -> bool) -> Self {
        let reads: Vec<bool> = fields.indexes().map(is_read).collect();
        let mut record = Node::default();
        for (field, (id, &is_read)) in fields.ids().iter().zip(&reads).enumerate() {
            let at = |form| Place { field, form, is_read };
            record.insert(id.json_path(), at(Form::Nested));
            record.insert([id.slash_key().as_str(), "value"], at(Form::Slash));
            record.insert(iter::once("humanReadable").chain(id.json_path()), at(Form::Human));
        }
        Self { record, reads }
    }

    /// The asked-for values of a record, which must be one well-formed JSON object.
    pub(crate) fn employee(&self, record: &[u8]) -> Result<Employee, Fault> {
        let record = str::from_utf8(record).map_err(|_| Fault::Malformed)?;
        let mut found = vec![Found::default(); self.reads.len()];
        let mut json = serde_json::Deserializer::from_str(record);
        let reader = Reader {
            node: &self.record,
            found: &mut found,
        };
        reader
            .deserialize(&mut json)
            .and_then(|()| json.end())
            .map_err(|_| Fault::Malformed)?;

        let read = found.into_iter().map(value).zip(&self.reads);
        let mut values: Vec<_> = read
            .map(|(value, &is_read)| if is_read { value } else { without_content(value) })
            .collect();
        if let Some(FieldValue::Present(Reading {
            machine: id @ Json::Number(_),
            ..
        })) = values.get_mut(control::ID.get())
        {
            *id = Json::String(id.to_string());
        }
        Ok(Employee::new(values))
    }
}

/// The nested form counts first, because it alone tells an empty field from one that may not be seen.
fn value([nested, slash, human]: Found<'_>) -> FieldValue {
    match nested.or(slash.filter(|json| *json != "null")) {
        None => FieldValue::Absent,
        Some("null") => FieldValue::Empty,
        // JSON allows text that Unicode does not: half a surrogate pair. Such a value cannot be known.
        Some(json) => machine(json).map_or(FieldValue::Absent, |machine| {
            let human = human.and_then(|json| serde_json::from_str(json).ok());
            FieldValue::Present(Reading { machine, human })
        }),
    }
}

/// That there is a value, and nothing of it.
fn without_content(value: FieldValue) -> FieldValue {
    match value {
        FieldValue::Present(_) => FieldValue::Present(Reading {
            machine: Json::Null,
            human: None,
        }),
        FieldValue::Absent | FieldValue::Empty => value,
    }
}

fn machine(json: &str) -> Option<Json> {
    let digits = json.strip_prefix('-').unwrap_or(json);
    if digits.len() > MAX_NUMBER_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Json::String(json.to_owned()));
    }
    serde_json::from_str(json).ok()
}

impl Node {
    fn insert<'a>(&mut self, path: impl IntoIterator<Item = &'a str>, place: Place) {
        let node = path.into_iter().fold(self, |node, member| {
            node.members.entry(member.into()).or_default()
        });
        node.field = Some(place);
    }
}

/// Reads the value at a node, noting the text of each field in or below it.
struct Reader<'n, 'f, 'de> {
    node: &'n Node,
    found: &'f mut [Found<'de>],
}

impl<'de> DeserializeSeed<'de> for Reader<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let Some(Place { field, form, is_read }) = self.node.field else {
            return json.deserialize_any(self);
        };
        let found = &mut self.found[field][form as usize];
        if !is_read && self.node.members.is_empty() {
            let is_null = Option::<IgnoredAny>::deserialize(json)?.is_none();
            *found = Some(if is_null { "null" } else { UNREAD });
            return Ok(());
        }
        let text = <&RawValue>::deserialize(json)?.get();
        *found = Some(text);
        if self.node.members.is_empty() {
            return Ok(());
        }
        serde_json::Deserializer::from_str(text)
            .deserialize_any(self)
            .map_err(D::Error::custom)
    }
}

/// Whatever is not an object where one was expected has no members: they are absent.
impl<'de> Visitor<'de> for Reader<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(member) = map.next_key_seed(Member(self.node))? {
            match member {
                Some(node) => map.next_value_seed(Reader {
                    node,
                    found: &mut *self.found,
                })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Looks a key up without keeping it.
struct Member<'n>(&'n Node);

impl<'de, 'n> DeserializeSeed<'de> for Member<'n> {
    type Value = Option<&'n Node>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Self::Value, D::Error> {
        key.deserialize_str(self)
    }
}

impl<'n> Visitor<'_> for Member<'n> {
    type Value = Option<&'n Node>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.members.get(key))
    }
}

#[cfg(test)]
mod tests;
