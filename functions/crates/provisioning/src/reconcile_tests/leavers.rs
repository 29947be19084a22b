//! A person HiBob says has left is deactivated after the termination date in the tenant's time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::person::{LIFECYCLE, STATUS, TERMINATED_ON, employed, staff, terminated};
use super::world::World;
use crate::account::{AccountState, DeactivationReason};
use crate::policy::Policy;
use crate::report::SkipReason;
use crate::standing::Today;

#[test]
fn somebody_in_notice_leaves_the_night_after_the_last_day() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = employed("1").text(TERMINATED_ON, "2026-11-20");
    assert!(world.night(20).done.is_empty());
    world.people[0] = terminated("1", "2026-11-20");
    assert!(world.night(20).done.is_empty(), "the last day is a day of work");
    assert_eq!(world.night(21).done, ["deactivate (Left) hibob-1"]);
    assert_eq!(
        world.account("hibob-1").status.state,
        AccountState::Inactive(Some(DeactivationReason::Left))
    );
    assert!(world.night(22).done.is_empty());
}

#[test]
fn a_leavers_account_is_left_as_it_is_from_then_on() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = terminated("1", "2026-11-01");
    world.night(3);
    world.people[0] = terminated("1", "2026-11-01")
        .titled("Former analyst")
        .email("gone@example.com");
    assert!(world.night(4).done.is_empty());
}

#[test]
fn terminated_without_a_date_leaves_on_the_first_healthy_night() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = terminated("1", "").null(TERMINATED_ON);
    assert_eq!(world.night(2).done, ["deactivate (Left) hibob-1"]);
}

#[test]
fn who_left_before_the_first_night_never_gets_an_account() {
    let mut world = World::of([terminated("1", "2026-10-01"), employed("2")]);
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-2"]);
    assert_eq!(night.skipped(SkipReason::NeverHere), 1);
    assert!(night.problems.is_empty());
}

#[test]
fn without_every_lifecycle_field_nobody_is_removed() {
    for field in [STATUS, LIFECYCLE, TERMINATED_ON] {
        let mut world = World::synced(staff(1..=3));
        world.people[0] = terminated("1", "2026-11-01").without(field);
        assert!(world.night(3).done.is_empty(), "{field}");
    }
}

#[test]
fn a_termination_date_that_is_no_date_or_changed_its_type_removes_nobody() {
    let bad = [
        terminated("1", "01/11/2026"),
        terminated("1", "soon"),
        terminated("1", "").json(TERMINATED_ON, 20_261_101.into()),
    ];
    for person in bad {
        let mut world = World::synced(staff(1..=3));
        world.people[0] = person;
        assert!(world.night(3).done.is_empty());
    }
}

#[test]
fn a_date_at_the_end_of_the_calendar_is_never_over() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = terminated("1", "9999-12-31");
    assert!(world.night(3).done.is_empty());
}

/// Whether a leaver of `date` is deactivated by a run at an instant.
fn leaves(zone: &str, date: &str, grace_hours: u16, now: &str) -> bool {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = terminated("1", date);
    world.policy = Policy {
        leavers_grace_hours: grace_hours,
        ..Policy::default()
    };
    let today = Today::new(now.parse::<Timestamp>().unwrap(), TimeZone::get(zone).unwrap());
    !world.plan_at(&today).unwrap().changes.is_empty()
}

#[test]
fn the_day_ends_at_midnight_of_the_tenant() {
    assert!(!leaves(
        "America/Los_Angeles",
        "2026-11-20",
        0,
        "2026-11-21T07:59:59Z"
    ));
    assert!(leaves(
        "America/Los_Angeles",
        "2026-11-20",
        0,
        "2026-11-21T08:00:00Z"
    ));
    assert!(!leaves(
        "Pacific/Kiritimati",
        "2026-11-20",
        0,
        "2026-11-20T09:59:59Z"
    ));
    assert!(leaves(
        "Pacific/Kiritimati",
        "2026-11-20",
        0,
        "2026-11-20T10:00:00Z"
    ));
}

#[test]
fn grace_hours_are_hours_that_pass_even_when_the_clock_is_changed() {
    // London puts its clock back at 01:00 UTC on 25 October 2026: that local day has 25 hours.
    assert!(!leaves("Europe/London", "2026-10-24", 24, "2026-10-25T22:59:59Z"));
    assert!(leaves("Europe/London", "2026-10-24", 24, "2026-10-25T23:00:00Z"));
    assert!(!leaves("Europe/London", "2026-10-25", 0, "2026-10-25T23:59:59Z"));
    assert!(leaves("Europe/London", "2026-10-25", 0, "2026-10-26T00:00:00Z"));
}

#[test]
fn a_day_whose_midnight_does_not_exist_begins_with_its_first_instant() {
    // Beirut skips from 00:00 to 01:00 on 29 March 2026; Apia skipped the whole of 30 December 2011.
    assert!(!leaves("Asia/Beirut", "2026-03-28", 0, "2026-03-28T21:59:59Z"));
    assert!(leaves("Asia/Beirut", "2026-03-28", 0, "2026-03-28T22:00:00Z"));
    assert!(!leaves("Pacific/Apia", "2011-12-29", 0, "2011-12-30T09:59:59Z"));
    assert!(leaves("Pacific/Apia", "2011-12-29", 0, "2011-12-30T10:00:00Z"));
}
