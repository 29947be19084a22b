//! A run that cannot go on: out of time, or voided by the admin.

use std::time::Duration;

use futures::future::join;
use jiff::SignedDuration;
use stand_in_hibob::{Fault, When};
use tenant_store::RunStatus;

use crate::harness::{INVOCATION, World, assert_team_equals_hibob, company, pause, run};

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
