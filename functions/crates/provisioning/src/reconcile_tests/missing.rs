//! A person who vanished from the answer is deactivated only after three healthy nights on distinct dates.

use super::person::{employed, staff, terminated};
use super::world::{World, november};
use crate::account::{AccountState, DeactivationReason, Missing};
use crate::policy::Policy;

/// A company of ten of which person 1 has vanished.
fn without_one() -> World {
    let mut world = World::synced(staff(1..=10));
    world.people.remove(0);
    world
}

#[test]
fn three_healthy_nights_are_needed() {
    let mut world = without_one();
    assert_eq!(world.night(2).done, ["mark hibob-1: missing=1"]);
    assert_eq!(world.night(3).done, ["mark hibob-1: missing=2"]);
    assert_eq!(world.night(4).done, ["deactivate (Missing) hibob-1: missing=3"]);
    assert_eq!(
        world.account("hibob-1").status.state,
        AccountState::Inactive(Some(DeactivationReason::Missing))
    );
    let night = world.night(5);
    assert!(night.done.is_empty());
    assert_eq!(night.findings.missing, 0, "an inactive account misses nobody");
}

#[test]
fn two_runs_of_one_date_are_one_night() {
    let mut world = without_one();
    world.night(2);
    assert!(world.night(2).done.is_empty());
    assert_eq!(
        world.missing("hibob-1"),
        Missing {
            nights: 1,
            last_on: Some(november(2))
        }
    );
}

#[test]
fn a_clock_that_goes_back_counts_no_night() {
    let mut world = without_one();
    world.night(5);
    assert!(world.night(4).done.is_empty());
    assert!(world.night(5).done.is_empty());
    assert_eq!(world.night(6).done, ["mark hibob-1: missing=2"]);
}

#[test]
fn nights_need_not_follow_each_other() {
    let mut world = without_one();
    world.night(2);
    world.night(9);
    assert_eq!(world.night(23).done, ["deactivate (Missing) hibob-1: missing=3"]);
}

#[test]
fn somebody_who_is_seen_again_starts_over() {
    let mut world = without_one();
    world.night(2);
    world.night(3);
    world.people.push(employed("1"));
    assert_eq!(world.night(4).done, ["mark hibob-1: missing=0"]);
    world.people.pop();
    assert_eq!(world.night(5).done, ["mark hibob-1: missing=1"]);
}

#[test]
fn somebody_who_is_found_to_have_left_leaves_at_once() {
    let mut world = without_one();
    world.night(2);
    world.people.push(terminated("1", "2026-11-01"));
    assert_eq!(world.night(3).done, ["deactivate (Left) hibob-1: missing=0"]);
}

#[test]
fn somebody_given_up_comes_back_active_when_seen_again() {
    let mut world = without_one();
    for day in 2..=4 {
        world.night(day);
    }
    world.people.push(employed("1"));
    assert_eq!(world.night(5).done, ["reactivate hibob-1: missing=0"]);
}

#[test]
fn a_night_whose_answer_is_refused_counts_for_nobody() {
    let mut world = without_one();
    world.night(2);
    let everybody = std::mem::replace(&mut world.people, staff(2..=5));
    world.refused_night(3);
    world.people = everybody;
    assert_eq!(world.night(4).done, ["mark hibob-1: missing=2"]);
}

#[test]
fn the_tenant_may_ask_for_more_nights() {
    let mut world = without_one();
    world.policy = Policy {
        missing_nights: 5.try_into().unwrap(),
        ..Policy::default()
    };
    for day in 2..=5 {
        assert!(world.night(day).done[0].starts_with("mark"));
    }
    assert_eq!(world.night(6).done, ["deactivate (Missing) hibob-1: missing=5"]);
}

#[test]
fn accounts_that_hibob_never_knew_are_not_missing() {
    let mut world = World::synced(staff(1..=3));
    world.make_by_hand("made-1", "consultant@example.com");
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(night.findings.missing, 0);
}

#[test]
fn a_held_removal_does_not_move_its_counter_on() {
    let mut world = without_one();
    for id in 2..=10 {
        world.account(&format!("hibob-{id}")).deactivate_by_hand();
    }
    world.night(2);
    world.night(3);
    for day in 4..=6 {
        let night = world.night(day);
        assert!(night.done.is_empty());
        assert_eq!(night.held, ["deactivate (Missing) hibob-1: missing=3"]);
    }
    assert_eq!(
        world.missing("hibob-1"),
        Missing {
            nights: 2,
            last_on: Some(november(3))
        }
    );
}
