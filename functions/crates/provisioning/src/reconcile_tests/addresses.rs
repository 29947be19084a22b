//! Addresses that cannot be theirs: two people with one, or one that belongs to another account.

use super::person::{EMAIL, employed, staff, terminated};
use super::world::World;
use crate::account::{DeactivationReason, Missing};
use crate::report::SkipReason;

#[test]
fn two_newcomers_with_one_address_are_both_left_out_whatever_its_case() {
    let mut world = World::of([
        employed("1").email("a@example.com"),
        employed("2").email(" A@Example.COM"),
        employed("3"),
    ]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-3"]);
    assert_eq!(night.problems, ["1: DuplicateEmail", "2: DuplicateEmail"]);
}

#[test]
fn a_newcomer_with_a_colleagues_address_leaves_both_as_they_are_until_it_is_mended() {
    let mut world = World::synced(staff(1..=2));
    world.people = vec![
        employed("1").titled("Lead"),
        employed("2"),
        employed("3").email("p1@example.com"),
    ];
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: DuplicateEmail", "3: DuplicateEmail"]);

    world.people[2] = employed("3");
    assert_eq!(
        world.night(3).done,
        ["create hibob-3", "update hibob-1: jobTitle=Lead"]
    );
}

#[test]
fn an_address_of_an_account_outside_the_answer_is_taken_and_both_stay_as_they_are() {
    let mut world = World::synced(staff(1..=8));
    world.people[0] = employed("1").email("p8@example.com").titled("Lead");
    world.people.pop();
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: EmailTaken", "8: EmailTaken"]);
    assert_eq!(
        world.missing("hibob-8"),
        Missing::default(),
        "a person who is left out is not counted as missing either"
    );
}

#[test]
fn an_address_of_a_leaver_is_taken_and_both_stay_as_they_are() {
    let mut world = World::synced(staff(1..=4));
    world.people[0] = terminated("1", "2026-11-01");
    world.people.push(employed("5").email("p1@example.com"));
    let night = world.night(3);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: EmailTaken", "5: EmailTaken"]);
    assert!(world.account("hibob-1").is_active());

    world.people[4] = employed("5");
    assert_eq!(
        world.night(4).done,
        ["create hibob-5", "deactivate (Left) hibob-1"]
    );
}

#[test]
fn an_inactive_account_keeps_its_address() {
    let mut world = World::synced(staff(1..=4));
    world.people[0] = terminated("1", "2026-11-01");
    world.night(3);
    world.people.push(employed("5").email("p1@example.com"));
    let night = world.night(4);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: EmailTaken", "5: EmailTaken"]);
}

#[test]
fn an_account_that_somebody_deactivated_still_claims_its_persons_address() {
    let mut world = World::synced(staff(1..=3));
    world.account("hibob-1").deactivate_by_hand();
    world.people[0] = employed("1").email("married@example.com");
    assert_eq!(world.night(2).done, ["update hibob-1: email=married@example.com"]);
    world.people.push(employed("4").email("married@example.com"));
    assert_eq!(
        world.night(3).problems,
        ["1: DuplicateEmail", "4: DuplicateEmail"]
    );
}

#[test]
fn an_address_that_an_unlinked_account_has_is_not_taken_from_it_by_a_linked_one() {
    let mut world = World::synced(staff(1..=2));
    let by_hand = world.make_by_hand("made-1", "new@example.com").clone();
    world.people[0] = employed("1").email("new@example.com");
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: EmailTaken"]);
    assert_eq!(*world.account("made-1"), by_hand);
}

#[test]
fn nobody_is_reactivated_with_an_address_that_another_account_has_by_now() {
    let mut world = World::synced(staff(1..=4));
    world.people[0] = terminated("1", "2026-11-01");
    world.night(3);
    world.make_by_hand("made-1", "p1@example.com");
    world.people[0] = employed("1");
    let night = world.night(4);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: EmailTaken"]);
}

#[test]
fn of_two_records_of_one_person_the_one_that_left_is_passed_over() {
    let mut world = World::of([
        terminated("1", "2026-10-01").email("a@example.com"),
        employed("2").email("a@example.com"),
    ]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-2"]);
    assert_eq!(night.skipped(SkipReason::NeverHere), 1);
}

#[test]
fn somebody_whose_address_is_gone_keeps_the_one_they_have() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = employed("1").null(EMAIL);
    world.people[1] = employed("2").without(EMAIL);
    world.people[2] = employed("3").email("nobody");
    let night = world.night(2);
    assert_eq!(
        night.done,
        [
            "mark hibob-1: fingerprint",
            "mark hibob-2: fingerprint",
            "mark hibob-3: fingerprint"
        ]
    );
    assert_eq!(night.findings.unreadable["email"], 1);
    assert_eq!(world.account("hibob-2").status.email.as_str(), "p2@example.com");

    world.people.push(employed("4").email("p1@example.com"));
    assert_eq!(
        world.night(3).problems,
        ["1: DuplicateEmail", "4: DuplicateEmail"],
        "a kept address is a claim"
    );
}

#[test]
fn an_address_that_was_changed_by_hand_is_set_right() {
    let mut world = World::synced(staff(1..=2));
    world.account("hibob-1").status.email = "typo@example.com".parse().unwrap();
    assert_eq!(world.night(2).done, ["update hibob-1: email=p1@example.com"]);
}

#[test]
fn a_leavers_address_is_left_alone_because_it_may_be_handed_on() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = terminated("1", "2026-11-01")
        .email("old.1@example.com")
        .titled("Former analyst");
    let night = world.night(3);
    assert_eq!(
        night.done,
        [format!(
            "deactivate ({:?}) hibob-1: jobTitle=Former analyst",
            DeactivationReason::Left
        )]
    );
    assert_eq!(world.account("hibob-1").status.email.as_str(), "p1@example.com");
}
