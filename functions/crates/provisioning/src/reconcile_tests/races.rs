//! Accounts that move between reading and planning, and runs that are cut short.

use super::person::{employed, staff};
use super::telling::tell;
use super::world::{World, november};
use crate::account::Head;
use crate::plan::Plan;
use crate::reconcile::{Basis, Draft, Reconciler};
use crate::standing::Today;

/// The plan of 2 November when `meddle` happens to the stored accounts after their heads were read.
fn plan_with(world: &World, meddle: impl FnOnce(&mut World)) -> Plan {
    let fields = Basis::fields(&world.mapping, &world.policy);
    let now = november(2).to_zoned(world.time_zone.clone()).unwrap().timestamp();
    let today = Today::new(now, world.time_zone.clone());
    let basis = Basis {
        mapping: &world.mapping,
        policy: &world.policy,
        fields: &fields,
        today: &today,
        history: &world.history,
        removals_seen: true,
    };
    let heads = world
        .accounts
        .values()
        .map(|account| Head::from(account.status.clone()))
        .collect();
    let mut reconciler = Reconciler::new(heads, basis);
    for person in &world.people {
        reconciler.observe(&person.read_with(&fields));
    }
    let mut draft: Draft = reconciler.finish().unwrap();
    let mut later = world.clone();
    meddle(&mut later);
    for id in draft.to_compare() {
        if let Some(account) = later.accounts.get(&id) {
            draft.compare(&account.stored());
        }
    }
    draft.into_plan()
}

fn problems(plan: &Plan) -> Vec<String> {
    super::telling::Night::new(plan).problems
}

#[test]
fn an_account_that_moved_or_went_meanwhile_is_left_to_the_next_night() {
    let mut world = World::synced(staff(1..=3));
    world.people = staff(1..=3)
        .into_iter()
        .map(|person| person.titled("Lead"))
        .collect();
    let plan = plan_with(&world, |later| {
        later.account("hibob-1").status.revision += 1;
        later.accounts.pop_last();
    });
    assert_eq!(tell(&plan, &plan.changes), ["update hibob-2: jobTitle=Lead"]);
    assert_eq!(problems(&plan), ["1: ChangedMeanwhile", "3: ChangedMeanwhile"]);
}

#[test]
fn a_handover_is_left_whole_to_the_next_night_when_one_of_its_accounts_moved() {
    let mut world = World::synced(staff(1..=4));
    world.people = vec![
        employed("1").email("new@example.com"),
        employed("2").email("p1@example.com"),
        employed("3").email("p4@example.com"),
        employed("4").email("p3@example.com"),
        employed("5").email("p2@example.com"),
    ];
    let plan = plan_with(&world, |later| later.account("hibob-1").status.revision += 1);
    let other_swap = [
        "update hibob-3 [together 0]: email=p4@example.com",
        "update hibob-4 [together 0]: email=p3@example.com",
    ];
    assert_eq!(tell(&plan, &plan.changes), other_swap);
    assert_eq!(
        problems(&plan),
        [
            "1: ChangedMeanwhile",
            "2: ChangedMeanwhile",
            "5: ChangedMeanwhile"
        ]
    );
}

#[test]
fn additions_come_before_removals_so_that_a_run_cut_short_has_done_no_harm() {
    let mut world = World::synced(staff(1..=12));
    world.people[0] = super::person::terminated("1", "2026-11-01");
    world.night(2);
    world.people[0] = employed("1");
    world.people[1] = super::person::terminated("2", "2026-11-01");
    world.people[2] = employed("3").titled("Lead");
    world.people[3] = employed("4").email("p5@example.com");
    world.people[4] = employed("5").email("p4@example.com");
    world.people[5] = employed("6").without(super::person::TITLE);
    world.people.push(employed("13"));
    let plan = world.plan(november(3)).unwrap();
    let verbs: Vec<String> = tell(&plan, &plan.changes)
        .iter()
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        verbs,
        [
            "create",
            "update",
            "update",
            "update",
            "reactivate",
            "deactivate",
            "mark"
        ]
    );
}
