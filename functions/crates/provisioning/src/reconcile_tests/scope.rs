//! Whom the tenant wants, applied before anything is planned.

use serde_json::json;

use super::person::{EMAIL, LIFECYCLE, Person, SITE, employed, staff, terminated};
use super::world::{World, entry, mapping, source};
use crate::field::FieldType;
use crate::guard::Refusal;
use crate::policy::WhenOutOfScope;
use crate::report::SkipReason;
use crate::scope::{Condition, Effect, NeverSync, ScopeRule};

const DIVISION: &str = "work.custom.field_division";

fn rule(effect: Effect, field: &str, condition: Condition) -> ScopeRule {
    ScopeRule {
        effect,
        field: source(field, FieldType::Text),
        condition,
    }
}

fn in_london() -> ScopeRule {
    rule(Effect::Include, SITE, Condition::Equals("London".to_owned()))
}

/// Five people in London under a rule that wants London.
fn london_only(out_of_scope: WhenOutOfScope) -> World {
    let mut world = World::of(staff(1..=5));
    world.policy.scope.rules = vec![in_london()];
    world.policy.out_of_scope = out_of_scope;
    world.night(1);
    world
}

fn in_paris(id: &str) -> Person {
    employed(id).text(SITE, "Paris")
}

#[test]
fn who_is_out_of_scope_gets_no_account() {
    let mut world = World::of([employed("1"), in_paris("2")]);
    world.policy.scope.rules = vec![in_london()];
    let night = world.night(1);
    assert_eq!(night.done, ["create hibob-1"]);
    assert_eq!(night.skipped(SkipReason::OutOfScope), 1);
    assert!(night.problems.is_empty());
}

#[test]
fn who_leaves_the_scope_is_kept_and_no_longer_updated_by_default() {
    let mut world = london_only(WhenOutOfScope::Keep);
    world.people[0] = in_paris("1").titled("Lead");
    assert_eq!(world.night(2).done, ["mark hibob-1: outOfScope=true"]);
    assert!(world.night(3).done.is_empty());
    world.people[0] = employed("1").titled("Lead");
    assert_eq!(
        world.night(4).done,
        ["update hibob-1: jobTitle=Lead, outOfScope=false"]
    );
}

#[test]
fn a_leaver_is_deactivated_also_outside_the_scope_but_not_who_is_never_to_be_synced() {
    let mut world = london_only(WhenOutOfScope::Keep);
    let never = NeverSync::Employee("2".parse().unwrap());
    world.policy.scope.never_sync = vec![never];
    world.people[0] = terminated("1", "2020-01-31").text(SITE, "Paris");
    world.people[1] = terminated("2", "2020-01-31");
    assert_eq!(
        world.night(2).done,
        [
            "deactivate (Left) hibob-1: outOfScope=true",
            "mark hibob-2: outOfScope=true"
        ]
    );
}

#[test]
fn who_was_kept_outside_the_scope_is_kept_also_when_hibob_no_longer_shows_them() {
    let mut world = london_only(WhenOutOfScope::Keep);
    world.people[0] = in_paris("1");
    world.night(2);
    world.people.remove(0);
    for night in 3..8 {
        assert!(world.night(night).done.is_empty(), "{night}");
    }
}

#[test]
fn who_leaves_the_scope_is_deactivated_where_the_tenant_says_so_and_returns_with_it() {
    let mut world = london_only(WhenOutOfScope::Deactivate);
    world.people[0] = in_paris("1").titled("Lead");
    assert_eq!(
        world.night(2).done,
        ["deactivate (OutOfScope) hibob-1: outOfScope=true"]
    );
    world.people[0] = employed("1").titled("Lead");
    assert_eq!(
        world.night(3).done,
        ["reactivate hibob-1: jobTitle=Lead, outOfScope=false"]
    );
}

#[test]
fn a_tenant_who_decides_to_deactivate_does_so_to_those_who_were_kept() {
    let mut world = london_only(WhenOutOfScope::Keep);
    world.people[0] = in_paris("1");
    world.night(2);
    world.policy.out_of_scope = WhenOutOfScope::Deactivate;
    assert_eq!(world.night(3).done, ["deactivate (OutOfScope) hibob-1"]);
}

#[test]
fn leaving_the_scope_in_numbers_is_held() {
    let mut world = london_only(WhenOutOfScope::Deactivate);
    world.people = [
        in_paris("1"),
        in_paris("2"),
        in_paris("3"),
        employed("4"),
        employed("5").titled("Lead"),
    ]
    .into();
    let night = world.night(2);
    assert_eq!(night.done, ["update hibob-5: jobTitle=Lead"]);
    assert_eq!(night.held.len(), 3);
}

#[test]
fn a_scope_field_that_is_absent_or_unreadable_leaves_people_where_they_were() {
    let unknown: [fn(Person) -> Person; 3] = [
        |person| person.without(SITE),
        |person| person.json(SITE, json!({"id": 7})),
        |person| person.text(SITE, &"x".repeat(4096)),
    ];
    for hide in unknown {
        let mut world = london_only(WhenOutOfScope::Deactivate);
        world.people[0] = in_paris("1");
        world.night(2);
        world.people = vec![
            hide(employed("1")),
            hide(employed("2")),
            employed("3"),
            employed("4"),
            employed("5"),
        ];
        world.people.push(hide(employed("6")));
        let night = world.night(3);
        assert!(
            night.done.iter().all(|line| line == "mark hibob-2: fingerprint"),
            "{:?}",
            night.done
        );
        assert_eq!(night.problems, ["6: ScopeUnknown"]);
        assert!(!world.account("hibob-1").is_active() && world.account("hibob-2").is_active());
    }
}

#[test]
fn an_unreadable_field_does_not_let_excluded_people_in() {
    let mut world = World::of([
        employed("1"),
        employed("2").json(DIVISION, json!(["Secret"])).without(SITE),
    ]);
    world.policy.scope.rules = vec![rule(
        Effect::Exclude,
        DIVISION,
        Condition::Equals("Secret".to_owned()),
    )];
    world.people[0] = employed("1").text(DIVISION, "Sales");
    assert_eq!(world.night(1).done, ["create hibob-1"]);
}

#[test]
fn a_scope_field_absent_for_everybody_refuses_the_answer() {
    let mut world = london_only(WhenOutOfScope::Deactivate);
    world.people = staff(1..=5)
        .into_iter()
        .map(|person| person.without(SITE))
        .collect();
    let Refusal::ScopeWithheld { fields } = world.refused_night(2) else {
        panic!()
    };
    assert_eq!(fields.len(), 1);
}

#[test]
fn a_scope_field_is_asked_for_and_never_stored() {
    let mut world = World::of([employed("1").text(DIVISION, "Secret division")]);
    world.policy.scope.rules = vec![rule(
        Effect::Include,
        DIVISION,
        Condition::Equals("secret division".to_owned()),
    )];
    assert_eq!(world.night(1).done, ["create hibob-1"]);
    assert!(!format!("{:?}", world.accounts).contains("Secret division"));
    world.people[0] = employed("1").text(DIVISION, "SECRET DIVISION");
    assert!(
        world.night(2).done.is_empty(),
        "nor is it part of the fingerprint"
    );
}

#[test]
fn people_never_to_sync_stay_out_by_id_and_by_address() {
    let mut world = World::of([
        employed("1"),
        employed("2"),
        employed("3").email("CEO@example.com"),
    ]);
    let address = NeverSync::Email("ceo@example.com".parse().unwrap());
    world.policy.scope.never_sync = vec![NeverSync::Employee("2".parse().unwrap()), address];
    assert_eq!(world.night(1).done, ["create hibob-1"]);
}

#[test]
fn somebody_never_to_sync_by_address_stays_out_while_the_address_is_absent() {
    let ceo = || employed("2").email("ceo@example.com");
    let mut world = World::of([]);
    world.mapping = mapping([entry("email", &[("home.privateEmail", FieldType::Text)])]);
    world.policy.scope.never_sync = vec![NeverSync::Email("ceo@example.com".parse().unwrap())];
    let people = |hide: fn(Person) -> Person| {
        let private = |person: Person, address| person.text("home.privateEmail", address);
        vec![
            private(employed("1"), "one@home.example.com"),
            hide(private(ceo(), "two@home.example.com")),
        ]
    };
    let hidings: [fn(Person) -> Person; 2] = [|person| person, |person| person.without(EMAIL)];
    for hide in hidings {
        world.people = people(hide);
        world.night(1);
        assert_eq!(world.accounts.len(), 1);
    }
    world.people = people(|person| person.without(EMAIL));
    world.people[0] = world.people[0].clone().without(EMAIL);
    assert!(matches!(world.refused_night(2), Refusal::ScopeWithheld { .. }));
}

#[test]
fn under_a_scope_of_employed_people_a_leaver_leaves_as_a_leaver() {
    let mut world = World::of(staff(1..=4));
    world.policy.scope.rules = vec![rule(
        Effect::Include,
        LIFECYCLE,
        Condition::OneOf(vec!["Employed".to_owned()]),
    )];
    world.night(1);
    world.people[0] = terminated("1", "2026-11-01");
    assert_eq!(
        world.night(2).done,
        ["deactivate (Left) hibob-1: outOfScope=true"]
    );
}
