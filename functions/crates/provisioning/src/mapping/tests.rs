use serde_json::json;

use super::*;
use crate::employee::{Employee, FieldValue, Reading};
use crate::field::{Category, FieldSet};
use crate::target::StandardTarget;
use crate::value::Value;

fn entry(target: &str, sources: &[(&str, FieldType)]) -> MappingDocumentEntry {
    let source = |(id, field_type): &(&str, FieldType)| SourceField {
        id: id.parse().unwrap(),
        field_type: *field_type,
        category: Category {
            id: id.split('.').next().unwrap().to_owned(),
            name: "Category".to_owned(),
        },
    };
    MappingDocumentEntry {
        target: target.to_owned(),
        sources: sources.iter().map(source).collect(),
        when_empty: WhenEmpty::Clear,
    }
}

fn email() -> MappingDocumentEntry {
    entry("email", &[("root.email", FieldType::Text)])
}

fn mapping(entries: Vec<MappingDocumentEntry>) -> Result<Mapping, MappingError> {
    Mapping::try_from(MappingDocument { entries })
}

fn refusal(entries: Vec<MappingDocumentEntry>) -> String {
    mapping(entries).unwrap_err().to_string()
}

#[test]
fn each_way_a_mapping_can_be_wrong_is_named_with_its_entry() {
    let title = || entry("jobTitle", &[("work.title", FieldType::List)]);
    assert_eq!(
        refusal(vec![email(), entry("shoeSize", &[])]),
        "entry 1: `shoeSize` is not a field of HiThrive"
    );
    assert_eq!(refusal(vec![title()]), "no entry fills the e-mail address");
    assert_eq!(
        refusal(vec![title(), email(), title()]),
        "entries 0 and 2 both fill `jobTitle`"
    );
    assert_eq!(
        refusal(vec![email(), entry("jobTitle", &[])]),
        "entry 1: `jobTitle` has no source field"
    );
    let salary = entry("custom:Pay", &[("payroll.salary.amount", FieldType::Number)]);
    assert_eq!(
        refusal(vec![email(), salary]),
        "entry 1: `payroll.salary.amount` belongs to a category that is never read"
    );
    let start = entry(
        "startDate",
        &[
            ("work.startDate", FieldType::Date),
            ("work.title", FieldType::List),
        ],
    );
    assert_eq!(
        refusal(vec![email(), start]),
        "entry 1: `work.title` cannot fill `startDate`"
    );
    let title_twice = entry("jobTitle", &[("work.title", FieldType::List); 2]);
    assert_eq!(
        refusal(vec![email(), title_twice]),
        "entry 1: `work.title` is named twice"
    );
    let ids: Vec<String> = (0..21).map(|n| format!("work.custom.field_{n}")).collect();
    let sources: Vec<_> = ids.iter().map(|id| (id.as_str(), FieldType::Text)).collect();
    assert!(mapping(vec![email(), entry("jobTitle", &sources[..20])]).is_ok());
    assert_eq!(
        refusal(vec![email(), entry("jobTitle", &sources)]),
        "entry 1: 21 source fields are more than 20"
    );
    let many = (0..400).map(|n| {
        entry(
            &format!("custom:{n}"),
            &[(&format!("work.custom.field_{n}"), FieldType::Text)],
        )
    });
    assert_eq!(
        refusal(std::iter::once(email()).chain(many).collect()),
        "406 fields are more than the 400 HiBob allows"
    );
}

#[test]
fn every_fault_is_told_at_once_and_the_first_stands_for_them() {
    let document = MappingDocument {
        entries: vec![
            entry("shoeSize", &[]),
            entry("jobTitle", &[]),
            entry("startDate", &[("work.title", FieldType::List)]),
            entry("jobTitle", &[("work.title", FieldType::List)]),
        ],
    };
    let faults: Vec<_> = Mapping::faults(&document)
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = [
        "entry 0: `shoeSize` is not a field of HiThrive",
        "entry 1: `jobTitle` has no source field",
        "entry 2: `work.title` cannot fill `startDate`",
        "entries 1 and 3 both fill `jobTitle`",
        "no entry fills the e-mail address",
    ];
    assert_eq!(faults, expected);
    assert_eq!(refusal(document.entries), expected[0]);
}

#[test]
fn a_field_moved_into_a_never_offered_category_is_refused_by_its_category() {
    let mut bank = entry("custom:Account", &[("work.custom.field_1", FieldType::Text)]);
    bank.sources[0].category.id = "financial".to_owned();
    assert!(refusal(vec![email(), bank]).contains("never read"));
    let lookalike = entry("custom:Fin", &[("financialplanning.note", FieldType::Text)]);
    assert!(mapping(vec![email(), lookalike]).is_ok());
}

#[test]
fn a_mapping_saved_by_an_older_version_reads_with_defaults() {
    let saved = json!({"entries": [{"target": "email", "sources": [
        {"id": "root.email", "type": "text", "category": {"id": "root", "name": "Basic info"}}]}]});
    let mapping: Mapping = serde_json::from_value(saved).unwrap();
    assert_eq!(mapping.entries()[0].when_empty, WhenEmpty::Clear);

    let retired = json!({"entries": [{"target": "faxNumber", "sources": []}]});
    let error = serde_json::from_value::<Mapping>(retired)
        .unwrap_err()
        .to_string();
    assert_eq!(error, "entry 0: `faxNumber` is not a field of HiThrive");
}

#[test]
fn a_mapping_survives_storage() {
    let saved = mapping(vec![
        entry("jobTitle", &[("work.title", FieldType::List)]),
        email(),
    ])
    .unwrap();
    let stored = serde_json::to_string(&saved).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&stored).unwrap(), saved);
}

fn outcome(values: &[FieldValue], when_empty: WhenEmpty) -> Outcome {
    let mut name = entry(
        "displayName",
        &[
            ("root.displayName", FieldType::Text),
            ("root.firstName", FieldType::Text),
        ],
    );
    name.when_empty = when_empty;
    let mapping = mapping(vec![email(), name]).unwrap();
    let fields = FieldSet::new(mapping.sources());
    let mut record = vec![FieldValue::Absent; fields.ids().len()];
    for (id, value) in ["root.displayName", "root.firstName"].iter().zip(values) {
        record[fields.index_of(&id.parse().unwrap()).unwrap().get()] = value.clone();
    }
    let evaluator = Evaluator::new(&mapping, &fields);
    let employee = Employee::new(record);
    let wanted = Target::Standard(StandardTarget::DisplayName);
    evaluator
        .outcomes(&employee)
        .find(|(_, target, _)| **target == wanted)
        .unwrap()
        .2
}

fn text(text: &str) -> FieldValue {
    FieldValue::Present(Reading {
        machine: json!(text),
        human: None,
    })
}

#[test]
fn the_first_source_that_is_not_empty_wins() {
    let zoe = Outcome::Set(Value::Text("Zoë".into()));
    assert_eq!(outcome(&[text("Zoë"), text("Z")], WhenEmpty::Clear), zoe);
    assert_eq!(outcome(&[FieldValue::Empty, text("Zoë")], WhenEmpty::Clear), zoe);
    assert_eq!(
        outcome(&[text(" "), text("Zoë")], WhenEmpty::Clear),
        zoe,
        "blank text is empty"
    );
}

#[test]
fn an_absent_earlier_field_keeps_the_target_and_does_not_fall_through() {
    assert_eq!(
        outcome(&[FieldValue::Absent, text("Zoë")], WhenEmpty::Clear),
        Outcome::Keep
    );
    assert_eq!(
        outcome(&[FieldValue::Empty, FieldValue::Absent], WhenEmpty::Clear),
        Outcome::Keep
    );
}

#[test]
fn a_known_empty_value_clears_or_keeps_as_the_entry_says() {
    assert_eq!(
        outcome(&[FieldValue::Empty, FieldValue::Empty], WhenEmpty::Clear),
        Outcome::Clear
    );
    assert_eq!(
        outcome(&[FieldValue::Empty, FieldValue::Empty], WhenEmpty::Keep),
        Outcome::Keep
    );
}
