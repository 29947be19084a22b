//! Who comes back gets the same account back, if a run had deactivated it.

use super::person::{STARTS_ON, TERMINATED_ON, employed, hired, staff, terminated};
use super::world::World;
use crate::report::SkipReason;

/// Three people of whom the first left on 1 November.
fn after_a_leaver() -> World {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = terminated("1", "2026-11-01");
    world.night(2);
    world
}

#[test]
fn a_rehire_with_the_old_termination_date_still_set_is_active_again_with_todays_values() {
    let mut world = after_a_leaver();
    world.people[0] = employed("1")
        .text(TERMINATED_ON, "2026-11-01")
        .titled("Lead")
        .email("back@example.com");
    assert_eq!(
        world.night(3).done,
        ["reactivate hibob-1: email=back@example.com, jobTitle=Lead"]
    );
}

#[test]
fn a_rehire_who_starts_later_waits_for_the_start_date() {
    let mut world = after_a_leaver();
    world.people[0] = hired("1", "2026-11-20");
    assert!(world.night(19).done.is_empty());
    assert_eq!(world.night(20).done, ["reactivate hibob-1: startDate=2026-11-20"]);
}

#[test]
fn a_termination_that_is_called_off_gives_the_account_back_unchanged() {
    let mut world = after_a_leaver();
    world.people[0] = employed("1");
    assert_eq!(world.night(3).done, ["reactivate hibob-1"]);
}

#[test]
fn an_account_that_somebody_in_hithrive_deactivated_is_updated_but_not_reactivated() {
    let mut world = World::synced(staff(1..=3));
    world.account("hibob-1").deactivate_by_hand();
    world.people[0] = employed("1").titled("Lead");
    let night = world.night(2);
    assert_eq!(night.done, ["update hibob-1: jobTitle=Lead"]);
    assert_eq!(night.skipped(SkipReason::DeactivatedElsewhere), 1);
    assert!(!world.account("hibob-1").is_active());
}

#[test]
fn somebody_whose_lifecycle_turns_unclear_is_not_reactivated() {
    let mut world = after_a_leaver();
    world.people[0] = employed("1").text(super::person::LIFECYCLE, "on the moon");
    assert!(world.night(3).done.is_empty());
}

#[test]
fn a_rehire_under_a_new_id_does_not_get_the_old_account() {
    let mut world = after_a_leaver();
    world.people.push(
        employed("4")
            .email("p1@example.com")
            .text(STARTS_ON, "2026-11-02"),
    );
    let night = world.night(3);
    assert!(night.done.is_empty());
    assert_eq!(night.problems, ["1: EmailTaken", "4: EmailTaken"]);
}
