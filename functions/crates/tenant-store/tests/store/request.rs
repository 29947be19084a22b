use provisioning::RunId;
use tenant_store::{LeaseOutcome, Release, RequestOutcome, Trigger};

use crate::stack::{Stack, acme, at, given_up, run, tenant};

fn run_at(day: i8, time: &str) -> RunId {
    RunId {
        due_at: at(day, time),
        ..run(day)
    }
}

fn under_way(run: RunId, is_leased: bool) -> RequestOutcome {
    RequestOutcome::UnderWay { run, is_leased }
}

async fn request(stack: &Stack, day: i8, time: &str) -> RequestOutcome {
    stack.store.request_run(&acme(), at(day, time)).await.unwrap()
}

#[tokio::test]
async fn a_requested_run_is_begun_once_and_leaves_the_night_where_it_is() {
    let (stack, _) = Stack::with_acme().await;
    let wanted = run_at(23, "15:00:07");
    assert_eq!(
        request(&stack, 23, "15:00:07").await,
        RequestOutcome::Requested(wanted.clone())
    );

    let LeaseOutcome::Taken(lease) = stack.ask_for(&wanted, "a", at(23, "15:00:08")).await else {
        panic!("not taken");
    };
    assert_eq!((lease.trigger, lease.attempt), (Trigger::Admin, 1));
    assert_eq!(lease.state.next_due_at, Some(run(24).due_at));
    assert_eq!(lease.state.requested_due_at, None);
    let handed_back = Release::HandedBack {
        counts: true,
        suspicion: None,
    };
    stack.store.release(&lease, handed_back).await.unwrap();
    let LeaseOutcome::Taken(lease) = stack.ask_for(&wanted, "b", at(23, "15:10:00")).await else {
        panic!("not resumed");
    };
    assert_eq!((lease.trigger, lease.attempt), (Trigger::Admin, 2));
    stack.store.release(&lease, given_up()).await.unwrap();
    assert_eq!(
        stack.ask_for(&wanted, "c", at(23, "15:20:00")).await,
        LeaseOutcome::AlreadyDone
    );
    assert_eq!(stack.lease(24, "d", "03:40:00").await.trigger, Trigger::Night);
}

#[tokio::test]
async fn twenty_requests_at_once_are_one_run() {
    let (stack, _) = Stack::with_acme().await;
    let requests = (0..20).map(|_| request(&stack, 23, "15:00:00"));
    let outcomes = futures::future::join_all(requests).await;
    let is_new = |outcome: &RequestOutcome| matches!(outcome, RequestOutcome::Requested(_));
    assert!(outcomes.iter().any(is_new));
    for outcome in outcomes {
        let (RequestOutcome::Requested(named) | RequestOutcome::UnderWay { run: named, .. }) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(named, run_at(23, "15:00:00"));
    }
    assert_eq!(
        request(&stack, 23, "15:00:01").await,
        under_way(run_at(23, "15:00:00"), false)
    );
    // Its message may be lost: the same run is asked for again.
    assert_eq!(
        request(&stack, 23, "15:02:00").await,
        RequestOutcome::Requested(run_at(23, "15:00:00"))
    );
}

#[tokio::test]
async fn a_run_under_way_or_waiting_makes_another_needless_until_it_is_over_or_overdue() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    assert_eq!(request(&stack, 24, "03:41:00").await, under_way(run(24), true));
    let handed_back = Release::HandedBack {
        counts: false,
        suspicion: None,
    };
    stack.store.release(&lease, handed_back).await.unwrap();
    assert_eq!(request(&stack, 24, "09:29:59").await, under_way(run(24), false));
    let overdue = run_at(24, "09:30:00");
    assert_eq!(
        request(&stack, 24, "09:30:00").await,
        RequestOutcome::Requested(overdue.clone())
    );
    assert!(matches!(
        stack.ask_for(&overdue, "b", overdue.due_at).await,
        LeaseOutcome::Taken(_)
    ));
    assert_eq!(stack.ask(24, "c", "09:31:00").await, LeaseOutcome::Stale);
}

#[tokio::test]
async fn no_two_runs_have_one_instant() {
    let (stack, _) = Stack::with_acme().await;
    let just_before = at(24, "03:30:00");
    let RequestOutcome::Requested(wanted) = stack.store.request_run(&acme(), just_before).await.unwrap()
    else {
        panic!("not requested");
    };
    assert_eq!(wanted.due_at, at(24, "03:30:01"));
    let LeaseOutcome::Taken(lease) = stack.ask_for(&wanted, "a", at(24, "03:30:02")).await else {
        panic!("not taken");
    };
    stack.store.release(&lease, given_up()).await.unwrap();
    assert_eq!(
        request(&stack, 24, "03:30:01").await,
        RequestOutcome::Requested(run_at(24, "03:30:02"))
    );
}

#[tokio::test]
async fn a_tenant_without_a_connection_or_with_a_disabled_one_gets_no_run() {
    let (stack, connected) = Stack::with_acme().await;
    let nobody = stack
        .store
        .request_run(&tenant("nobody"), at(23, "15:00:00"))
        .await;
    assert_eq!(nobody.unwrap(), RequestOutcome::NotConnected);

    let RequestOutcome::Requested(requested) = request(&stack, 23, "15:00:00").await else {
        panic!("not requested");
    };
    let mut disabled = connected.value.clone();
    disabled.enabled = false;
    let acme = acme();
    let saved = stack
        .store
        .save_connection(&acme, &connected, disabled, at(23, "15:00:01"));
    saved.await.unwrap();
    assert_eq!(request(&stack, 23, "15:00:02").await, RequestOutcome::Disabled);
    assert_eq!(
        stack.ask_for(&requested, "a", at(23, "15:00:03")).await,
        LeaseOutcome::Disabled
    );
}
