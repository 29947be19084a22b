use embedded_aws::Fault;
use tenant_store::{Error, LeaseOutcome, LeaseRequest, Release};

use crate::stack::{Stack, acme, at, given_up, run, tenant};

#[tokio::test]
async fn a_lease_moves_the_next_night_on_and_counts_the_attempt() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    assert_eq!(
        (lease.attempt, &*lease.owner, lease.run.clone()),
        (1, "a", run(24))
    );
    assert_eq!(lease.state.next_due_at, Some(at(25, "03:30:00")));
    stack.store.confirm(&lease, at(24, "03:54:59")).await.unwrap();
    assert!(matches!(
        stack.store.confirm(&lease, at(24, "03:55:00")).await,
        Err(Error::LeaseLost)
    ));
}

#[tokio::test]
async fn of_two_workers_at_once_one_gets_the_tenant_and_the_other_waits() {
    let (stack, _) = Stack::with_acme().await;
    for day in 24..30 {
        let (a, b) = tokio::join!(stack.ask(day, "a", "03:40:00"), stack.ask(day, "b", "03:40:00"));
        let busy = LeaseOutcome::Busy {
            until: at(day, "03:55:00"),
        };
        let taken = match (a, b) {
            (LeaseOutcome::Taken(lease), other) | (other, LeaseOutcome::Taken(lease)) if other == busy => {
                lease
            }
            outcomes => panic!("{outcomes:?}"),
        };
        let history = taken.state.history.clone();
        stack
            .store
            .release(
                &taken,
                Release::Finished {
                    history,
                    cleared_mapping: None,
                },
            )
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_message_that_comes_twice_does_nothing_the_second_time() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    assert!(matches!(
        stack.ask(24, "b", "03:41:00").await,
        LeaseOutcome::Busy { .. }
    ));
    stack.store.release(&lease, given_up()).await.unwrap();
    assert_eq!(stack.ask(24, "b", "03:42:00").await, LeaseOutcome::AlreadyDone);
}

#[tokio::test]
async fn a_run_whose_worker_died_is_resumed_when_its_lease_has_ended() {
    let (stack, _) = Stack::with_acme().await;
    let first = stack.lease(24, "a", "03:40:00").await;
    let until = at(24, "03:55:00");
    assert_eq!(stack.ask(24, "b", "03:54:59").await, LeaseOutcome::Busy { until });
    let second = stack.lease(24, "b", "03:55:00").await;
    assert_eq!((second.attempt, second.fence), (2, first.fence + 1));
    assert_eq!(second.state.next_due_at, Some(at(25, "03:30:00")));
    assert!(matches!(
        stack.store.confirm(&first, at(24, "03:54:00")).await,
        Err(Error::LeaseLost)
    ));
}

#[tokio::test]
async fn a_message_of_another_night_is_stale_before_and_after_its_time() {
    let (stack, _) = Stack::with_acme().await;
    assert_eq!(stack.ask(25, "a", "03:40:00").await, LeaseOutcome::Stale);
    stack.lease(24, "a", "03:40:00").await;
    stack.lease(25, "b", "03:40:00").await;
    assert_eq!(stack.ask(24, "c", "05:00:00").await, LeaseOutcome::Stale);
}

#[tokio::test]
async fn an_unknown_tenant_has_no_lease() {
    let (stack, _) = Stack::with_acme().await;
    let mut run = run(24);
    run.tenant = tenant("nobody");
    let now = at(24, "03:40:00");
    let request = LeaseRequest {
        run: &run,
        owner: "a",
        now,
        expires_at: now,
        next_due_at: now,
    };
    assert_eq!(stack.store.lease(&request).await.unwrap(), LeaseOutcome::Unknown);
    assert_eq!(stack.store.run_state(&run.tenant).await.unwrap(), None);
}

#[tokio::test]
async fn a_lease_whose_answer_is_lost_is_still_this_workers() {
    let (stack, _) = Stack::with_acme().await;
    stack.faults.fail_next("UpdateItem", 1, Fault::AnswerLost);
    let lease = stack.lease(24, "a", "03:40:00").await;
    assert_eq!(lease.attempt, 1);

    stack.faults.fail_next("UpdateItem", 1, Fault::AnswerLost);
    stack
        .store
        .release(
            &lease,
            Release::HandedBack {
                counts: false,
                suspicion: None,
            },
        )
        .await
        .unwrap();
    assert_eq!(
        stack
            .store
            .run_state(&acme())
            .await
            .unwrap()
            .unwrap()
            .run_attempts,
        0
    );

    // The first write finds the run begun and the second, which resumes it, loses its answer.
    let calls = stack.faults.calls();
    stack.faults.fail_call(calls + 2, Fault::AnswerLost);
    assert_eq!(stack.lease(24, "b", "03:41:00").await.attempt, 1);
}

#[tokio::test]
async fn the_night_after_a_run_that_was_never_finished_is_a_run_of_its_own() {
    let (stack, _) = Stack::with_acme().await;
    stack.lease(24, "a", "03:40:00").await;
    let next = stack.lease(25, "b", "03:40:00").await;
    assert_eq!(
        (next.attempt, next.state.run_due_at),
        (1, Some(at(25, "03:30:00")))
    );
}

#[tokio::test]
async fn a_missed_firing_catches_up_with_one_run() {
    let (stack, _) = Stack::with_acme().await;
    let run = run(24);
    let now = at(27, "09:00:00");
    let next_due_at = crate::stack::connection().night.next_after(now);
    let request = LeaseRequest {
        run: &run,
        owner: "a",
        now,
        expires_at: at(27, "09:15:00"),
        next_due_at,
    };
    assert!(matches!(
        stack.store.lease(&request).await.unwrap(),
        LeaseOutcome::Taken(_)
    ));
    assert_eq!(
        stack.store.run_state(&acme()).await.unwrap().unwrap().next_due_at,
        Some(at(28, "03:30:00"))
    );
}

#[tokio::test]
async fn no_operation_is_tied_to_one_thread() {
    fn is_send<T: Send>(_: T) {}
    let (stack, connected) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    is_send(stack.ask(24, "b", "03:40:00"));
    is_send(stack.store.confirm(&lease, at(24, "03:41:00")));
    is_send(stack.store.release(&lease, given_up()));
    is_send(
        stack
            .store
            .save_connection(&acme(), &connected, connected.value.clone(), at(24, "03:41:00")),
    );
    is_send(
        stack
            .store
            .due(tenant_store::Shard::of(&acme()), at(24, "03:41:00"))
            .next(),
    );
    is_send(
        stack
            .history
            .change_log(&run(24), 1)
            .write(Vec::new(), Vec::new()),
    );
    is_send(stack.vault.service_user(&acme()));
}
