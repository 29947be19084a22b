//! What stops a run, and what only holds a part of its plan.

use super::person::{employed, hired, staff, terminated};
use super::world::{World, november};
use crate::guard::{HoldReason, Refusal, Removals};

fn leave(world: &mut World, ids: std::ops::RangeInclusive<u32>) {
    for id in ids {
        world.people[id as usize - 1] = terminated(&id.to_string(), "2026-11-01");
    }
}

#[test]
fn an_empty_answer_is_refused() {
    let mut world = World::synced(staff(1..=3));
    world.people.clear();
    assert_eq!(world.refused_night(2), Refusal::EmptyAnswer);
    assert_eq!(World::of([]).refused_night(1), Refusal::EmptyAnswer);
}

#[test]
fn an_answer_much_smaller_than_the_last_is_refused() {
    let mut world = World::synced(staff(1..=10));
    world.people.truncate(7);
    assert_eq!(
        world.refused_night(2),
        Refusal::AnswerTooSmall {
            people: 7,
            last_people: 10
        }
    );
    world.people.push(employed("8"));
    assert_eq!(
        world.night(2).done,
        ["mark hibob-10: missing=1", "mark hibob-9: missing=1"]
    );
}

#[test]
fn people_who_left_and_people_out_of_scope_still_count_as_people_of_the_answer() {
    let mut world = World::synced(staff(1..=10));
    leave(&mut world, 1..=5);
    assert_eq!(world.night(2).findings.people, 10);
}

#[test]
fn too_many_removals_hold_removals_reactivations_and_new_addresses_while_the_rest_goes_on() {
    let mut world = World::synced(staff(1..=12));
    world.people[11] = terminated("12", "2026-11-01");
    world.night(2);

    leave(&mut world, 1..=6);
    world.people[6] = employed("7").email("new@example.com").titled("Lead");
    world.people[7] = employed("8").titled("Lead");
    world.people[11] = employed("12");
    world.people.push(employed("13"));
    world.people.push(hired("14", "2026-12-01"));
    let night = world.night(3);
    assert_eq!(
        night.done,
        [
            "create hibob-13",
            "update hibob-7: jobTitle=Lead",
            "update hibob-8: jobTitle=Lead"
        ]
    );
    let held = [
        "update hibob-7: email=new@example.com",
        "reactivate hibob-12",
        "deactivate (Left) hibob-1",
        "deactivate (Left) hibob-2",
        "deactivate (Left) hibob-3",
        "deactivate (Left) hibob-4",
        "deactivate (Left) hibob-5",
        "deactivate (Left) hibob-6",
    ];
    assert_eq!(night.held, held);
    assert_eq!(
        night.hold,
        Some(HoldReason::TooManyRemovals { planned: 6, limit: 5 })
    );
}

#[test]
fn each_night_plans_anew_and_what_was_held_is_done_when_the_reason_is_gone() {
    let mut world = World::synced(staff(1..=12));
    leave(&mut world, 1..=6);
    world.people[6] = employed("7").email("new@example.com").titled("Lead");
    world.night(2);
    world.people[0] = employed("1");
    let night = world.night(3);
    assert_eq!(night.done.len(), 6);
    assert_eq!(night.done[0], "update hibob-7: email=new@example.com");
    assert_eq!(night.hold, None);
}

#[test]
fn a_hold_keeps_a_swap_whole_and_a_newcomers_handed_on_address_with_it() {
    let mut world = World::synced(staff(1..=12));
    leave(&mut world, 1..=6);
    world.people[7] = employed("8").email("p9@example.com");
    world.people[8] = employed("9").email("free@example.com").titled("Lead");
    world.people.push(employed("13").email("p8@example.com"));
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(
        night.held[..3],
        [
            "create hibob-13 [together 0]",
            "update hibob-8 [together 0]: email=p9@example.com",
            "update hibob-9 [together 0]: email=free@example.com, jobTitle=Lead",
        ]
    );
}

#[test]
fn what_is_held_stays_held_when_the_same_run_makes_the_team_larger() {
    let mut world = World::synced(staff(1..=60));
    leave(&mut world, 1..=8);
    world.people.extend(staff(61..=70));
    let night = world.night(2);
    assert_eq!(night.done.len(), 10);
    assert_eq!(
        night.hold,
        Some(HoldReason::TooManyRemovals { planned: 8, limit: 7 })
    );
    assert_eq!(world.night(3).hold, night.hold);
}

#[test]
fn an_adopted_account_counts_as_part_of_the_team_only_if_it_is_active() {
    let adopting = |is_active: bool| {
        let mut world = World::synced(staff(1..=59));
        leave(&mut world, 1..=6);
        world.people.push(employed("60"));
        let account = world.make_by_hand("made-1", "p60@example.com");
        if !is_active {
            account.deactivate_by_hand();
        }
        world.night(2).hold
    };
    assert_eq!(adopting(true), None);
    assert_eq!(
        adopting(false),
        Some(HoldReason::TooManyRemovals { planned: 6, limit: 5 })
    );
}

#[test]
fn a_small_team_never_loses_more_than_half_unasked() {
    let mut world = World::synced(staff(1..=4));
    leave(&mut world, 1..=3);
    assert_eq!(
        world.night(2).hold,
        Some(HoldReason::TooManyRemovals { planned: 3, limit: 2 })
    );
    world.people[2] = employed("3");
    assert_eq!(world.night(3).done.len(), 2);
}

#[test]
fn the_last_person_of_a_team_is_not_removed_unasked() {
    let mut world = World::synced([employed("1")]);
    leave(&mut world, 1..=1);
    assert_eq!(
        world.night(2).hold,
        Some(HoldReason::TooManyRemovals { planned: 1, limit: 0 })
    );
}

#[test]
fn a_week_may_not_bring_more_than_a_fifth() {
    let mut world = World::synced(staff(1..=50));
    leave(&mut world, 1..=5);
    assert_eq!(world.night(2).hold, None);
    leave(&mut world, 6..=10);
    assert_eq!(world.night(4).hold, None);
    leave(&mut world, 11..=11);
    let hold = HoldReason::TooManyRemovalsInAWeek {
        planned: 1,
        recent: 10,
        limit: 10,
    };
    assert_eq!(world.night(8).hold, Some(hold));
    assert_eq!(
        world.night(9).done,
        ["deactivate (Left) hibob-11"],
        "the second is more than six nights ago"
    );
}

#[test]
fn a_second_run_of_one_date_does_not_get_a_limit_of_its_own() {
    let mut world = World::synced(staff(1..=50));
    leave(&mut world, 1..=4);
    world.night(2);
    leave(&mut world, 5..=6);
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(
        night.hold,
        Some(HoldReason::TooManyRemovals { planned: 2, limit: 1 })
    );
    assert_eq!(
        world.history.removals,
        [Removals {
            on: november(2),
            count: 4
        }]
    );
}

#[test]
fn a_run_that_is_held_does_not_lower_what_the_next_answer_is_measured_by() {
    let mut world = World::synced(staff(1..=20));
    world.people.truncate(17);
    leave(&mut world, 1..=8);
    assert!(world.night(2).hold.is_some());
    assert_eq!(world.history.last_people, Some(20));
}
