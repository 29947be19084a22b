//! What holds for every company, answer, mapping and policy.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::generated::{answer, world};
use super::person::{
    EMAIL, FIRST_NAME, LIFECYCLE, MANAGER, MANAGER_EMAIL, Person, SITE, STATUS, TEAMS, TERMINATED_ON, TITLE,
};
use super::team::Account;
use super::telling::tell;
use super::world::{World, november};
use crate::account::{AccountState, Override};
use crate::guard::History;
use crate::ids::AccountId;
use crate::plan::Plan;

const TONIGHT: i8 = 24;

type Team = BTreeMap<AccountId, Account>;

fn planned(world: &World) -> Option<Plan> {
    world.plan(november(TONIGHT)).ok()
}

/// Runs the night, unless its answer is refused, and once more, when there must be nothing left to do.
fn settle(world: &mut World) -> Result<(), TestCaseError> {
    let Some(plan) = planned(world) else { return Ok(()) };
    world.apply(&plan);
    let again = planned(world).unwrap();
    prop_assert_eq!(tell(&again, &again.changes), [""; 0]);
    prop_assert_eq!(tell(&again, &again.held), tell(&plan, &plan.held));
    prop_assert_eq!(again.hold, plan.hold);
    Ok(())
}

/// The team before and after one run, with the plan; nothing when the answer is refused.
fn night(world: &mut World) -> Option<(Team, Plan)> {
    let before = world.accounts.clone();
    let plan = planned(world)?;
    world.apply(&plan);
    Some((before, plan))
}

fn is_active_and_ours(account: &Account) -> bool {
    account.is_active() && account.status.employee.is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_answers_a_second_run_plans_nothing(
        mut world in world(),
        answers in prop::collection::vec(answer(), 0..=2),
    ) {
        settle(&mut world)?;
        for answer in answers {
            world.people = answer;
            settle(&mut world)?;
        }
    }

    #[test]
    fn a_run_cut_short_anywhere_is_finished_by_the_next(world in world(), cut in any::<Index>()) {
        let mut undisturbed = world.clone();
        settle(&mut undisturbed)?;
        let mut resumed = world;
        if let Some(plan) = planned(&resumed) {
            resumed.apply_first(cut.index(plan.changes.len() + 1), &plan);
            settle(&mut resumed)?;
        }
        prop_assert_eq!(resumed.accounts, undisturbed.accounts);
    }

    #[test]
    fn the_order_of_an_answer_does_not_matter(
        (world, shuffled) in world().prop_flat_map(|world| (Just(world.clone()), Just(world.people).prop_shuffle())),
    ) {
        let other = World { people: shuffled, ..world.clone() };
        let (plan, same) = match (world.plan(november(TONIGHT)), other.plan(november(TONIGHT))) {
            (Ok(plan), Ok(same)) => (plan, same),
            (Err(refused), Err(same)) => {
                prop_assert_eq!(refused.refusal, same.refusal);
                return Ok(());
            }
            _ => return Err(TestCaseError::fail("refused in one order only")),
        };
        prop_assert_eq!(&plan.changes, &same.changes);
        prop_assert_eq!(&plan.held, &same.held);
        prop_assert_eq!(plan.hold, same.hold);
        let ids: BTreeSet<String> = world.people.iter().map(Person::id).collect();
        if ids.len() == world.people.len() {
            prop_assert_eq!(plan.findings, same.findings);
        }
    }

    #[test]
    fn an_absent_field_never_changes_a_stored_value(
        mut world in world(),
        field in select(vec![EMAIL, FIRST_NAME, TITLE, SITE, TEAMS, MANAGER, MANAGER_EMAIL]),
        hidden in prop::collection::vec(any::<bool>(), 16),
    ) {
        let hide = |(person, hidden): (Person, bool)| if hidden { person.without(field) } else { person };
        world.people = std::mem::take(&mut world.people).into_iter().zip(hidden).map(hide).collect();
        let Some((before, _)) = night(&mut world) else { return Ok(()) };

        let hidden_from = |account: &Account| {
            let id = account.status.employee.as_ref().map(ToString::to_string);
            world.people.iter().filter(|person| Some(person.id()) == id).any(|person| person.lacks(field))
        };
        let targets = world.mapping.entries().iter().filter(|entry| entry.sources[0].id.as_str() == field);
        let targets: Vec<_> = targets.map(|entry| &entry.target).collect();
        for (id, account) in &before {
            let after = &world.accounts[id];
            if !hidden_from(after) {
                continue;
            }
            for target in &targets {
                prop_assert_eq!(account.stored().value(target), after.stored().value(target));
            }
            if [MANAGER, MANAGER_EMAIL].contains(&field) && targets.len() == 1 {
                prop_assert_eq!(account.manager(), after.manager());
            }
        }
    }

    #[test]
    fn an_answer_recognised_as_bad_is_refused_whatever_else_it_says(
        mut world in world(),
        fault in select(vec!["empty", "small", STATUS, LIFECYCLE, TERMINATED_ON, "scope"]),
    ) {
        match fault {
            "empty" => world.people.clear(),
            "small" => {
                let last_people = Some(u32::try_from(world.people.len()).unwrap() * 2 + 1);
                world.history = History { last_people, ..world.history };
            }
            "scope" => {
                let mut fields = world.policy.scope.rules.iter().map(|rule| if rule.field.id.as_str() == SITE { SITE } else { TITLE });
                let Some(field) = fields.next_back() else { return Ok(()) };
                world.people = world.people.into_iter().map(|person| person.without(field)).collect();
            }
            field => world.people = world.people.into_iter().map(|person| person.without(field)).collect(),
        }
        prop_assert!(planned(&world).is_none());
    }

    #[test]
    fn accounts_without_hibob_id_are_touched_only_to_link_the_one_person_who_has_their_address(mut world in world()) {
        let Some((before, _)) = night(&mut world) else { return Ok(()) };
        for (id, account) in before.iter().filter(|(_, account)| account.status.employee.is_none()) {
            let after = &world.accounts[id];
            if let Some(employee) = &after.status.employee {
                prop_assert_eq!(&account.status.email, &after.status.email);
                prop_assert_eq!(account.status.state, after.status.state);
                let person = world.people.iter().find(|person| person.id() == employee.as_str()).unwrap();
                prop_assert!(person.has_address(&account.status.email));
            } else {
                prop_assert_eq!(account, after);
            }
        }
    }

    #[test]
    fn hithrives_own_decisions_stand(mut world in world()) {
        let Some((before, _)) = night(&mut world) else { return Ok(()) };
        for (id, account) in &before {
            let after = &world.accounts[id];
            let pinned = account.status.override_;
            prop_assert_eq!(pinned, after.status.override_);
            prop_assert!(pinned != Some(Override::Active) || !account.is_active() || after.is_active());
            prop_assert!(pinned != Some(Override::Inactive) || account.is_active() || !after.is_active());
            prop_assert!(account.status.state != AccountState::Inactive(None) || !after.is_active());
        }
    }

    #[test]
    fn no_run_gives_two_active_accounts_one_address(mut world in world()) {
        let Some((before, _)) = night(&mut world) else { return Ok(()) };
        let mut active: Vec<_> = world.accounts.values().filter(|account| is_active_and_ours(account)).collect();
        active.sort_by(|a, b| a.status.email.cmp(&b.status.email));
        for pair in active.windows(2).filter(|pair| pair[0].status.email == pair[1].status.email) {
            let was_so = |account: &Account| before.get(&account.status.id).is_some_and(|was| {
                is_active_and_ours(was) && was.status.email == account.status.email
            });
            prop_assert!(was_so(pair[0]) && was_so(pair[1]));
        }
    }

    #[test]
    fn a_night_deactivates_no_more_than_the_guard_allows(mut world in world()) {
        let Some((before, plan)) = night(&mut world) else { return Ok(()) };
        let was_active = |account: &Account| before.get(&account.status.id).is_none_or(Account::is_active);
        let team = world.accounts.values().filter(|account| account.status.employee.is_some() && was_active(account));
        let team = u32::try_from(team.count()).unwrap();
        let is_removed = |(id, account): &(&AccountId, &Account)| account.is_active() && !world.accounts[*id].is_active();
        let removed = u32::try_from(before.iter().filter(is_removed).count()).unwrap();
        let earlier: u32 = world.history.removals.iter().filter(|night| night.on == november(TONIGHT)).map(|n| n.count).sum();
        let team = team + earlier;
        let limit = if team < 10 { 5.min(team / 2) } else { 5.max(team / 10) };
        prop_assert!(removed == 0 || removed + earlier <= limit);
        prop_assert!(plan.hold.is_none() || removed == 0);
    }

    #[test]
    fn nobody_is_removed_who_is_employed_and_wanted(mut world in world()) {
        world.policy.scope = crate::scope::Scope::default();
        let Some((before, _)) = night(&mut world) else { return Ok(()) };
        for (id, account) in before.iter().filter(|(_, account)| account.is_active()) {
            let Some(employee) = &account.status.employee else { continue };
            let is_employed = |person: &&Person| person.id() == employee.as_str() && person.says(LIFECYCLE, "employed");
            if world.people.iter().find(is_employed).is_some() {
                prop_assert!(world.accounts[id].is_active(), "{id}");
            }
        }
    }
}
