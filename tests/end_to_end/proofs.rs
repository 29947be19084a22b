//! Proofs of what HiBob lets us read.

use std::time::Duration;

use embedded_aws::Fault as Accident;
use futures::future::join;
use jiff::SignedDuration;
use provisioning::access::{CategoryState, ProofReport};
use stand_in_hibob::{Company, Endpoint, Fault, When};
use tenant_store::{TaskRequest, TaskStatus};

use crate::harness::{World, company, pause, run};

const PROOF: TaskRequest = TaskRequest::Proof;
/// What is left to an invocation that may read HiBob for two seconds.
const CURFEW: SignedDuration = SignedDuration::from_secs(62);

#[test]
fn a_proof_asks_twice_tells_what_is_granted_and_keeps_nothing_of_anybody() {
    run(async {
        let mut planted = company(91, 40);
        planted.plant_canaries(&[
            "root.id",
            "root.companyId",
            "root.email",
            "internal.status",
            "internal.lifecycleStatus",
        ]);
        let (world, tenant) = World::with(planted).await;
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.forbid("personal"));
        let result = world.result(&tenant, &PROOF).await;

        let asked: Vec<_> = world
            .hibob
            .requests()
            .iter()
            .map(|request| request.endpoint)
            .collect();
        assert_eq!(asked, [Endpoint::Fields, Endpoint::Search]);
        assert!(!result.to_string().contains(stand_in_hibob::CANARY));
        let report: ProofReport = serde_json::from_value(result).unwrap();
        assert_eq!(report.people, 40);
        let state = |id: &str| {
            report
                .categories
                .iter()
                .find(|category| category.id == id)
                .unwrap()
                .state
        };
        assert_eq!(
            (state("personal"), state("work")),
            (CategoryState::NotGranted, CategoryState::Granted)
        );

        let kept = world.system.tenants.last_proof(&tenant).await.unwrap().unwrap();
        assert_eq!(kept.report, report);
        for table in ["AccountsTable", "RunsTable"] {
            assert!(world.scan(table).await.is_empty(), "{table}");
        }
    });
}

#[test]
fn the_company_is_learned_once_and_another_one_s_token_is_told_of() {
    run(async {
        let (world, tenant) = World::with(company(92, 12)).await;
        let store = &world.system.tenants;
        let now = world.system.clock.now();
        let company_id = async || store.connection(&tenant).await.unwrap().unwrap().value.company_id;
        let known = company_id().await;
        let read = store.connection(&tenant).await.unwrap().unwrap();
        let mut unknown = read.value.clone();
        unknown.company_id = None;
        store.save_connection(&tenant, &read, unknown, now).await.unwrap();
        world.result(&tenant, &PROOF).await;
        assert_eq!(company_id().await, known);

        let read = store.connection(&tenant).await.unwrap().unwrap();
        store
            .set_company_id(&tenant, &read, "another".to_owned(), now)
            .await
            .unwrap();
        let before = store.last_proof(&tenant).await.unwrap();
        let task = world.ended(&tenant, &PROOF).await;
        assert_eq!(task.failure.unwrap().problem, "other-company");
        assert_eq!(store.last_proof(&tenant).await.unwrap(), before);
        assert_eq!(company_id().await.as_deref(), Some("another"));
    });
}

#[test]
fn whatever_hibob_answers_ends_the_task_at_once_and_is_told_in_a_word() {
    let cases = [
        (Fault::Blocked, "hibob-blocked"),
        (Fault::Forbidden, "access-denied"),
        (Fault::ServerError, "hibob-unavailable"),
        (Fault::Truncated(0.5), "hibob-unavailable"),
        (
            Fault::TooManyRequests {
                headers: true,
                retry_after: Some(240),
            },
            "hibob-unavailable",
        ),
        (Fault::SlowStart(Duration::from_secs(20)), "hibob-too-slow"),
    ];
    run(async {
        let (world, tenant) = World::with(company(93, 12)).await;
        for (fault, problem) in cases {
            // Until a block of the case before is over.
            world.system.clock.advance(SignedDuration::from_mins(20));
            world.hibob.forget_requests();
            world.hibob.inject("acme", fault, When::next_searches(1));
            let id = world.start(&tenant, &PROOF).await;
            world.system.work_within(CURFEW).await.unwrap();
            let task = world.task(&tenant, &id).await;
            assert_eq!(task.status, TaskStatus::Failed, "{fault:?}");
            assert_eq!(task.failure.unwrap().problem, problem, "{fault:?}");
            assert!(world.hibob.requests().len() <= 2, "{fault:?}: no second try");
            assert_eq!(world.messages("InteractiveQueue").await, 0, "{fault:?}");
        }
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true);
        world.hibob.forget_requests();
        let task = world.ended(&tenant, &PROOF).await;
        assert_eq!(task.failure.unwrap().problem, "token-refused");
        assert_eq!(world.hibob.requests().len(), 1);
        world.system.vault.erase(&tenant).await.unwrap();
        let task = world.ended(&tenant, &PROOF).await;
        assert_eq!(task.failure.unwrap().problem, "not-connected");
    });
}

#[test]
fn what_fails_on_our_side_is_tried_three_times() {
    run(async {
        let (world, tenant) = World::with(company(94, 12)).await;
        world.network.fail_next("GetSecretValue", 2, Accident::Denied);
        let id = world.start(&tenant, &PROOF).await;
        world.until_quiet().await;
        assert_eq!(world.task(&tenant, &id).await.status, TaskStatus::Done);

        world.network.fail_next("GetSecretValue", 3, Accident::Denied);
        let id = world.start(&tenant, &PROOF).await;
        world.until_quiet().await;
        let task = world.task(&tenant, &id).await;
        assert_eq!(task.failure.unwrap().problem, "unavailable");
        world.assert_no_dead_letters().await;
    });
}

#[test]
fn a_task_is_done_once_however_often_its_message_comes_and_not_at_all_after_its_hour() {
    run(async {
        let (world, tenant) = World::with(company(95, 12)).await;
        let id = world.start(&tenant, &PROOF).await;
        for _ in 0..3 {
            world.send_task(&tenant, &PROOF, &id).await;
        }
        world.until_quiet().await;
        assert_eq!(world.hibob.requests().len(), 2);

        world.hibob.edit("acme", Company::advance_day);
        world.start(&tenant, &PROOF).await;
        world.system.clock.advance(SignedDuration::from_mins(61));
        world.system.work().await.unwrap();
        assert_eq!(world.messages("InteractiveQueue").await, 0);
        assert_eq!(world.hibob.requests().len(), 2);
        world.assert_no_dead_letters().await;
    });
}

#[test]
fn a_proof_with_a_token_that_is_replaced_meanwhile_leaves_nothing_behind() {
    run(async {
        let (world, tenant) = World::with(company(96, 12)).await;
        let store = &world.system.tenants;
        let read = store.connection(&tenant).await.unwrap().unwrap();
        let mut unknown = read.value.clone();
        unknown.company_id = None;
        let now = world.system.clock.now();
        store.save_connection(&tenant, &read, unknown, now).await.unwrap();

        let slow = Fault::SlowStart(Duration::from_secs(1));
        world.hibob.inject("acme", slow, When::next_searches(1));
        let id = world.start(&tenant, &PROOF).await;
        let admin = async {
            world.called("GetSecretValue").await;
            pause(300).await;
            store.token_replaced(&tenant).await.unwrap();
        };
        let (worked, ()) = join(world.system.work(), admin).await;
        worked.unwrap();
        let failure = world.task(&tenant, &id).await.failure.unwrap();
        assert_eq!(
            (failure.problem.as_str(), failure.detail.as_str()),
            ("not-connected", "The token was replaced meanwhile.")
        );
        assert_eq!(store.last_proof(&tenant).await.unwrap(), None);
        let connection = store.connection(&tenant).await.unwrap().unwrap();
        assert_eq!(connection.value.company_id, None);
    });
}

#[test]
fn five_refusals_are_enough_and_a_block_is_waited_for() {
    run(async {
        let (world, tenant) = World::with(company(97, 12)).await;
        world.hibob.inject("acme", Fault::Blocked, When::next_searches(1));
        world.ended(&tenant, &PROOF).await;
        world.hibob.forget_requests();
        let problem = async || world.ended(&tenant, &PROOF).await.failure.unwrap().problem;
        assert_eq!(problem().await, "too-many-refusals", "blocked");
        assert!(world.hibob.requests().is_empty());

        world.system.clock.advance(SignedDuration::from_mins(20));
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true);
        for _ in 0..5 {
            assert_eq!(problem().await, "token-refused");
        }
        assert_eq!(problem().await, "too-many-refusals");
        assert_eq!(world.hibob.requests().len(), 5);
    });
}

#[test]
fn whatever_call_to_aws_fails_no_refused_task_stays_unanswered() {
    run(async {
        let calls = refused_with_accident(None).await;
        let accidents = (1..=calls).map(|call| Box::pin(refused_with_accident(Some(call))));
        futures::future::join_all(accidents).await;
    });
}

/// A proof with a refused token while one call to AWS fails: how many calls it takes.
async fn refused_with_accident(call: Option<u64>) -> u64 {
    let (world, tenant) = World::with(company(98, 3)).await;
    world
        .hibob
        .edit_user("SERVICE-acme", |user| user.is_revoked = true);
    let id = world.start(&tenant, &PROOF).await;
    let before = world.network.calls();
    if let Some(call) = call {
        world.network.fail_call(before + call, Accident::Denied);
    }
    world.until_quiet().await;
    let calls = world.network.calls() - before;
    let task = world.task(&tenant, &id).await;
    assert_eq!(task.failure.unwrap().problem, "token-refused", "{call:?}");
    calls
}
