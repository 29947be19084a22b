//! Records that are not as they should be cost nobody else anything.

use serde_json::json;

use super::person::{EMAIL, ID, LIFECYCLE, STATUS, employed, staff, terminated};
use super::world::World;
use crate::guard::Refusal;
use crate::report::SkipReason;

#[test]
fn a_record_without_a_usable_id_is_reported_and_skipped() {
    let nameless = [
        employed("1").without(ID),
        employed("1").null(ID),
        employed("1").text(ID, " "),
        employed("1").text(ID, "a#b"),
        employed("1").text(ID, &"9".repeat(65)),
        employed("1").json(ID, json!(3_987_598_587_553_907_167_u64)),
    ];
    let mut world = World::of(nameless);
    world.people.push(employed("2"));
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-2"]);
    assert_eq!(night.problems, ["MissingId"; 6]);
    assert_eq!(night.findings.people, 1);
}

#[test]
fn an_answer_in_which_nobody_has_an_id_is_refused() {
    let mut world = World::synced(staff(1..=3));
    world.people = staff(1..=3)
        .into_iter()
        .map(|person| person.json(ID, json!(1)))
        .collect();
    assert_eq!(world.refused_night(2), Refusal::EmptyAnswer);
}

#[test]
fn somebody_new_needs_an_address() {
    let mut world = World::of([
        employed("1").null(EMAIL),
        employed("2").without(EMAIL),
        employed("3").email(" "),
        employed("4").email("jane"),
        employed("5").email("jane@example.com; bob@example.com"),
        employed("6").email("ja\u{7}ne@example.com"),
        employed("7").email(&format!("{}@example.com", "x".repeat(4096))),
        employed("8").json(EMAIL, json!({"work": "jane@example.com"})),
        employed("9").json(EMAIL, json!(7)),
    ]);
    let night = world.night(1);
    assert!(night.done.is_empty());
    assert_eq!(night.skipped(SkipReason::NoEmail), 3);
    assert_eq!(night.skipped(SkipReason::MalformedEmail), 6);
}

#[test]
fn two_records_with_one_id_are_both_left_out_and_their_account_stays_as_it_is() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = employed("1").titled("Lead");
    world.people.push(terminated("1", "2026-11-01"));
    world
        .people
        .extend([employed("4"), employed("4").titled("Lead"), employed("4")]);
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(night.findings.people, 4);
    assert_eq!(
        night.problems,
        ["1: DuplicateId", "4: DuplicateId", "4: DuplicateId"]
    );
    world.people.truncate(3);
    world.people.push(employed("4"));
    assert_eq!(
        world.night(3).done,
        ["create hibob-4", "update hibob-1: jobTitle=Lead"]
    );
}

#[test]
fn of_two_records_with_one_id_not_even_the_manager_is_taken() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = employed("1").reports_to("2");
    world.people.push(employed("1").reports_to("3"));
    assert!(world.night(2).done.is_empty());
}

#[test]
fn nobody_takes_the_address_of_somebody_with_two_records() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = employed("1").email("new@example.com");
    world.people.push(world.people[0].clone());
    world.people[1] = employed("2").email("p1@example.com");
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert!(night.problems.contains(&"2: EmailTaken".to_owned()));
}

#[test]
fn an_unknown_lifecycle_state_creates_only_who_has_access_and_removes_nobody() {
    let unknown = |id: &str, status: &str| employed(id).text(LIFECYCLE, "onTheMoon").text(STATUS, status);
    let mut world = World::of([unknown("1", "Active"), unknown("2", "Inactive"), employed("3")]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-1", "create hibob-3"]);
    assert_eq!(night.problems, ["2: LifecycleUnclear"]);
    world.people = vec![
        unknown("1", "Inactive"),
        unknown("2", "Inactive"),
        employed("3").json(LIFECYCLE, json!(7)),
    ];
    assert!(world.night(2).done.is_empty());
}

#[test]
fn a_record_that_is_shorter_than_the_request_is_all_absent_at_its_end() {
    let world = World::synced(staff(1..=2));
    let fields = crate::reconcile::Basis::fields(&world.mapping, &world.policy);
    let record = crate::employee::Employee::new(Vec::new());
    assert!(
        fields
            .indexes()
            .all(|index| *record.get(index) == crate::employee::FieldValue::Absent)
    );
}
