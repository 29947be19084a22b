use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::Tagged;

use crate::Error;
use crate::scope::Scope;

/// A CloudFormation template with its intrinsic functions in their long form, whichever form they were written in.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Template {
    /// By name.
    pub parameters: BTreeMap<String, Parameter>,
    /// What all resources of a kind have in common.
    #[serde(default)]
    pub globals: Value,
    /// By logical id.
    pub resources: BTreeMap<String, Resource>,
}

/// A parameter's declaration.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameter {
    /// Used when none is given.
    pub default: Option<Value>,
}

/// A resource's declaration.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Resource {
    /// Such as `AWS::SQS::Queue`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// How SAM builds it.
    #[serde(default)]
    pub metadata: Value,
    /// As its kind defines them.
    #[serde(default)]
    pub properties: Value,
}

impl Template {
    /// Reads a template in YAML.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let Node(value) = serde_saphyr::from_str(text).map_err(Error::Parse)?;
        serde_json::from_value(value).map_err(Error::Template)
    }

    /// The resources of one kind, by logical id.
    pub fn resources_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Resource)> {
        let of_kind = self
            .resources
            .iter()
            .filter(move |(_, resource)| resource.kind == kind);
        of_kind.map(|(id, resource)| (id.as_str(), resource))
    }

    /// A part of the template, its references to parameters replaced by what is given for them.
    pub fn resolve(&self, part: &Value, parameters: &[(&str, &str)]) -> Result<Value, Error> {
        Scope::new(self, parameters)?.resolve(part)
    }
}

/// A YAML node as JSON: `!Sub x` becomes `{"Fn::Sub": "x"}`, `!Ref x` becomes `{"Ref": "x"}`.
struct Node(Value);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Tagged(Untagged(value), tag) = Tagged::deserialize(deserializer)?;
        let function = match tag.as_deref().and_then(|tag| tag.strip_prefix('!')) {
            Some(tag @ ("Ref" | "Condition")) => tag.to_owned(),
            Some(tag) => format!("Fn::{tag}"),
            None => return Ok(Self(value)),
        };
        Ok(Self(Map::from_iter([(function, value)]).into()))
    }
}

struct Untagged(Value);

impl<'de> Deserialize<'de> for Untagged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode).map(Self)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a YAML node")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Node(value)) = sequence.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Node(value))) = entries.next_entry()? {
            map.insert(key, value);
        }
        Ok(map.into())
    }
}
