//! HiThrive's inclusion and exclusion lists stand above the sync.

use super::person::{SITE, employed, staff, terminated};
use super::world::{World, source};
use crate::account::Override;
use crate::field::FieldType;
use crate::policy::WhenOutOfScope;
use crate::report::SkipReason;
use crate::scope::{Condition, Effect, ScopeRule};

#[test]
fn somebody_on_the_inclusion_list_is_updated_and_not_deactivated_when_they_leave() {
    let mut world = World::synced(staff(1..=3));
    world.account("hibob-1").pin(Override::Active);
    world.people[0] = terminated("1", "2026-11-01").titled("Adviser");
    let night = world.night(2);
    assert_eq!(night.done, ["update hibob-1: jobTitle=Adviser"]);
    assert_eq!(night.skipped(SkipReason::Overridden), 1);
    assert!(world.account("hibob-1").is_active());
    world.account("hibob-1").status.override_ = None;
    assert_eq!(world.night(3).done, ["deactivate (Left) hibob-1"]);
}

#[test]
fn somebody_on_the_inclusion_list_is_not_given_up() {
    let mut world = World::synced(staff(1..=9));
    world.account("hibob-1").pin(Override::Active);
    world.people.remove(0);
    world.night(2);
    world.night(3);
    for day in 4..=6 {
        let night = world.night(day);
        assert!(night.done.is_empty());
        assert_eq!(night.skipped(SkipReason::Overridden), 1);
    }
    world.account("hibob-1").status.override_ = None;
    assert_eq!(world.night(7).done, ["deactivate (Missing) hibob-1: missing=3"]);
}

#[test]
fn somebody_on_the_inclusion_list_is_not_deactivated_out_of_scope() {
    let mut world = World::synced(staff(1..=3));
    world.account("hibob-1").pin(Override::Active);
    let condition = Condition::Equals("London".to_owned());
    world.policy.scope.rules = vec![ScopeRule {
        effect: Effect::Include,
        field: source(SITE, FieldType::Text),
        condition,
    }];
    world.policy.out_of_scope = WhenOutOfScope::Deactivate;
    world.people[0] = employed("1").text(SITE, "Paris");
    let night = world.night(2);
    assert_eq!(night.done, ["mark hibob-1: outOfScope=true"]);
    assert_eq!(night.skipped(SkipReason::Overridden), 1);
}

#[test]
fn somebody_on_the_exclusion_list_is_updated_and_not_reactivated() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = terminated("1", "2026-11-01");
    world.night(2);
    world.account("hibob-1").pin(Override::Inactive);
    world.people[0] = employed("1").titled("Lead");
    let night = world.night(3);
    assert_eq!(night.done, ["update hibob-1: jobTitle=Lead"]);
    assert_eq!(night.skipped(SkipReason::Overridden), 1);
    world.account("hibob-1").status.override_ = None;
    assert_eq!(world.night(4).done, ["reactivate hibob-1"]);
}
