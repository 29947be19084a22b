//! AWS throttles, leaves items over, or denies.

use embedded_aws::Fault;
use jiff::SignedDuration;
use stand_in_hibob::Company;
use tenant_store::{AttentionCause, RunStatus};

use crate::harness::{World, assert_team_equals_hibob, company, run};

const OPERATIONS: [&str; 8] = [
    "Query",
    "GetItem",
    "BatchGetItem",
    "PutItem",
    "UpdateItem",
    "BatchWriteItem",
    "GetSecretValue",
    "SendMessageBatch",
];

#[test]
fn a_night_on_tables_that_throttle_now_and_then_ends_as_any_other() {
    run(async {
        let (world, tenant) = World::with(company(81, 40)).await;
        for day in 0..2 {
            for operation in OPERATIONS {
                world.network.fail_next(operation, 2, Fault::Throttled);
            }
            world.night().await;
            world.network.heal();
            assert_eq!(
                world.last_run(&tenant).await.status,
                RunStatus::Applied,
                "day {day}"
            );
            assert_team_equals_hibob(&world, &tenant).await;
            world.assert_settled(&tenant).await;
            world.hibob.edit("acme", Company::advance_day);
        }
    });
}

#[test]
fn what_a_batch_leaves_over_is_sent_and_asked_for_again() {
    run(async {
        let (world, tenant) = World::with(company(82, 40)).await;
        world.network.fail_next("BatchWriteItem", 3, Fault::Unprocessed);
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.hibob.edit("acme", Company::advance_day);
        world.network.fail_next("BatchGetItem", 2, Fault::Unprocessed);
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn tables_that_throttle_without_end_cost_an_attempt_and_nothing_else() {
    run(async {
        let (world, tenant) = World::with(company(83, 40)).await;
        world
            .network
            .fail_next("BatchWriteItem", u32::MAX, Fault::Throttled);
        world.night().await;
        assert_eq!(world.handed_back_for(), 120);
        assert_eq!(world.messages("SyncQueue").await, 1);
        world.network.heal();
        world.later(SignedDuration::from_mins(2)).await;
        let record = world.last_run(&tenant).await;
        assert_eq!((record.status, record.attempts), (RunStatus::Applied, 2));
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_secret_that_may_not_be_read_is_our_trouble_and_not_the_tenants() {
    run(async {
        let (world, tenant) = World::with(company(84, 9)).await;
        world.network.fail_next("GetSecretValue", u32::MAX, Fault::Denied);
        world.night().await;
        assert_eq!(world.handed_back_for(), 120);
        world.later(SignedDuration::from_mins(2)).await;
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!((state.attention, state.run_done), (None, false));
        assert!(world.mails(&tenant).await.is_empty() && world.hibob.requests().is_empty());
        world.network.heal();
        world.later(SignedDuration::from_mins(2)).await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_secret_that_is_not_there_needs_attention_with_one_mail() {
    run(async {
        let (world, tenant) = World::with(company(85, 9)).await;
        world.system.vault.erase(&tenant).await.unwrap();
        for _ in 0..2 {
            world.night().await;
        }
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!(
            state.attention.map(|attention| attention.cause),
            Some(AttentionCause::TokenMissing)
        );
        assert_eq!(world.mails(&tenant).await.len(), 1);
        assert!(world.hibob.requests().is_empty());

        world.replace_token(&tenant, "a-new-s3cr3t").await;
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        assert_eq!(world.attention(&tenant).await, None);
        world.assert_settled(&tenant).await;
    });
}
