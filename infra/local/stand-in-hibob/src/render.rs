//! A person's record as JSON: slash keys, nested objects and human values, written straight into a buffer.

use std::{borrow::Cow, io};

use serde::Serialize;
use serde_json::Value;

use crate::{
    company::Company,
    dice::Dice,
    employee::{Employee, Oddity},
    field::Field,
    human,
    search::Style,
};

/// The fields of an answer, laid out once for all its records.
#[derive(Debug)]
pub(crate) struct Layout {
    fields: Vec<&'static Field>,
    style: Style,
    slash_keys: Vec<String>,
    nested: Vec<Branch>,
    /// The key order of records is nobody's promise, so it differs from answer to answer.
    slash_keys_first: bool,
}

/// A key of the nested form: a field, or an object of more keys, or (as with `work.reportsTo`) whichever has a value.
#[derive(Debug)]
struct Branch {
    key: &'static str,
    field: Option<usize>,
    branches: Vec<Branch>,
}

/// One person's values, in the order of the layout; `None` is absent.
struct Record<'a> {
    machine: Vec<Option<Cow<'a, Value>>>,
    human: Vec<Option<String>>,
    null_objects: Vec<&'static str>,
}

impl Layout {
    pub(crate) fn new(mut fields: Vec<&'static Field>, style: Style, dice: &mut Dice) -> Self {
        dice.shuffle(&mut fields);
        let mut nested = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            plant(&mut nested, field.json_path(), index);
        }
        let slash_keys = fields
            .iter()
            .map(|field| format!("/{}", field.id.replace('.', "/")))
            .collect();
        Self {
            fields,
            style,
            slash_keys,
            nested,
            slash_keys_first: dice.chance(50),
        }
    }

    /// How many times the person stands in the answer.
    pub(crate) fn copies(employee: &Employee) -> usize {
        1 + employee
            .oddities()
            .iter()
            .filter(|oddity| matches!(oddity, Oddity::Twice))
            .count()
    }

    /// Writes one record; `padding` bytes of an unknown key go with it.
    pub(crate) fn write(
        &self,
        company: &Company,
        employee: &Employee,
        padding: usize,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        if let Some(instead) = employee.oddities().iter().find_map(|oddity| match oddity {
            Oddity::Instead(instead) => Some(instead),
            _ => None,
        }) {
            return json(out, instead);
        }
        let record = self.record(company, employee);
        out.push(b'{');
        if self.slash_keys_first {
            self.write_slash_keys(&record, out)?;
        }
        let nested = |index: usize, out: &mut Vec<u8>| match &record.machine[index] {
            Some(value) => json(out, &**value).map(|()| true),
            None => Ok(false),
        };
        write_branches(&self.nested, &record.null_objects, &nested, out)?;
        if !self.slash_keys_first {
            self.write_slash_keys(&record, out)?;
        }
        if self.style == Style::Append {
            let human = |index: usize, out: &mut Vec<u8>| match &record.human[index] {
                Some(text) => json(out, text).map(|()| true),
                None => Ok(false),
            };
            comma(out);
            out.extend_from_slice(b"\"humanReadable\":{");
            write_branches(&self.nested, &[], &human, out)?;
            out.push(b'}');
        }
        if padding > 0 {
            comma(out);
            out.extend_from_slice(b"\"padding\":\"");
            out.resize(out.len() + padding, b'x');
            out.push(b'"');
        }
        out.push(b'}');
        Ok(())
    }

    fn record<'a>(&self, company: &'a Company, employee: &'a Employee) -> Record<'a> {
        let null_objects = employee.oddities().iter().filter_map(|oddity| match oddity {
            Oddity::NullObject(key) => Some(*key),
            _ => None,
        });
        let null_objects = null_objects.collect::<Vec<_>>();
        let is_withheld = |field: &Field| {
            let key = field.json_path().split('.').next().unwrap_or_default();
            null_objects.contains(&key)
                || employee
                    .oddities()
                    .iter()
                    .any(|it| matches!(it, Oddity::Withheld(other) if other.id == field.id))
        };
        let mut machine = self
            .fields
            .iter()
            .map(|field| (!is_withheld(field)).then(|| company.shown(employee, field)))
            .collect::<Vec<_>>();
        let mut human = Vec::new();
        if self.style != Style::Machine {
            let both = self.fields.iter().zip(&machine);
            human.extend(both.map(|(field, value)| human::text(company, field, value.as_deref()?)));
        }
        if self.style == Style::Replace {
            for (value, human) in machine.iter_mut().zip(human.drain(..)) {
                if value.is_some() {
                    *value = Some(Cow::Owned(human.map_or(Value::Null, Value::from)));
                }
            }
        }
        Record {
            machine,
            human,
            null_objects,
        }
    }

    fn write_slash_keys(&self, record: &Record<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        for (key, value) in self.slash_keys.iter().zip(&record.machine) {
            if let Some(value) = value.as_deref().filter(|value| !value.is_null()) {
                comma(out);
                json(out, key)?;
                out.extend_from_slice(b":{\"value\":");
                json(out, value)?;
                out.push(b'}');
            }
        }
        Ok(())
    }
}

fn plant(branches: &mut Vec<Branch>, path: &'static str, field: usize) {
    let (key, rest) = path
        .split_once('.')
        .map_or((path, None), |(key, rest)| (key, Some(rest)));
    let place = branches
        .iter()
        .position(|branch| branch.key == key)
        .unwrap_or_else(|| {
            branches.push(Branch {
                key,
                field: None,
                branches: Vec::new(),
            });
            branches.len() - 1
        });
    match rest {
        Some(rest) => plant(&mut branches[place].branches, rest, field),
        None => branches[place].field = Some(field),
    }
}

/// `value` writes the value of a field and says whether it has one; an object without any key is not written.
fn write_branches(
    branches: &[Branch],
    null_objects: &[&str],
    value: &impl Fn(usize, &mut Vec<u8>) -> io::Result<bool>,
    out: &mut Vec<u8>,
) -> io::Result<bool> {
    let mut wrote_any = false;
    for branch in branches {
        let before = out.len();
        comma(out);
        json(out, branch.key)?;
        out.push(b':');
        let has_value = if null_objects.contains(&branch.key) {
            out.extend_from_slice(b"null");
            true
        } else if let Some(field) = branch.field
            && value(field, out)?
        {
            true
        } else {
            out.push(b'{');
            let has_keys = write_branches(&branch.branches, &[], value, out)?;
            out.push(b'}');
            has_keys
        };
        wrote_any |= has_value;
        if !has_value {
            out.truncate(before);
        }
    }
    Ok(wrote_any)
}

fn comma(out: &mut Vec<u8>) {
    if out.last().is_some_and(|last| *last != b'{') {
        out.push(b',');
    }
}

fn json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
