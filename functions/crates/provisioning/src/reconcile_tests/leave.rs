//! Garden leave and other leave, as the tenant's policy says.

use serde_json::json;

use super::person::{LIFECYCLE, Person, STATUS, TERMINATED_ON, employed, staff};
use super::world::World;
use crate::account::{AccountState, DeactivationReason};
use crate::policy::{Policy, WhenAway};
use crate::report::SkipReason;

fn on_leave(status: &str) -> Person {
    employed("1")
        .text(LIFECYCLE, "parentalLeave")
        .text(STATUS, status)
}

fn in_garden(until: &str) -> Person {
    employed("1")
        .text(LIFECYCLE, "garden leave")
        .text(TERMINATED_ON, until)
}

fn company(policy: Policy) -> World {
    let mut world = World::synced(staff(1..=3));
    world.policy = policy;
    world
}

#[test]
fn by_default_leave_changes_nothing() {
    let mut world = company(Policy::default());
    world.people[0] = on_leave("Inactive");
    assert!(world.night(2).done.is_empty());
    world.people[0] = in_garden("2026-12-31");
    assert!(world.night(3).done.is_empty());
}

#[test]
fn a_tenant_may_want_people_on_leave_inactive_until_they_are_back() {
    let mut world = company(Policy {
        leave: WhenAway::Deactivate,
        ..Policy::default()
    });
    world.people[0] = on_leave("Active");
    assert_eq!(world.night(2).done, ["deactivate (Away) hibob-1"]);
    assert_eq!(
        world.account("hibob-1").status.state,
        AccountState::Inactive(Some(DeactivationReason::Away))
    );
    assert!(world.night(3).done.is_empty());
    world.people[0] = employed("1").titled("Lead");
    assert_eq!(world.night(4).done, ["reactivate hibob-1: jobTitle=Lead"]);
}

#[test]
fn a_tenant_may_follow_hibobs_access_status() {
    let mut world = company(Policy {
        leave: WhenAway::AsInHiBob,
        ..Policy::default()
    });
    world.people[0] = on_leave("Active");
    assert!(world.night(2).done.is_empty());
    world.people[0] = on_leave("inactive");
    assert_eq!(world.night(3).done, ["deactivate (Away) hibob-1"]);
}

#[test]
fn an_access_status_that_is_empty_unknown_or_of_another_type_deactivates_nobody() {
    let strange = [
        on_leave("Active").null(STATUS),
        on_leave("Suspended"),
        on_leave("").json(STATUS, json!({"id": 2})),
    ];
    for person in strange {
        let mut world = company(Policy {
            leave: WhenAway::AsInHiBob,
            ..Policy::default()
        });
        world.people[0] = person;
        assert!(world.night(2).done.is_empty());
    }
}

#[test]
fn garden_leave_ends_as_leaving_after_the_termination_date() {
    let mut world = company(Policy::default());
    world.people[0] = in_garden("2026-11-20");
    assert!(world.night(20).done.is_empty());
    assert_eq!(world.night(21).done, ["deactivate (Left) hibob-1"]);
}

#[test]
fn garden_leave_may_deactivate_at_once_and_later_leaving_changes_nothing_more() {
    let mut world = company(Policy {
        garden_leave: WhenAway::Deactivate,
        ..Policy::default()
    });
    world.people[0] = in_garden("2026-11-20");
    assert_eq!(world.night(2).done, ["deactivate (Away) hibob-1"]);
    assert!(world.night(21).done.is_empty());
}

#[test]
fn who_is_away_and_has_no_account_gets_none_where_the_tenant_wants_them_inactive() {
    let mut world = World::of([on_leave("Inactive"), employed("2")]);
    world.policy = Policy {
        leave: WhenAway::Deactivate,
        ..Policy::default()
    };
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-2"]);
    assert_eq!(night.skipped(SkipReason::NeverHere), 1);
}
