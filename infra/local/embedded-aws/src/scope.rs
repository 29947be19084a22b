use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{Error, REGION, Template};

/// What a template's references stand for: its parameters, and what has been created from it so far.
#[derive(Debug)]
pub(crate) struct Scope {
    /// By name or logical id, or by `<logical id>.<attribute>`.
    values: BTreeMap<String, Value>,
}

impl Scope {
    /// The given parameters and the defaults of the others.
    pub(crate) fn new(template: &Template, given: &[(&str, &str)]) -> Result<Self, Error> {
        let mut values = BTreeMap::from([("AWS::Region".to_owned(), REGION.into())]);
        for (name, parameter) in &template.parameters {
            if let Some(default) = &parameter.default {
                values.insert(name.clone(), default.clone());
            }
        }
        for &(name, value) in given {
            if !template.parameters.contains_key(name) {
                return Err(Error::UnknownParameter(name.to_owned()));
            }
            values.insert(name.to_owned(), value.into());
        }
        match template
            .parameters
            .keys()
            .find(|name| !values.contains_key(*name))
        {
            Some(missing) => Err(Error::MissingParameter(missing.clone())),
            None => Ok(Self { values }),
        }
    }

    /// Makes a created resource known.
    pub(crate) fn define(&mut self, name: impl Into<String>, value: String) {
        self.values.insert(name.into(), value.into());
    }

    /// The value with every intrinsic function replaced by what it stands for.
    pub(crate) fn resolve(&self, value: &Value) -> Result<Value, Error> {
        match value {
            Value::Array(values) => values.iter().map(|value| self.resolve(value)).collect(),
            Value::Object(map) => match map.iter().next() {
                Some((function, argument)) if map.len() == 1 && is_intrinsic(function) => {
                    self.call(function, argument)
                }
                _ => {
                    let entries = map
                        .iter()
                        .map(|(key, value)| Ok((key.clone(), self.resolve(value)?)));
                    entries.collect::<Result<Map<_, _>, Error>>().map(Value::Object)
                }
            },
            plain => Ok(plain.clone()),
        }
    }

    fn call(&self, function: &str, argument: &Value) -> Result<Value, Error> {
        match (function, argument) {
            ("Ref" | "Fn::GetAtt", Value::String(name)) => self.look_up(name).cloned(),
            ("Fn::Sub", Value::String(text)) => self.substitute(text).map(Value::String),
            _ => Err(Error::UnsupportedFunction(function.to_owned())),
        }
    }

    fn substitute(&self, text: &str) -> Result<String, Error> {
        let mut parts = text.split("${");
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part
                .split_once('}')
                .ok_or_else(|| Error::UnresolvedReference(part.to_owned()))?;
            result.push_str(&plain_text(self.look_up(name)?));
            result.push_str(rest);
        }
        Ok(result)
    }

    fn look_up(&self, name: &str) -> Result<&Value, Error> {
        self.values
            .get(name)
            .ok_or_else(|| Error::UnresolvedReference(name.to_owned()))
    }
}

/// A scalar as CloudFormation writes it into a string.
pub(crate) fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_intrinsic(key: &str) -> bool {
    key == "Ref" || key == "Condition" || key.starts_with("Fn::")
}
