//! Nights in which HiBob's answer must not be believed.

use std::time::Duration;

use jiff::SignedDuration;
use provisioning::Refusal;
use stand_in_hibob::{Company, Fault, When};
use tenant_store::RunStatus;

use crate::harness::{World, assert_team_equals_hibob, company, run};

/// Longer than a short night lets a worker read.
const TOO_SLOW: Fault = Fault::SlowStart(Duration::from_secs(20));
const DRIPPING: Fault = Fault::Drip {
    bytes: 16,
    pause: Duration::from_millis(250),
};

fn too_many_requests(headers: bool, retry_after: Option<u32>) -> Fault {
    Fault::TooManyRequests { headers, retry_after }
}

#[test]
fn a_bad_answer_changes_nothing_and_the_same_run_ends_well_when_hibob_does() {
    // The fault, what the record says of it, and for how many seconds the message waits at least.
    let cases = [
        (Fault::NotJson, "badAnswer", 600),
        (Fault::Truncated(0.5), "badAnswer", 600),
        (Fault::Truncated(0.0), "badAnswer", 600),
        (Fault::Html, "badAnswer", 600),
        (Fault::NoEmployees, "badAnswer", 600),
        (TOO_SLOW, "unavailable", 600),
        (DRIPPING, "unavailable", 600),
        (Fault::Reset(0.5), "unavailable", 600),
        (Fault::Reset(1.0), "unavailable", 600),
        (Fault::ServerError, "unavailable", 600),
        (Fault::BadGateway, "unavailable", 600),
        (Fault::Unavailable, "unavailable", 600),
        (too_many_requests(true, Some(240)), "rateLimited", 240),
        (too_many_requests(false, Some(240)), "rateLimited", 240),
        (too_many_requests(false, None), "rateLimited", 60),
        (Fault::Blocked, "blocked", 300),
        (Fault::Forbidden, "accessDenied", 1800),
    ];
    run(async {
        let nights = cases.map(|(fault, failure, wait)| Box::pin(bad_night(fault, failure, wait)));
        futures::future::join_all(nights).await;
    });
}

async fn bad_night(fault: Fault, failure: &str, wait: i64) {
    let (world, tenant) = World::with(company(21, 14)).await;
    world.night().await;
    let accounts = world.accounts(&tenant).await;
    let history = world
        .system
        .tenants
        .run_state(&tenant)
        .await
        .unwrap()
        .unwrap()
        .history;

    world.hibob.edit("acme", Company::advance_day);
    world.hibob.inject("acme", fault, When::SEARCHING);
    world.short_night().await;
    assert_eq!(world.accounts(&tenant).await, accounts, "{fault:?}");
    let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
    assert_eq!((state.history, state.attention), (history, None), "{fault:?}");
    let record = world.last_run(&tenant).await;
    assert_eq!(
        (record.status, record.failure.as_deref(), record.hibob_calls),
        (RunStatus::HandedBack, Some(failure), 1),
        "{fault:?}"
    );
    let waits = world.handed_back_for();
    assert!(
        (wait..wait + 60).contains(&waits),
        "{fault:?} waits for {waits} seconds"
    );
    assert_eq!(
        world.messages("SyncQueue").await,
        1,
        "{fault:?}: the message is not lost"
    );

    world.hibob.clear_faults("acme");
    world.later(SignedDuration::from_secs(waits)).await;
    let ended = world.last_run(&tenant).await;
    assert_eq!(
        (ended.due_at, ended.status),
        (record.due_at, RunStatus::Applied),
        "{fault:?}"
    );
    assert_eq!(ended.failure, None, "{fault:?}");
    assert_team_equals_hibob(&world, &tenant).await;
    assert!(world.mails(&tenant).await.is_empty(), "{fault:?}");
    world.assert_settled(&tenant).await;
}

#[test]
fn an_answer_that_holds_nobody_or_too_few_is_refused_and_the_next_night_goes_on() {
    run(async {
        let (world, tenant) = World::with(company(22, 14)).await;
        world.night().await;
        let accounts = world.accounts(&tenant).await;
        let history = world
            .system
            .tenants
            .run_state(&tenant)
            .await
            .unwrap()
            .unwrap()
            .history;

        world
            .hibob
            .inject("acme", Fault::EmptyList, When::next_searches(1));
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.status, record.refusal),
            (RunStatus::Refused, Some(Refusal::EmptyAnswer))
        );

        let shrunk = world.hibob.company("acme");
        world.hibob.edit("acme", |company| {
            for id in crate::harness::ids(company).into_iter().take(3) {
                company.delete(id);
            }
        });
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert!(
            matches!(
                record.refusal,
                Some(Refusal::AnswerTooSmall {
                    people: 11,
                    last_people: 14
                })
            ),
            "{record:?}"
        );

        world.hibob.edit("acme", |company| *company = (*shrunk).clone());
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.forbid("lifecycle"));
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert!(
            matches!(record.refusal, Some(Refusal::LifecycleWithheld { .. })),
            "{record:?}"
        );

        assert_eq!(world.accounts(&tenant).await, accounts);
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!((state.history, state.attention), (history, None));
        assert_eq!(
            world.messages("SyncQueue").await,
            0,
            "nothing is tried again before the next night"
        );

        world
            .hibob
            .edit_user("SERVICE-acme", |user| *user = World::service_user("acme"));
        world.hibob.edit("acme", Company::advance_day);
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_hibob_that_stays_down_is_left_alone_after_some_attempts_until_the_next_night() {
    run(async {
        let (world, tenant) = World::with(company(23, 9)).await;
        world.hibob.inject("acme", Fault::BadGateway, When::SEARCHING);
        world.nightfall().await;
        world.until_quiet().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.status, record.failure.as_deref()),
            (RunStatus::Failed, Some("tooManyAttempts"))
        );
        assert_eq!(world.hibob.requests().len(), 6);
        assert_eq!(world.messages("SyncDeadLetters").await, 0);
        assert!(
            world.mails(&tenant).await.is_empty(),
            "a bad night is nobody's credential failure"
        );

        world.hibob.clear_faults("acme");
        world.hibob.edit("acme", Company::advance_day);
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}
