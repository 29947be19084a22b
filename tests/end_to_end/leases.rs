//! A run that cannot go on: out of time, voided by the admin, or dead.

use std::time::Duration;

use embedded_aws::Fault as Accident;
use futures::future::join;
use jiff::SignedDuration;
use provisioning::TenantId;
use stand_in_hibob::{Fault, When};
use tenant_store::RunStatus;

use crate::harness::{INVOCATION, World, assert_team_equals_hibob, company, ids, pause, run};

const TO_THINK: Fault = Fault::SlowStart(Duration::from_secs(1));

#[test]
fn a_worker_that_runs_out_of_time_hands_back_and_the_next_goes_on_where_it_stopped() {
    run(async {
        let (world, tenant) = World::with(company(61, 600)).await;
        world.nightfall().await;
        let hours = async {
            world.called("BatchWriteItem").await;
            world
                .system
                .clock
                .advance(SignedDuration::from_mins(14) + SignedDuration::from_secs(45));
        };
        let (worked, ()) = join(world.system.invoke_worker(INVOCATION), hours).await;
        assert!(worked.unwrap());
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.status, record.failure.as_deref()),
            (RunStatus::HandedBack, Some("outOfTime"))
        );
        let written = world.accounts(&tenant).await.len();
        assert!((200..500).contains(&written), "{written}");

        world.later(SignedDuration::ZERO).await;
        assert_team_equals_hibob(&world, &tenant).await;
        let all = u32::try_from(world.accounts(&tenant).await.len()).unwrap();
        let record = world.last_run(&tenant).await;
        assert_eq!((record.status, record.failure), (RunStatus::Applied, None));
        assert_eq!(
            record.applied.created, all,
            "the record counts what all attempts did"
        );
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_token_that_is_replaced_voids_the_run_under_way_and_the_next_attempt_uses_the_new_one() {
    run(async {
        let (world, tenant) = World::with(company(62, 12)).await;
        world.hibob.inject("acme", TO_THINK, When::next_searches(1));
        world.nightfall().await;
        let admin = async {
            world.called("GetSecretValue").await;
            pause(300).await;
            world.replace_token(&tenant, "another-s3cr3t").await;
        };
        let (worked, ()) = join(world.system.work(), admin).await;
        worked.unwrap();
        assert!(
            world.accounts(&tenant).await.is_empty(),
            "nothing is written under the old token's fence"
        );
        assert_eq!(world.messages("SyncQueue").await, 1);

        world.later(SignedDuration::from_mins(2)).await;
        assert_eq!(world.last_run(&tenant).await.status, RunStatus::Applied);
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_connection_that_is_disabled_stops_the_run_under_way_for_good() {
    run(async {
        let (world, tenant) = World::with(company(63, 12)).await;
        world.hibob.inject("acme", TO_THINK, When::next_searches(1));
        world.nightfall().await;
        let store = &world.system.tenants;
        let admin = async {
            world.called("GetSecretValue").await;
            pause(300).await;
            let read = store.connection(&tenant).await.unwrap().unwrap();
            let mut disabled = read.value.clone();
            disabled.enabled = false;
            store
                .save_connection(&tenant, &read, disabled, world.system.clock.now())
                .await
                .unwrap();
        };
        let (worked, ()) = join(world.system.work(), admin).await;
        worked.unwrap();
        world.until_quiet().await;
        assert!(world.accounts(&tenant).await.is_empty());
        assert_eq!(world.hibob.requests().len(), 1);
        assert_eq!(world.messages("SyncDeadLetters").await, 0);
    });
}

/// A team of whom some leave tonight.
async fn evening_with_leavers() -> (World, TenantId) {
    let (world, tenant) = World::with(company(64, 20)).await;
    world.night().await;
    world.hibob.edit("acme", |people| {
        for person in &ids(&company(64, 20))[4..8] {
            people
                .edit(*person)
                .set("internal.lifecycleStatus", "terminated")
                .set("internal.terminationDate", "2026-11-20");
        }
    });
    world.nightfall().await;
    (world, tenant)
}

#[test]
fn what_a_cut_short_attempt_removed_counts_for_the_guards_though_the_next_gets_no_usable_answer() {
    run(async {
        let (twin, of_twin) = evening_with_leavers().await;
        let before = usize::try_from(twin.network.calls()).unwrap();
        twin.until_quiet().await;
        let removed = twin.last_run(&of_twin).await.applied.deactivated;
        assert!(removed > 0);
        let calls = twin.network.operations().split_off(before);
        let record = calls.iter().rposition(|call| call == "PutItem").unwrap() + 1;

        let (world, tenant) = evening_with_leavers().await;
        let record = world.network.calls() + u64::try_from(record).unwrap();
        world.network.fail_call(record, Accident::Denied);
        assert!(world.system.invoke_worker(INVOCATION).await.unwrap());
        world.hibob.inject("acme", Fault::EmptyList, When::SEARCHING);
        world.until_quiet().await;

        assert_eq!(world.last_run(&tenant).await.status, RunStatus::Refused);
        let state = world.system.tenants.run_state(&tenant).await.unwrap();
        let counts = state
            .unwrap()
            .history
            .removals
            .into_iter()
            .map(|night| night.count);
        assert_eq!(counts.sum::<u32>(), removed);
    });
}
