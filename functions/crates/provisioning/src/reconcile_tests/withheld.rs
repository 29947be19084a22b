//! Absent is not null: a field that HiBob stopped giving keeps what is stored.

use super::person::{
    DISPLAY_NAME, FIRST_NAME, LIFECYCLE, MANAGER, Person, SITE, STATUS, TEAMS, TERMINATED_ON, TITLE,
    employed, staff,
};
use super::world::{World, entry, mapping};
use crate::field::FieldType;
use crate::guard::Refusal;
use crate::mapping::WhenEmpty;

fn everybody(world: &mut World, change: impl Fn(Person) -> Person) {
    let people = std::mem::take(&mut world.people);
    world.people = people.into_iter().map(change).collect();
}

#[test]
fn a_field_absent_for_everybody_is_reported_marks_once_and_keeps_every_value() {
    let mut world = World::synced([employed("1").reports_to("2"), employed("2")]);
    everybody(&mut world, |person| person.without(TITLE).without(MANAGER));
    let night = world.night(2);
    assert_eq!(
        night.done,
        ["mark hibob-1: fingerprint", "mark hibob-2: fingerprint"]
    );
    let withheld: Vec<String> = night
        .findings
        .withheld
        .iter()
        .map(|w| format!("{} ({})", w.field, w.category))
        .collect();
    assert_eq!(withheld, ["work.title (Category)", "work.reportsTo (Category)"]);
    let night = world.night(3);
    assert!(night.done.is_empty());
    assert_eq!(night.findings.withheld.len(), 2, "it is reported every night");
    assert_eq!(world.account("hibob-1").text("jobTitle"), Some("Analyst"));
    assert_eq!(world.account("hibob-1").manager(), Some("2"));
}

#[test]
fn what_changed_meanwhile_is_found_when_the_field_is_given_again() {
    let mut world = World::synced(staff(1..=2));
    everybody(&mut world, |person| person.without(TITLE));
    world.night(2);
    world.people = vec![employed("1").titled("Lead"), employed("2")];
    assert_eq!(
        world.night(3).done,
        ["update hibob-1: jobTitle=Lead", "mark hibob-2: fingerprint"]
    );
}

#[test]
fn a_field_absent_for_one_person_keeps_that_persons_value_and_is_not_withheld() {
    let mut world = World::synced(staff(1..=2));
    world.people[0] = employed("1").without(TITLE).without(SITE);
    let night = world.night(2);
    assert_eq!(night.done, ["mark hibob-1: fingerprint"]);
    assert!(night.findings.withheld.is_empty());
    assert_eq!(world.account("hibob-1").text("location"), Some("London"));
}

#[test]
fn an_explicit_null_clears_the_value() {
    let mut world = World::synced([employed("1").reports_to("2"), employed("2")]);
    world.people[0] = employed("1").null(TITLE).null(MANAGER);
    assert_eq!(world.night(2).done, ["update hibob-1: jobTitle=, manager="]);
}

#[test]
fn an_explicit_null_keeps_the_value_where_the_mapping_says_so() {
    let mut world = World::synced([employed("1").reports_to("2"), employed("2")]);
    let mut entries = super::world::usual_entries();
    for entry in &mut entries {
        entry.when_empty = WhenEmpty::Keep;
    }
    world.mapping = mapping(entries);
    world.people[0] = employed("1").null(TITLE).null(MANAGER);
    assert_eq!(
        world.night(2).done,
        ["mark hibob-1: fingerprint", "mark hibob-2: fingerprint"]
    );
}

#[test]
fn an_absent_preferred_field_does_not_fall_through_to_a_lesser_one() {
    let mut world = World::synced([employed("1").text(DISPLAY_NAME, "Zoë"), employed("2")]);
    world.people[0] = employed("1").without(DISPLAY_NAME).text(FIRST_NAME, "Zoe-Anne");
    assert_eq!(world.night(2).done, ["update hibob-1: firstName=Zoe-Anne"]);
    assert_eq!(world.account("hibob-1").text("displayName"), Some("Zoë"));
}

#[test]
fn a_lifecycle_field_absent_for_everybody_refuses_the_answer() {
    for field in [STATUS, LIFECYCLE, TERMINATED_ON] {
        let mut world = World::synced(staff(1..=3));
        everybody(&mut world, |person| person.without(field).titled("Lead"));
        let Refusal::LifecycleWithheld { fields } = world.refused_night(2) else {
            panic!("{field}")
        };
        assert_eq!(fields[0].field.as_str(), field);
    }
}

#[test]
fn a_field_that_leaves_the_mapping_keeps_its_values_and_a_mapping_saved_unchanged_rewrites_nobody() {
    let mut world = World::synced(staff(1..=2));
    world.mapping = mapping(super::world::usual_entries().into_iter().rev());
    assert!(world.night(2).done.is_empty());
    world.mapping = mapping([entry("email", &[("root.email", FieldType::Text)])]);
    assert_eq!(
        world.night(3).done,
        ["mark hibob-1: fingerprint", "mark hibob-2: fingerprint"]
    );
    assert_eq!(world.account("hibob-1").text("jobTitle"), Some("Analyst"));
}

#[test]
fn a_field_that_joins_the_mapping_fills_it_for_everybody() {
    let mut world = World::of([employed("1").label(TEAMS, "7", "Research"), employed("2")]);
    world.mapping = mapping([entry("email", &[("root.email", FieldType::Text)])]);
    world.night(1);
    world.mapping = mapping([
        entry("email", &[("root.email", FieldType::Text)]),
        entry("teams", &[(TEAMS, FieldType::MultiList)]),
    ]);
    assert_eq!(
        world.night(2).done,
        ["update hibob-1: teams=Research", "mark hibob-2: fingerprint"]
    );
}
