//! Manager links never block a person.

use serde_json::json;

use super::person::{MANAGER, MANAGER_EMAIL, Person, employed, staff, terminated};
use super::world::{World, entry, mapping, usual_entries};
use crate::field::FieldType;

/// A company whose manager field is the manager's address.
fn by_address(people: impl IntoIterator<Item = Person>) -> World {
    let mut world = World::of(people);
    let mut entries = usual_entries();
    entries.pop();
    entries.push(entry("reportsTo", &[(MANAGER_EMAIL, FieldType::Text)]));
    world.mapping = mapping(entries);
    world
}

fn under(id: &str, address: &str) -> Person {
    employed(id).text(MANAGER_EMAIL, address)
}

#[test]
fn a_manager_is_found_as_object_id_or_address_whatever_the_order_of_the_answer() {
    let mut world = World::of([
        employed("1").reports_to("3"),
        employed("2").json(MANAGER, json!("3")),
        employed("3"),
    ]);
    assert_eq!(
        world.night(1).done,
        [
            "create hibob-1: manager=3",
            "create hibob-2: manager=3",
            "create hibob-3"
        ]
    );
    let mut world = by_address([under("1", "P2@Example.com"), employed("2")]);
    assert_eq!(
        world.night(1).done,
        ["create hibob-1: manager=2", "create hibob-2"]
    );
}

#[test]
fn a_manager_without_an_account_is_reported_and_tried_again() {
    let mut world = World::of([employed("1").reports_to("2")]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-1"]);
    assert_eq!(night.findings.unresolved_managers, 1);
    world.people.push(employed("2"));
    assert_eq!(
        world.night(2).done,
        ["create hibob-2", "update hibob-1: manager=2"]
    );
    assert_eq!(world.night(3).findings.unresolved_managers, 0);
}

#[test]
fn a_manager_who_is_put_aside_tonight_does_not_count_as_having_an_account() {
    let mut world = World::of([
        employed("1").reports_to("2"),
        employed("2"),
        employed("3").email("p2@example.com"),
    ]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-1"]);
    assert_eq!(night.findings.unresolved_managers, 1);
}

#[test]
fn a_new_manager_a_lost_one_and_one_who_left_are_told_apart() {
    let mut world = World::synced([
        employed("1").reports_to("2"),
        employed("2"),
        employed("3"),
        employed("4"),
    ]);
    world.people[0] = employed("1").reports_to("3");
    assert_eq!(world.night(2).done, ["update hibob-1: manager=3"]);
    world.people[2] = terminated("3", "2026-11-01");
    assert_eq!(
        world.night(3).done,
        ["deactivate (Left) hibob-3"],
        "who left is still who they report to"
    );
    world.people[0] = employed("1").reports_to("99");
    assert_eq!(world.night(4).done, ["update hibob-1: manager="]);
}

#[test]
fn nobody_reports_to_themselves() {
    let mut world = World::of([employed("1").reports_to("1"), employed("2")]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-1", "create hibob-2"]);
    assert_eq!(night.findings.unresolved_managers, 1);
    let mut world = by_address([under("1", "p1@example.com")]);
    assert_eq!(world.night(1).done, ["create hibob-1"]);
}

#[test]
fn a_cycle_is_stored_as_hibob_says() {
    let mut world = World::of([
        employed("1").reports_to("2"),
        employed("2").reports_to("3"),
        employed("3").reports_to("1"),
    ]);
    let created = [
        "create hibob-1: manager=2",
        "create hibob-2: manager=3",
        "create hibob-3: manager=1",
    ];
    assert_eq!(world.night(1).done, created);
}

#[test]
fn a_value_that_names_nobody_keeps_the_link() {
    let mut world = World::synced([employed("1").reports_to("2"), employed("2")]);
    for strange in [
        json!(["2"]),
        json!({"displayName": "Zoe Clark"}),
        json!(true),
        json!("Zoe Clark"),
    ] {
        world.people[0] = employed("1").json(MANAGER, strange);
        let night = world.night(2);
        assert!(night.done.is_empty());
        assert_eq!(night.findings.unreadable["reportsTo"], 1);
    }
}

#[test]
fn a_managers_new_address_is_followed_the_same_night() {
    let mut world = by_address([under("1", "p2@example.com"), employed("2")]);
    world.night(1);
    world.people = vec![
        under("1", "boss@example.com"),
        employed("2").email("boss@example.com"),
    ];
    assert_eq!(world.night(2).done, ["update hibob-2: email=boss@example.com"]);
}

#[test]
fn an_address_that_its_owner_gave_up_names_nobody() {
    let mut world = by_address([under("1", "p2@example.com"), employed("2")]);
    world.night(1);
    world.people[1] = employed("2").email("boss@example.com");
    let night = world.night(2);
    assert_eq!(
        night.done,
        [
            "update hibob-1: manager=",
            "update hibob-2: email=boss@example.com"
        ]
    );
    assert_eq!(night.findings.unresolved_managers, 1);
}

#[test]
fn an_address_that_changed_hands_names_its_new_owner() {
    let mut world = by_address([under("1", "p2@example.com"), employed("2"), employed("3")]);
    world.night(1);
    world.people[1] = employed("2").email("p3@example.com");
    world.people[2] = employed("3").email("p2@example.com");
    assert_eq!(world.night(2).done[0], "update hibob-1: manager=3");
}

#[test]
fn a_link_to_somebody_missing_stays() {
    let mut world = by_address(staff(2..=9));
    world.people.push(under("1", "p2@example.com"));
    world.night(1);
    world.people.remove(0);
    assert_eq!(world.night(2).done, ["mark hibob-2: missing=1"]);
    assert_eq!(world.account("hibob-1").manager(), Some("2"));
}
