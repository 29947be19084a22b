//! Future starters get their account on the start date, or some days before.

use super::person::{STARTS_ON, employed, hired, staff, terminated};
use super::world::World;
use crate::policy::Policy;
use crate::report::SkipReason;

#[test]
fn a_starter_is_created_on_the_start_date() {
    let mut world = World::of([employed("1"), hired("2", "2026-11-09")]);
    let night = world.night(8);
    assert_eq!(night.done, ["create hibob-1"]);
    assert_eq!(night.skipped(SkipReason::NotYet), 1);
    assert!(night.problems.is_empty());
    assert_eq!(world.night(9).done, ["create hibob-2"]);
}

#[test]
fn a_tenant_may_want_starters_some_days_before() {
    let mut world = World::synced([employed("1")]);
    world.policy = Policy {
        create_days_before_start: 7,
        ..Policy::default()
    };
    world.people.push(hired("2", "2026-11-10"));
    assert!(world.night(2).done.is_empty());
    assert_eq!(world.night(3).done, ["create hibob-2"]);
}

#[test]
fn a_start_that_is_put_off_leaves_an_account_as_it_is() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = hired("1", "2027-01-01");
    assert_eq!(world.night(2).done, ["update hibob-1: startDate=2027-01-01"]);
    assert!(world.account("hibob-1").is_active());
}

#[test]
fn a_hired_person_without_a_start_date_waits() {
    let mut world = World::of([
        employed("1"),
        hired("2", "").null(STARTS_ON),
        hired("3", "").without(STARTS_ON),
        hired("4", "soon"),
    ]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-1"]);
    assert_eq!(night.skipped(SkipReason::NotYet), 3);
}

#[test]
fn an_employed_person_without_a_start_date_does_not_wait() {
    let mut world = World::of([employed("1").null(STARTS_ON)]);
    assert_eq!(world.night(1).done, ["create hibob-1"]);
}

#[test]
fn an_offer_that_is_called_off_before_the_start_makes_no_account() {
    let mut world = World::of([
        employed("1"),
        terminated("2", "2026-12-01").text(STARTS_ON, "2026-12-01"),
    ]);
    assert_eq!(world.night(2).done, ["create hibob-1"]);
}
