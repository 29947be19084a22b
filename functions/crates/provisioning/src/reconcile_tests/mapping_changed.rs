//! The first nights under a mapping whose removals nobody has seen.

use super::person::{MANAGER_EMAIL, employed, staff, terminated};
use super::world::{World, entry, mapping, usual_entries};
use crate::field::FieldType;
use crate::guard::HoldReason;

fn unseen(people: std::ops::RangeInclusive<u32>) -> World {
    let mut world = World::synced(staff(people));
    world.removals_seen = false;
    world
}

#[test]
fn a_single_removal_waits_until_somebody_has_seen_it() {
    let mut world = unseen(1..=100);
    world.people[0] = terminated("1", "2026-11-01");
    world.people[1] = employed("2").titled("Lead");
    let night = world.night(2);
    assert_eq!(night.done, ["update hibob-2: jobTitle=Lead"]);
    assert_eq!(night.held, ["deactivate (Left) hibob-1"]);
    assert_eq!(night.hold, Some(HoldReason::MappingChanged { planned: 1 }));

    world.removals_seen = true;
    assert_eq!(world.night(3).done, ["deactivate (Left) hibob-1"]);
}

#[test]
fn another_source_for_the_address_waits_for_everybody_it_would_rename() {
    let mut world = unseen(1..=3);
    let mut entries = usual_entries();
    entries[0] = entry("email", &[(MANAGER_EMAIL, FieldType::Text)]);
    world.mapping = mapping(entries);
    for (person, address) in world.people.iter_mut().zip(["a@example.com", "b@example.com"]) {
        *person = person.clone().text(MANAGER_EMAIL, address);
    }
    let night = world.night(2);
    assert_eq!(night.hold, Some(HoldReason::MappingChanged { planned: 2 }));
    assert_eq!(night.held.len(), 2);
}

#[test]
fn what_removes_nobody_does_not_wait() {
    let mut world = unseen(1..=3);
    world.people[0] = employed("1").titled("Lead");
    world.people.push(employed("4"));
    let night = world.night(2);
    assert_eq!(night.done, ["create hibob-4", "update hibob-1: jobTitle=Lead"]);
    assert_eq!(night.hold, None);
}

#[test]
fn a_plan_that_is_too_large_as_well_is_first_of_all_one_that_nobody_has_seen() {
    let mut world = unseen(1..=12);
    for id in 1..=6 {
        world.people[id - 1] = terminated(&id.to_string(), "2026-11-01");
    }
    assert_eq!(
        world.night(2).hold,
        Some(HoldReason::MappingChanged { planned: 6 })
    );
    world.removals_seen = true;
    let too_many = HoldReason::TooManyRemovals { planned: 6, limit: 5 };
    assert_eq!(world.night(3).hold, Some(too_many));
}
