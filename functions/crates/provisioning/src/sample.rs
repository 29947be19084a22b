//! A draft mapping applied to one real person, to show beside each row what would come of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::employee::Employee;
use crate::field::{FieldId, FieldSet};
use crate::mapping::{Evaluator, Mapping, MappingDocumentEntry, Sampled};
use crate::preview::Shown;

/// What one entry makes of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// The entry's target.
    pub target: String,
    /// How it went.
    pub state: SampleState,
    /// The value; a manager as HiBob shows them.
    pub value: Option<Shown>,
    /// The source that decided: it has the value, is absent, or cannot be read.
    pub source: Option<FieldId>,
}

/// How an entry went for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SampleState {
    /// There is a value.
    Value,
    /// Every source is known to be empty.
    Empty,
    /// A source that comes first is absent from the record.
    Withheld,
    /// The value cannot fill the target.
    Unreadable,
}

/// The fields to read one person with: the control fields and the sources of every entry that is valid by itself.
#[must_use]
pub fn sample_fields(entries: &[MappingDocumentEntry]) -> FieldSet {
    FieldSet::new(Mapping::draft(entries).sources())
}

/// What each entry that is valid by itself makes of one person, read with [`sample_fields`].
#[must_use]
pub fn sample(entries: &[MappingDocumentEntry], fields: &FieldSet, employee: &Employee) -> Vec<Sample> {
    let draft = Mapping::draft(entries);
    let evaluator = Evaluator::new(&draft, fields);
    evaluator
        .samples(employee)
        .map(|(target, sampled)| {
            let source = |index| Some(fields.get(index).0.clone());
            let (state, value, source) = match sampled {
                Sampled::Value(index, value) => (SampleState::Value, Some(value.into()), source(index)),
                Sampled::Empty => (SampleState::Empty, None, None),
                Sampled::Absent(index) => (SampleState::Withheld, None, source(index)),
                Sampled::Unreadable(index, _) => (SampleState::Unreadable, None, source(index)),
            };
            Sample {
                target: target.to_string(),
                state,
                value,
                source,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::employee::{FieldValue, Reading};
    use crate::field::{Category, FieldType, SourceField};
    use crate::mapping::WhenEmpty;

    fn entry(target: &str, sources: &[(&str, FieldType)]) -> MappingDocumentEntry {
        let source = |&(id, field_type): &(&str, FieldType)| SourceField {
            id: id.parse().unwrap(),
            field_type,
            category: Category {
                id: "c".to_owned(),
                name: "C".to_owned(),
            },
        };
        MappingDocumentEntry {
            target: target.to_owned(),
            sources: sources.iter().map(source).collect(),
            when_empty: WhenEmpty::Keep,
        }
    }

    fn shown(machine: serde_json::Value, human: Option<&str>) -> FieldValue {
        FieldValue::Present(Reading {
            machine,
            human: human.map(str::to_owned),
        })
    }

    #[test]
    fn each_row_shows_what_would_come_of_it_and_which_source_decided() {
        let entries = [
            entry("reportsTo", &[("work.reportsTo", FieldType::Employee)]),
            entry("jobTitle", &[("work.title", FieldType::List)]),
            entry("startDate", &[("work.startDate", FieldType::Date)]),
            entry("location", &[("work.site", FieldType::Text)]),
            entry(
                "displayName",
                &[
                    ("root.displayName", FieldType::Text),
                    ("root.fullName", FieldType::Text),
                ],
            ),
        ];
        let fields = sample_fields(&entries);
        let value = |id: &str| match id {
            "work.reportsTo" => shown(json!({"id": "5"}), Some("Zoe Clark")),
            "work.title" => shown(json!("255"), Some("Analyst")),
            "work.startDate" => shown(json!("soon"), None),
            "root.displayName" => FieldValue::Empty,
            "root.fullName" => shown(json!("Ada L"), None),
            _ => FieldValue::Absent,
        };
        let ada = Employee::new(fields.ids().iter().map(|id| value(id.as_str())).collect());
        let told = |sample: Sample| {
            let source = sample.source.map(|source| source.to_string()).unwrap_or_default();
            (sample.target, json!([sample.state, sample.value, source]))
        };
        let samples: std::collections::BTreeMap<_, _> =
            sample(&entries, &fields, &ada).into_iter().map(told).collect();
        let expected = json!({
            "reportsTo": ["value", "Zoe Clark", "work.reportsTo"],
            "jobTitle": ["value", "Analyst", "work.title"],
            "startDate": ["unreadable", null, "work.startDate"],
            "location": ["withheld", null, "work.site"],
            "displayName": ["value", "Ada L", "root.fullName"],
        });
        assert_eq!(json!(samples), expected);
    }

    #[test]
    fn a_row_that_cannot_be_is_neither_read_nor_shown() {
        let entries = [
            entry("custom:Bank", &[("financial.iban", FieldType::Text)]),
            entry("shoeSize", &[("about.shoes", FieldType::Text)]),
            entry("division", &[("work.division", FieldType::Text)]),
        ];
        let fields = sample_fields(&entries);
        assert_eq!(fields.ids().last().unwrap().as_str(), "work.division");
        assert_eq!(fields.ids().len(), crate::field::control::FIELDS.len() + 1);
        let division = fields.index_of(&"work.division".parse().unwrap()).unwrap();
        let mut record = vec![FieldValue::Absent; fields.ids().len()];
        record[division.get()] = FieldValue::Empty;
        let samples = sample(&entries, &fields, &Employee::new(record));
        assert_eq!(samples.len(), 1);
        assert_eq!(
            (samples[0].state, &samples[0].source),
            (SampleState::Empty, &None)
        );
    }
}
