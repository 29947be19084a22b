//! Addresses that go from one person to another: swaps, rings and chains are carried out all or none.

use super::person::{Person, employed, staff};
use super::world::World;

fn with_address_of(id: u32, of: u32) -> Person {
    employed(&id.to_string()).email(&format!("p{of}@example.com"))
}

#[test]
fn a_swap_is_one_group() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = with_address_of(1, 2);
    world.people[1] = with_address_of(2, 1);
    let swap = [
        "update hibob-1 [together 0]: email=p2@example.com",
        "update hibob-2 [together 0]: email=p1@example.com",
    ];
    assert_eq!(world.night(2).done, swap);
}

#[test]
fn a_ring_and_a_chain_are_a_group_each() {
    let mut world = World::synced(staff(1..=6));
    world.people = vec![
        with_address_of(1, 2),
        with_address_of(2, 3),
        with_address_of(3, 1),
        with_address_of(4, 5),
        with_address_of(5, 6),
        employed("6").email("free@example.com"),
    ];
    let groups = [
        "update hibob-1 [together 0]: email=p2@example.com",
        "update hibob-2 [together 0]: email=p3@example.com",
        "update hibob-3 [together 0]: email=p1@example.com",
        "update hibob-4 [together 1]: email=p5@example.com",
        "update hibob-5 [together 1]: email=p6@example.com",
        "update hibob-6 [together 1]: email=free@example.com",
    ];
    assert_eq!(world.night(2).done, groups);
}

#[test]
fn a_newcomer_may_take_an_address_that_is_given_up_the_same_night() {
    let mut world = World::synced(staff(1..=2));
    world.people[0] = employed("1").email("married@example.com");
    world.people.push(with_address_of(3, 1));
    let handover = [
        "update hibob-1 [together 0]: email=married@example.com",
        "create hibob-3 [together 0]",
    ];
    assert_eq!(world.night(2).done, handover);
}

#[test]
fn a_chain_whose_end_cannot_move_does_not_move_at_all() {
    let mut world = World::synced(staff(1..=3));
    world.make_by_hand("made-1", "taken@example.com");
    world.people = vec![
        with_address_of(1, 2),
        with_address_of(2, 3),
        employed("3").email("taken@example.com"),
    ];
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(
        night.problems,
        ["1: EmailTaken", "2: EmailTaken", "3: EmailTaken"]
    );
}

#[test]
fn who_wants_an_address_that_two_accounts_have_gets_it_from_neither() {
    let mut world = World::synced(staff(1..=3));
    world.account("hibob-2").status.email = "p1@example.com".parse().unwrap();
    world.people = vec![
        employed("1").email("a@example.com"),
        employed("2").email("b@example.com"),
        with_address_of(3, 1),
    ];
    let night = world.night(2);
    assert!(night.done.is_empty());
    assert_eq!(
        night.problems,
        ["1: EmailTaken", "2: EmailTaken", "3: EmailTaken"]
    );
}

#[test]
fn a_chain_longer_than_one_transaction_is_left_to_a_person() {
    let chain_of = |length: u32| {
        let mut world = World::synced(staff(1..=length));
        world.people = (1..=length)
            .map(|id| with_address_of(id, id % length + 1))
            .collect();
        world.night(2)
    };
    assert_eq!(chain_of(100).done.len(), 100);
    let too_long = chain_of(101);
    assert!(too_long.done.is_empty());
    assert_eq!(too_long.problems.len(), 101);
}

#[test]
fn a_person_who_returns_may_swap_too() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = super::person::terminated("1", "2026-11-01");
    world.night(3);
    world.people[0] = with_address_of(1, 2);
    world.people[1] = employed("2").email("new@example.com");
    let group = [
        "reactivate hibob-1 [together 0]: email=p2@example.com",
        "update hibob-2 [together 0]: email=new@example.com",
    ];
    assert_eq!(world.night(4).done, group);
}
