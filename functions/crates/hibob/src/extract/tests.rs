use provisioning::{Category, FieldType, SourceField};
use serde_json::json;

use super::*;

fn fields(ids: &[&str]) -> FieldSet {
    let source_field = |id: &&str| SourceField {
        id: id.parse().unwrap(),
        field_type: FieldType::Text,
        category: Category {
            id: "work".to_owned(),
            name: "Work".to_owned(),
        },
    };
    FieldSet::new(&ids.iter().map(source_field).collect::<Vec<_>>())
}

/// What is read for the field `id` when it is asked for alone.
fn read(id: &str, record: &str) -> FieldValue {
    read_with(&fields(&[id]), id, record)
}

fn read_with(fields: &FieldSet, id: &str, record: &str) -> FieldValue {
    let index = fields.index_of(&id.parse().unwrap()).unwrap();
    Extractor::new(fields)
        .employee(record.as_bytes())
        .unwrap()
        .get(index)
        .clone()
}

fn present(machine: impl Into<Json>, human: Option<&str>) -> FieldValue {
    FieldValue::Present(Reading {
        machine: machine.into(),
        human: human.map(str::to_owned),
    })
}

#[test]
fn a_recorded_person_is_read_in_both_forms() {
    let record = r#"{
        "/root/displayName": {"value": "Jane Smith"}, "/root/email": {"value": "jane@example.com"},
        "/root/id": {"value": "3987598587553907167"}, "/work/title": {"value": "255490048"},
        "id": "3987598587553907167", "displayName": "Jane Smith", "email": "jane@example.com",
        "work": {"title": "255490048", "department": null},
        "humanReadable": {"id": "3987598587553907167", "displayName": "Jane Smith", "work": {"title": "Analyst"}}
    }"#;

    assert_eq!(
        read("root.id", record),
        present("3987598587553907167", Some("3987598587553907167"))
    );
    assert_eq!(read("root.email", record), present("jane@example.com", None));
    assert_eq!(read("work.title", record), present("255490048", Some("Analyst")));
    assert_eq!(read("work.department", record), FieldValue::Empty);
    assert_eq!(read("work.site", record), FieldValue::Absent);
    assert_eq!(read("internal.status", record), FieldValue::Absent);
}

#[test]
fn only_a_null_in_the_nested_form_means_empty() {
    assert_eq!(
        read("work.title", r#"{"work":{"title":null}}"#),
        FieldValue::Empty
    );
    assert_eq!(
        read("work.title", r#"{"/work/title":{"value":null}}"#),
        FieldValue::Absent
    );
    assert_eq!(read("work.title", r#"{"/work/title":null}"#), FieldValue::Absent);
    assert_eq!(read("work.title", r#"{"work":null}"#), FieldValue::Absent);
    assert_eq!(read("work.title", r#"{"work":{}}"#), FieldValue::Absent);
    assert_eq!(read("work.title", r"{}"), FieldValue::Absent);
}

#[test]
fn an_empty_text_is_a_value() {
    assert_eq!(read("work.title", r#"{"work":{"title":""}}"#), present("", None));
}

#[test]
fn the_slash_key_is_the_fall_back_of_the_nested_form() {
    let slash = r#""/work/title":{"value":"S"}"#;
    assert_eq!(read("work.title", &format!("{{{slash}}}")), present("S", None));
    assert_eq!(
        read("work.title", &format!(r#"{{{slash},"work":{{"title":"N"}}}}"#)),
        present("N", None)
    );
    assert_eq!(
        read("work.title", &format!(r#"{{{slash},"work":{{"title":null}}}}"#)),
        FieldValue::Empty
    );
    assert_eq!(
        read("work.title", &format!(r#"{{{slash},"work":null}}"#)),
        present("S", None)
    );
    assert_eq!(
        read("root.email", r#"{"/root/email":{"value":"a@x.com"}}"#),
        present("a@x.com", None)
    );
}

#[test]
fn a_human_form_without_a_value_is_no_value() {
    assert_eq!(
        read("work.title", r#"{"humanReadable":{"work":{"title":"Analyst"}}}"#),
        FieldValue::Absent
    );
    assert_eq!(
        read(
            "work.title",
            r#"{"work":{"title":"1"},"humanReadable":{"work":{"title":7}}}"#
        ),
        present("1", None)
    );
}

#[test]
fn one_field_may_lie_within_another() {
    let both = fields(&["work.reportsTo", "work.reportsTo.email"]);
    let zoe = json!({"id": "23", "email": "zoe@example.com"});
    let record = json!({"work": {"reportsTo": zoe}, "humanReadable": {"work": {"reportsTo": "Zoe Clark"}}})
        .to_string();

    assert_eq!(
        read_with(&both, "work.reportsTo", &record),
        present(zoe, Some("Zoe Clark"))
    );
    assert_eq!(
        read_with(&both, "work.reportsTo.email", &record),
        present("zoe@example.com", None)
    );

    let nobody = r#"{"work":{"reportsTo":null}}"#;
    assert_eq!(read_with(&both, "work.reportsTo", nobody), FieldValue::Empty);
    assert_eq!(
        read_with(&both, "work.reportsTo.email", nobody),
        FieldValue::Absent
    );

    let derived = r#"{"work":{"reportsTo":"23"},"/work/reportsTo/email":{"value":"zoe@example.com"}}"#;
    assert_eq!(read_with(&both, "work.reportsTo", derived), present("23", None));
    assert_eq!(
        read_with(&both, "work.reportsTo.email", derived),
        present("zoe@example.com", None)
    );
}

#[test]
fn an_object_that_became_something_else_has_no_members() {
    for work in [
        "7",
        "-7",
        "1.5",
        "true",
        r#""text""#,
        r#"[{"title":"A"}]"#,
        "[[1],null]",
    ] {
        assert_eq!(
            read("work.title", &format!(r#"{{"work":{work}}}"#)),
            FieldValue::Absent,
            "{work}"
        );
    }
}

#[test]
fn values_keep_their_kind() {
    let id = "work.custom.field_1";
    for json in [
        "42",
        "45.5",
        "true",
        r#"["1","2"]"#,
        r#"{"value":7,"currency":"USD"}"#,
        "999999999999999",
    ] {
        let machine: Json = serde_json::from_str(json).unwrap();
        assert_eq!(
            read(id, &format!(r#"{{"work":{{"custom":{{"field_1":{json}}}}}}}"#)),
            present(machine, None)
        );
    }
}

#[test]
fn a_long_number_is_an_identifier_and_loses_no_digit() {
    for id in [
        "3987598587553907167",
        "98765432109876543210987654321",
        "1000000000000001",
    ] {
        assert_eq!(
            read("work.manager", &format!(r#"{{"work":{{"manager":{id}}}}}"#)),
            present(id, None)
        );
        assert_eq!(read("root.id", &format!(r#"{{"id":{id}}}"#)), present(id, None));
    }
    assert_eq!(
        read("root.id", r#"{"id":7}"#),
        present("7", None),
        "an identity is text, however short"
    );
    assert_eq!(
        read("root.companyId", r#"{"companyId":200519}"#),
        present(200_519, None)
    );
}

#[test]
fn escapes_are_resolved_in_keys_and_values() {
    let record = r#"{"w\u006frk":{"title":"Gr\u00fc\u00DFe \ud83d\ude00 \u0000\n\/"}}"#;
    assert_eq!(read("work.title", record), present("Grüße 😀 \0\n/", None));
}

#[test]
fn a_value_that_is_not_unicode_cannot_be_known() {
    assert_eq!(
        read("work.title", r#"{"work":{"title":"cut \ud83d"}}"#),
        FieldValue::Absent
    );
    assert_eq!(
        read("work.title", r#"{"work":{"title":"A","site":"cut \ud83d"}}"#),
        present("A", None)
    );
}

#[test]
fn of_a_repeated_key_the_last_counts() {
    assert_eq!(
        read("work.title", r#"{"work":{"title":"A","title":"B"}}"#),
        present("B", None)
    );
    assert_eq!(
        read("work.title", r#"{"work":{"title":"A"},"work":{"title":null}}"#),
        FieldValue::Empty
    );
}

#[test]
fn a_record_that_is_not_json_is_a_fault() {
    let extractor = Extractor::new(&fields(&["work.title"]));
    for record in [
        &b"{\"work\":{\"title\":\"a\x01b\"}}"[..],
        b"{\"work\":{\"other\":\"a\nb\"}}",
        b"{\"work\":{\"title\":\"\xff\"}}",
        b"{\"work\":{\"other\":\"\xff\"}}",
        br#"{"work":{"title":"\x"}}"#,
        br#"{"work":{"title":01}}"#,
        br#"{"work":{"title":nul}}"#,
        br#"{"work":[}"#,
        br#"{"work":{"title":"a"}"#,
        br#"{"work" "a"}"#,
        br#"{"a":1}{"b":2}"#,
    ] {
        assert_eq!(
            extractor.employee(record),
            Err(Fault::Malformed),
            "{}",
            record.escape_ascii()
        );
    }
}

#[test]
fn of_a_field_that_is_not_read_only_its_presence_is_known() {
    let fields = fields(&[
        "work.title",
        "work.reportsTo",
        "work.reportsTo.email",
        "home.address",
    ]);
    let index = |id: &str| fields.index_of(&id.parse().unwrap()).unwrap();
    let survey = Extractor::reading(&fields, |field| field == index("work.reportsTo.email"));
    let surveyed =
        |id: &str, record: &str| survey.employee(record.as_bytes()).unwrap().get(index(id)).clone();
    let record = r#"{"id": 7, "work": {"title": {"a": [1, "secret"]}, "reportsTo": {"email": "b@x.com", "name": "B"}},
        "humanReadable": {"work": {"title": "secret"}}, "home": {"address": null}}"#;

    assert_eq!(surveyed("root.id", record), present(Json::Null, None));
    assert_eq!(surveyed("work.title", record), present(Json::Null, None));
    assert_eq!(surveyed("work.reportsTo", record), present(Json::Null, None));
    assert_eq!(surveyed("work.reportsTo.email", record), present("b@x.com", None));
    assert_eq!(surveyed("home.address", record), FieldValue::Empty);
    assert_eq!(
        surveyed("work.title", r#"{"/work/title": {"value": 1}}"#),
        present(Json::Null, None)
    );
    assert_eq!(surveyed("work.title", r#"{"work": {}}"#), FieldValue::Absent);
    assert!(survey.employee(br#"{"work": {"title": [}}"#).is_err());
}
