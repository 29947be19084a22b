//! Values on their way into accounts: what is unreadable keeps what is stored, night after night.

use serde_json::{Value as Json, json};

use super::person::{BIRTHDAY, FIRST_NAME, Person, STARTS_ON, TEAMS, TITLE, employed, staff};
use super::world::World;
use crate::employee::{FieldValue, Reading};
use crate::target::Target;
use crate::value::Value;

fn after(person: Person) -> (World, Vec<String>, u32) {
    let mut world = World::synced([employed("1").json(TEAMS, json!(["Blue"])), employed("2")]);
    world.people[0] = person;
    let night = world.night(2);
    let unreadable = night.findings.unreadable.values().sum();
    (world, night.done, unreadable)
}

#[test]
fn names_of_four_kilobytes_keep_what_is_stored_and_are_counted_every_night() {
    let long = employed("1")
        .json(TEAMS, json!(["Blue"]))
        .text(FIRST_NAME, &"ñ".repeat(2048));
    let (mut world, done, unreadable) = after(long);
    assert_eq!(done, ["mark hibob-1: fingerprint"]);
    assert_eq!(
        unreadable, 2,
        "the first name also stands in for the display name"
    );
    assert_eq!(world.account("hibob-1").text("firstName"), Some("First 1"));
    let night = world.night(3);
    assert!(night.done.is_empty());
    assert_eq!(night.findings.unreadable["firstName"], 1);
}

#[test]
fn somebody_new_with_an_unreadable_value_gets_an_account_without_it() {
    let mut world = World::of([employed("1")
        .json(TITLE, json!({"id": 1}))
        .text(BIRTHDAY, "31/12")]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-1"]);
    assert_eq!(night.findings.unreadable.len(), 2);
    assert_eq!(world.account("hibob-1").text("jobTitle"), None);
}

#[test]
fn control_characters_are_dropped() {
    let odd = employed("1")
        .json(TEAMS, json!(["Blue"]))
        .text(FIRST_NAME, "Zo\u{0}ë\u{1b}\u{7f}\u{9f}");
    let (mut world, done, _) = after(odd);
    assert_eq!(done, ["update hibob-1: firstName=Zoë, displayName=Zoë"]);
    assert_eq!(world.account("hibob-1").text("firstName"), Some("Zoë"));
}

#[test]
fn dates_that_are_none_keep_the_stored_date() {
    for bad in [
        "",
        "2026-02-30",
        "20/01/2026",
        "2026-1-1",
        "soon",
        "2026-01-01T00:00:00",
        "９９９９-01-01",
    ] {
        let person = employed("1").json(TEAMS, json!(["Blue"])).text(STARTS_ON, bad);
        let (mut world, done, _) = after(person);
        let expected = if bad.is_empty() {
            "update hibob-1: startDate="
        } else {
            "mark hibob-1: fingerprint"
        };
        assert_eq!(done, [expected], "{bad}");
        assert_eq!(
            world.account("hibob-1").text("startDate").is_some(),
            !bad.is_empty()
        );
    }
}

#[test]
fn a_field_that_changes_its_type_keeps_what_is_stored() {
    let strange: [(&'static str, Json); 7] = [
        (FIRST_NAME, json!({"first": "Zoë"})),
        (FIRST_NAME, json!(["Zoë"])),
        (TITLE, json!([1, 2])),
        (STARTS_ON, json!(1_767_225_600)),
        (STARTS_ON, json!({"from": "2026-01-01"})),
        (TEAMS, json!([{"id": 1, "name": "Red"}])),
        (TEAMS, json!({"id": 1})),
    ];
    for (field, machine) in strange {
        let person = employed("1")
            .json(TEAMS, json!(["Blue"]))
            .json(field, machine.clone());
        let (mut world, done, unreadable) = after(person);
        assert_eq!(done, ["mark hibob-1: fingerprint"], "{field} {machine}");
        assert!(unreadable > 0);
        let teams = &world.account("hibob-1").profile[&"teams".parse::<Target>().unwrap()];
        assert_eq!(*teams, Value::List(vec!["Blue".into()]));
    }
}

#[test]
fn list_items_are_stored_by_their_labels() {
    let human = Some("Afghan,Ukrainian".to_owned());
    let teams = FieldValue::Present(Reading {
        machine: json!(["11", "12"]),
        human,
    });
    let (_, done, _) = after(employed("1").value(TEAMS, teams).label(TITLE, "9", "Lead"));
    assert_eq!(done, ["update hibob-1: jobTitle=Lead, teams=Afghan+Ukrainian"]);
}

#[test]
fn what_hithrive_changed_in_a_mapped_field_stays_until_hibob_changes() {
    let mut world = World::synced(staff(1..=2));
    let title = "jobTitle".parse::<Target>().unwrap();
    world
        .account("hibob-1")
        .profile
        .insert(title, Value::Text("Queen".into()));
    assert!(
        world.night(2).done.is_empty(),
        "an unchanged fingerprint costs no comparison"
    );
    world.people[0] = employed("1").text(BIRTHDAY, "02-29");
    assert_eq!(
        world.night(3).done,
        ["update hibob-1: jobTitle=Analyst, birthday=02-29"]
    );
}
