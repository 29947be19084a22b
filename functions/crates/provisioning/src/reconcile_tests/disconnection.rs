//! A tenant disconnects without keeping its accounts, and connects again.

use super::person::{employed, staff, terminated};
use super::team::Account;
use super::world::World;
use crate::account::{Head, Override};
use crate::disconnect::disconnection;

fn disconnect(world: &mut World) {
    let heads: Vec<Head> = world
        .accounts
        .values()
        .map(|account| account.status.clone().into())
        .collect();
    for change in disconnection(&heads) {
        Account::apply(&mut world.accounts, &change, &[]);
    }
}

#[test]
fn who_still_works_there_comes_back_with_the_next_connection() {
    let mut world = World::synced(staff(1..=3));
    world.make_by_hand("guest", "guest@example.com");
    world.account("hibob-3").pin(Override::Active);
    disconnect(&mut world);
    let active = |world: &World| -> Vec<String> {
        let active = world.accounts.values().filter(|account| account.is_active());
        active.map(|account| account.status.id.to_string()).collect()
    };
    assert_eq!(active(&world), ["guest", "hibob-3"]);

    world.people[0] = terminated("1", "2026-11-01");
    world.people[1] = employed("2").titled("Lead");
    let night = world.night(20);
    assert_eq!(night.done, ["reactivate hibob-2: jobTitle=Lead"]);
}

#[test]
fn disconnecting_again_finds_nothing_to_do() {
    let mut world = World::synced(staff(1..=3));
    disconnect(&mut world);
    let heads: Vec<Head> = world
        .accounts
        .values()
        .map(|account| account.status.clone().into())
        .collect();
    assert_eq!(disconnection(&heads), []);
}
