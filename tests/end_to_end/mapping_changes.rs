//! What the nights after a change of the mapping may remove.

use provisioning::{HoldReason, MappingDocument, TenantId};
use tenant_store::RunStatus;

use crate::harness::{World, assert_team_equals_hibob, company, ids, mapping, run, source};

/// Saves the mapping again, which is a change of it whatever is in it.
async fn change_mapping(world: &World, tenant: &TenantId, removals_seen: bool) {
    let store = &world.system.tenants;
    let read = store.mapping(tenant).await.unwrap().unwrap();
    let saved = store
        .save_mapping(tenant, &mapping(), Some(read.version), removals_seen)
        .await;
    saved.unwrap();
}

/// Some leave, of a company that was made with this seed.
fn some_leave(world: &World, seed: u64) {
    world.hibob.edit("acme", |people| {
        for person in &ids(&company(seed, 40))[4..8] {
            people
                .edit(*person)
                .set("internal.lifecycleStatus", "terminated")
                .set("internal.terminationDate", "2026-11-20");
        }
    });
}

#[test]
fn after_a_change_removals_wait_until_they_were_seen() {
    run(async {
        let (world, tenant) = World::with(company(121, 40)).await;
        world.night().await;
        some_leave(&world, 121);
        change_mapping(&world, &tenant, false).await;
        for _ in 0..2 {
            world.night().await;
            let record = world.last_run(&tenant).await;
            assert_eq!(record.status, RunStatus::Held);
            assert!(
                matches!(record.hold, Some(HoldReason::MappingChanged { .. })),
                "{record:?}"
            );
            assert!(record.held.deactivated > 0 && record.applied.deactivated == 0);
        }
        change_mapping(&world, &tenant, true).await;
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(record.status, RunStatus::Applied);
        assert!(record.applied.deactivated > 0);
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_change_that_removes_nobody_is_over_with_its_first_run() {
    run(async {
        let (world, tenant) = World::with(company(122, 40)).await;
        world.night().await;
        change_mapping(&world, &tenant, false).await;
        world.night().await;
        assert_eq!(world.last_run(&tenant).await.status, RunStatus::Applied);
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!(state.cleared_mapping_version, Some(2));

        some_leave(&world, 122);
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(record.status, RunStatus::Applied);
        assert!(record.applied.deactivated > 0);
        assert_team_equals_hibob(&world, &tenant).await;
    });
}

#[test]
fn a_run_that_was_not_given_the_addresses_does_not_vouch_for_them() {
    run(async {
        let (world, tenant) = World::with(company(123, 40)).await;
        world.night().await;
        let store = &world.system.tenants;
        let mut private: MappingDocument = mapping().into();
        private.entries[0].sources = vec![source("home.privateEmail")];
        assert_eq!(private.entries[0].target, "email");
        let private = private.try_into().unwrap();
        store
            .save_mapping(&tenant, &private, Some(1), false)
            .await
            .unwrap();
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.forbid("personalContact"));
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(record.status, RunStatus::Applied);
        let withheld = record.findings.withheld.iter();
        let withheld: Vec<_> = withheld.map(|withheld| withheld.field.as_str()).collect();
        assert_eq!(withheld, ["home.privateEmail"]);
        let state = store.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!(state.cleared_mapping_version, Some(1));
    });
}
