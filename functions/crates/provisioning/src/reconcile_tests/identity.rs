//! Identity is HiBob's id; an address links an account once.

use super::person::{DISPLAY_NAME, FIRST_NAME, employed, staff, terminated};
use super::world::World;
use crate::report::SkipReason;

#[test]
fn everybody_gets_one_account_under_hibobs_id() {
    let mut world = World::of([employed("1").reports_to("2"), employed("2")]);
    assert_eq!(
        world.night(1).done,
        ["create hibob-1: manager=2", "create hibob-2"]
    );
    let account = world.account("hibob-1");
    assert_eq!(account.status.email.as_str(), "p1@example.com");
    assert_eq!(account.text("jobTitle"), Some("Analyst"));
    assert_eq!(account.manager(), Some("2"));
}

#[test]
fn a_new_address_is_an_update_of_the_same_account() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = employed("1").email("married@example.com");
    assert_eq!(world.night(2).done, ["update hibob-1: email=married@example.com"]);
    assert_eq!(world.accounts.len(), 3);
}

#[test]
fn an_account_known_by_its_address_alone_is_linked_once() {
    let mut world = World::of([employed("1").email("Jane@Example.com")]);
    world.make_by_hand("made-1", "jane@example.com");
    let adoption = "adopt made-1: firstName=First 1, displayName=First 1, jobTitle=Analyst, location=London, \
                    startDate=2020-01-01";
    assert_eq!(world.night(1).done, [adoption]);

    world.people[0] = employed("1").email("married@example.com");
    assert_eq!(world.night(2).done, ["update made-1: email=married@example.com"]);
}

#[test]
fn an_adopted_account_that_has_all_values_already_is_linked_all_the_same() {
    let bare = employed("1").null(FIRST_NAME).null(DISPLAY_NAME);
    let mut world = World::synced([bare.clone()]);
    let status = &mut world.account("hibob-1").status;
    (status.employee, status.source_fp) = (None, None);
    assert_eq!(world.night(2).done, ["adopt hibob-1"]);
}

#[test]
fn an_adopted_account_gets_its_persons_manager_or_loses_one_that_hibob_does_not_know() {
    let mut world = World::of([
        employed("1"),
        employed("2").reports_to("1"),
        employed("3").reports_to("1"),
    ]);
    world.make_by_hand("a", "p1@example.com").status.manager = Some("99".parse().unwrap());
    world.make_by_hand("b", "p2@example.com").status.manager = Some("99".parse().unwrap());
    world.make_by_hand("c", "p3@example.com").status.manager = Some("1".parse().unwrap());
    let edits: Vec<bool> = world
        .night(1)
        .done
        .iter()
        .map(|line| line.contains("manager="))
        .collect();
    assert_eq!(
        edits,
        [true, true, false],
        "what is stored already is not written again"
    );
    assert_eq!(world.account("a").manager(), None);
    assert_eq!(world.account("b").manager(), Some("1"));
}

#[test]
fn an_account_that_somebody_deactivated_is_linked_and_stays_inactive() {
    let mut world = World::of([employed("1")]);
    world
        .make_by_hand("made-1", "p1@example.com")
        .deactivate_by_hand();
    assert!(world.night(1).done[0].starts_with("adopt made-1"));
    assert!(!world.account("made-1").is_active());
    assert_eq!(world.night(2).skipped(SkipReason::DeactivatedElsewhere), 1);
}

#[test]
fn an_account_without_hibob_id_that_nobody_matches_is_never_touched() {
    let mut world = World::of([employed("1"), terminated("2", "2026-10-01")]);
    let unmatched = world.make_by_hand("made-1", "consultant@example.com").clone();
    let of_a_leaver = world.make_by_hand("made-2", "p2@example.com").clone();
    assert_eq!(world.night(1).done, ["create hibob-1"]);
    assert_eq!(*world.account("made-1"), unmatched);
    assert_eq!(*world.account("made-2"), of_a_leaver);
}

#[test]
fn two_accounts_with_one_address_are_adopted_by_nobody() {
    let mut world = World::of([employed("1")]);
    world.make_by_hand("a", "p1@example.com");
    world.make_by_hand("b", "p1@example.com");
    let night = world.night(1);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: EmailTaken"]);
}

#[test]
fn an_account_that_has_an_id_is_not_adopted_by_another() {
    let mut world = World::synced([employed("1"), employed("2")]);
    world.people = vec![
        employed("1").titled("Lead"),
        employed("3").email("p1@example.com").titled("Lead"),
        employed("2"),
    ];
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: DuplicateEmail", "3: DuplicateEmail"]);
}
