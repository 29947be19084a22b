//! Messages that are no request, come twice, or come at the wrong time.

use jiff::ToSpan;
use tenant_store::RunStatus;

use crate::harness::{INVOCATION, World, assert_team_equals_hibob, company, run};

#[test]
fn a_message_that_is_no_request_is_among_the_dead_letters_at_once_and_stalls_nobody() {
    run(async {
        let (world, tenant) = World::with(company(51, 9)).await;
        for body in [
            "not JSON",
            "{}",
            "[]",
            r#"{"tenant":"a#b","dueAt":"2026-11-24T03:30:00Z"}"#,
            r#"{"tenant":"acme","dueAt":"soon"}"#,
        ] {
            world.send("SyncQueue", body).await;
        }
        world.night().await;
        assert_eq!(world.messages("SyncDeadLetters").await, 5);
        assert_eq!(world.messages("SyncQueue").await, 0);
        assert_team_equals_hibob(&world, &tenant).await;
    });
}

#[test]
fn a_message_for_an_unknown_or_a_disabled_tenant_does_nothing_and_is_gone() {
    run(async {
        let (world, tenant) = World::with(company(52, 9)).await;
        let due = world.system.next_due_at(&tenant).await.unwrap().unwrap();
        let store = &world.system.tenants;
        let read = store.connection(&tenant).await.unwrap().unwrap();
        let mut disabled = read.value.clone();
        disabled.enabled = false;
        store
            .save_connection(&tenant, &read, disabled, world.system.clock.now())
            .await
            .unwrap();

        world.system.clock.advance_to(due);
        world.request(&"nobody".parse().unwrap(), due).await;
        world.request(&tenant, due).await;
        world.system.fire_schedule().await.unwrap();
        world.system.work().await.unwrap();
        assert_eq!(
            world.messages("SyncQueue").await + world.messages("SyncDeadLetters").await,
            0
        );
        assert!(world.hibob.requests().is_empty());
        assert!(world.scan("RunsTable").await.is_empty() && world.scan("AccountsTable").await.is_empty());
    });
}

#[test]
fn of_two_workers_with_the_same_message_one_runs_and_the_other_hands_it_back() {
    run(async {
        let (world, tenant) = World::with(company(53, 30)).await;
        let due = world.system.next_due_at(&tenant).await.unwrap().unwrap();
        world.nightfall().await;
        world.request(&tenant, due).await;
        let both = [(); 2].map(|()| Box::pin(world.system.invoke_worker(INVOCATION)));
        let found = futures::future::try_join_all(both).await.unwrap();
        assert_eq!(found, [true, true]);
        assert_eq!(world.hibob.requests().len(), 1);
        assert_eq!(
            world.messages("SyncQueue").await,
            1,
            "a busy tenant's message is not acknowledged"
        );
        assert!(
            (840..=960).contains(&world.handed_back_for()),
            "it waits for the lease to end"
        );
        let record = world.last_run(&tenant).await;
        assert_eq!((record.status, record.attempts), (RunStatus::Applied, 1));

        world.later(INVOCATION).await;
        assert_eq!(world.messages("SyncQueue").await, 0);
        assert_eq!(world.hibob.requests().len(), 1, "the run is over");
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_message_of_another_night_does_nothing() {
    run(async {
        let (world, tenant) = World::with(company(54, 9)).await;
        let first = world.system.next_due_at(&tenant).await.unwrap().unwrap();
        world.night().await;
        let second = world.system.next_due_at(&tenant).await.unwrap().unwrap();
        world.night().await;
        let items = world.accounts(&tenant).await;
        for due in [
            first,
            second,
            world.system.next_due_at(&tenant).await.unwrap().unwrap() + 24.hours(),
        ] {
            world.request(&tenant, due).await;
        }
        world.system.work().await.unwrap();
        assert_eq!(world.messages("SyncQueue").await, 0);
        assert_eq!(world.hibob.requests().len(), 2);
        assert_eq!(world.accounts(&tenant).await, items);
    });
}
