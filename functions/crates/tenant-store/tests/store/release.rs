use jiff::civil::date;
use provisioning::{History, Removals};
use tenant_store::{Attention, AttentionCause, Error, LeaseOutcome, Release, RunState, Suspicion};

use crate::stack::{Stack, acme, at, given_up};

async fn state(stack: &Stack) -> RunState {
    stack.store.run_state(&acme()).await.unwrap().unwrap()
}

fn suspicion() -> Suspicion {
    Suspicion {
        first_at: at(24, "03:41:00"),
        status: 401,
    }
}

fn attention() -> Attention {
    Attention {
        cause: AttentionCause::TokenRefused,
        since: at(24, "04:20:00"),
    }
}

#[tokio::test]
async fn a_refused_run_waits_with_its_suspicion_then_needs_attention_until_a_run_succeeds() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    stack
        .store
        .release(
            &lease,
            Release::HandedBack {
                counts: true,
                suspicion: Some(suspicion()),
            },
        )
        .await
        .unwrap();

    let again = stack.lease(24, "b", "04:20:00").await;
    assert_eq!(
        (again.attempt, again.state.suspicion.clone()),
        (2, Some(suspicion()))
    );
    stack
        .store
        .release(&again, Release::NeedsAttention(attention()))
        .await
        .unwrap();
    assert_eq!(stack.ask(24, "c", "04:30:00").await, LeaseOutcome::AlreadyDone);
    assert_eq!(
        (state(&stack).await.suspicion, state(&stack).await.attention),
        (None, Some(attention()))
    );

    let next = stack.lease(25, "d", "03:40:00").await;
    let removals = vec![Removals {
        on: date(2026, 11, 25),
        count: 3,
    }];
    let history = History {
        last_people: Some(250),
        removals,
    };
    stack
        .store
        .release(
            &next,
            Release::Finished {
                history: history.clone(),
                cleared_mapping: Some(3),
            },
        )
        .await
        .unwrap();
    let state = state(&stack).await;
    assert_eq!(state.cleared_mapping_version, Some(3));
    assert_eq!(
        (state.history, state.attention, state.lease_owner),
        (history, None, None)
    );
    assert!(state.run_done);
}

#[tokio::test]
async fn having_waited_is_not_counted_as_an_attempt() {
    let (stack, _) = Stack::with_acme().await;
    for number in 0..12 {
        let lease = stack.lease(24, &format!("w{number}"), "03:40:00").await;
        assert_eq!(lease.attempt, 1);
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
    }
}

#[tokio::test]
async fn a_run_that_was_given_up_leaves_what_its_worker_remembers() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    let history = History {
        last_people: Some(250),
        removals: Vec::new(),
    };
    let release = Release::GivenUp {
        history: history.clone(),
    };
    stack.store.release(&lease, release).await.unwrap();
    assert_eq!(state(&stack).await.history, history);
}

#[tokio::test]
async fn a_lease_that_was_taken_over_cannot_be_released_by_its_former_owner() {
    let (stack, _) = Stack::with_acme().await;
    let first = stack.lease(24, "a", "03:40:00").await;
    let second = stack.lease(24, "b", "04:00:00").await;
    let late = stack.store.release(&first, given_up()).await;
    assert!(matches!(late, Err(Error::LeaseLost)));
    stack.store.confirm(&second, at(24, "04:01:00")).await.unwrap();
}

#[tokio::test]
async fn of_a_voided_lease_only_the_hold_is_let_go() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    stack.store.token_replaced(&acme()).await.unwrap();
    let history = History {
        last_people: Some(9),
        removals: Vec::new(),
    };
    let late = stack
        .store
        .release(
            &lease,
            Release::Finished {
                history,
                cleared_mapping: None,
            },
        )
        .await;
    assert!(matches!(late, Err(Error::LeaseLost)));
    let state = state(&stack).await;
    assert_eq!(
        (state.lease_owner, state.run_done, state.history),
        (None, false, History::default())
    );
    // With the new token the same run may begin again at once.
    assert_eq!(stack.lease(24, "b", "03:42:00").await.attempt, 2);
}
