use serde_json::{Value as Json, json};

use super::*;
use crate::employee::Reading;
use crate::field::FieldType;
use crate::target::TargetType;

fn reading(machine: Json, human: Option<&str>) -> Reading {
    Reading {
        machine,
        human: human.map(str::to_owned),
    }
}

fn text(
    target: TargetType,
    source: FieldType,
    machine: Json,
    human: Option<&str>,
) -> Result<Option<String>, Unreadable> {
    read_value(target, source, false, &reading(machine, human))
        .map(|value| value.map(|value| value.as_text().unwrap().to_owned()))
}

fn list(machine: Json, human: Option<&str>) -> Vec<String> {
    match read_value(
        TargetType::TextList,
        FieldType::MultiList,
        false,
        &reading(machine, human),
    )
    .unwrap()
    {
        Some(Value::List(list)) => list.iter().map(ToString::to_string).collect(),
        None => Vec::new(),
        Some(Value::Text(_)) => unreachable!(),
    }
}

#[test]
fn lists_and_references_are_read_in_their_human_form() {
    let job = text(
        TargetType::Text,
        FieldType::List,
        json!("255490048"),
        Some("Analyst"),
    );
    assert_eq!(job, Ok(Some("Analyst".to_owned())));
    let without_human = text(TargetType::Text, FieldType::List, json!("Accounting"), None);
    assert_eq!(without_human, Ok(Some("Accounting".to_owned())));
    let site = text(
        TargetType::Text,
        FieldType::ListId,
        json!(708_868),
        Some("London (Demo)"),
    );
    assert_eq!(site, Ok(Some("London (Demo)".to_owned())));
}

#[test]
fn dates_numbers_booleans_and_ids_are_read_in_their_machine_form() {
    let start = text(
        TargetType::Date,
        FieldType::Date,
        json!("2022-09-05"),
        Some("05/09/2022"),
    );
    assert_eq!(start, Ok(Some("2022-09-05".to_owned())));
    assert_eq!(
        text(TargetType::Text, FieldType::Number, json!(45), Some("45.00")),
        Ok(Some("45".to_owned()))
    );
    assert_eq!(
        text(TargetType::Text, FieldType::Boolean, json!(true), Some("Yes")),
        Ok(Some("true".to_owned()))
    );
    let id = read_value(
        TargetType::Text,
        FieldType::EmployeeReference,
        true,
        &reading(json!("3987598587553907167"), Some("x")),
    );
    assert_eq!(id.unwrap().unwrap().as_text(), Some("3987598587553907167"));
}

#[test]
fn a_birthday_may_lack_its_year_and_29_february_survives() {
    let birthday = |s: &str| text(TargetType::Birthday, FieldType::ShortDate, json!(s), None);
    assert_eq!(birthday("02-29"), Ok(Some("02-29".to_owned())));
    assert_eq!(birthday("1991-11-25"), Ok(Some("1991-11-25".to_owned())));
    for bad in ["02-30", "1991-02-29", "25/11/1991", "11/25", "soon"] {
        assert_eq!(birthday(bad), Err(Unreadable::NotADate), "{bad}");
    }
}

#[test]
fn a_field_that_changed_its_type_is_unreadable() {
    assert_eq!(
        text(TargetType::Date, FieldType::Date, json!({"from": 1}), None),
        Err(Unreadable::WrongType)
    );
    assert_eq!(
        text(TargetType::Date, FieldType::Date, json!(20_220_905), None),
        Err(Unreadable::NotADate)
    );
    assert_eq!(
        text(TargetType::Text, FieldType::Text, json!(["a"]), None),
        Err(Unreadable::WrongType)
    );
}

#[test]
fn blank_text_is_no_value_control_characters_are_dropped_and_4_kb_names_refused() {
    assert_eq!(
        text(TargetType::Text, FieldType::Text, json!("  \t "), None),
        Ok(None)
    );
    assert_eq!(
        text(TargetType::Text, FieldType::Text, json!(" Zo\u{0}ë\u{7}\n"), None),
        Ok(Some("Zoë".to_owned()))
    );
    assert_eq!(
        text(TargetType::Text, FieldType::Text, json!("x".repeat(4096)), None),
        Err(Unreadable::TooLong)
    );
}

#[test]
fn a_list_is_split_only_where_labels_and_ids_agree_in_number() {
    assert_eq!(
        list(json!(["1", "2"]), Some("Afghan,Ukrainian")),
        ["Afghan", "Ukrainian"]
    );
    assert_eq!(list(json!(["1"]), Some("Research, Europe")), ["Research, Europe"]);
    assert_eq!(list(json!(["Blue", "Red", "Blue"]), None), ["Blue", "Red"]);
    assert!(list(json!([]), None).is_empty());
}

#[test]
fn a_manager_is_recognised_as_object_id_or_address() {
    let person = |machine: Json| read_person(&reading(machine, Some("Zoe Clark")));
    let by_id = Ok(Some(PersonLink::Id("2378379584279150891".parse().unwrap())));
    assert_eq!(
        person(json!({"id": "2378379584279150891", "email": "z@example.com", "firstName": "Zoe"})),
        by_id
    );
    assert_eq!(person(json!("2378379584279150891")), by_id);
    let by_address = Ok(Some(PersonLink::Address("zoe@example.com".parse().unwrap())));
    assert_eq!(person(json!("Zoe@example.com")), by_address);
    assert_eq!(
        person(json!({"id": null, "email": "zoe@example.com"})),
        by_address
    );
    assert_eq!(person(json!(["a"])), Err(Unreadable::WrongType));
    assert_eq!(person(json!("")), Ok(None));
}
