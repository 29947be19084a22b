//! What is left of a tenant that is disconnected.

use std::time::Duration;

use embedded_aws::Fault as Accident;
use futures::future::join;
use jiff::SignedDuration;
use provisioning::{Policy, TenantId};
use serde_json::{Value, json};
use stand_in_hibob::{Fault, When};
use tenant_store::{Connection, LeftAccounts, Night, RunStatus, ServiceUser, TaskStatus};

use crate::harness::{INVOCATION, World, assert_team_equals_hibob, company, mapping, pause, run};

/// How many accounts of a tenant are active.
async fn active(world: &World, tenant: &TenantId) -> u64 {
    let accounts = world.accounts(tenant).await;
    let active = accounts
        .values()
        .filter(|account| account["state"].as_s().unwrap() == "active");
    active.count().try_into().unwrap()
}

/// What a receipt says was erased of something.
fn erased(receipt: &Value, what: &str) -> u64 {
    let all = receipt["erased"].as_array().unwrap();
    let of = all.iter().find(|erased| erased["what"] == what).unwrap();
    of["items"].as_u64().unwrap()
}

async fn reconnect(world: &World, tenant: &TenantId) {
    let user = World::service_user(tenant.as_str());
    let token = ServiceUser {
        id: user.id,
        token: user.token.into(),
    };
    let connection = Connection {
        enabled: true,
        company_id: None,
        night: Night::new("UTC", Night::USUAL).unwrap(),
        contacts: Vec::new(),
        policy: Policy::default(),
    };
    let mapping = mapping();
    let connected = world.system.connect(tenant, &connection, &token, &mapping);
    connected.await.unwrap();
}

#[test]
fn accounts_that_are_kept_stay_as_they_are_and_everything_else_goes_with_a_receipt() {
    run(async {
        let (world, tenant) = World::with(company(111, 30)).await;
        world.night().await;
        world.night().await;
        let accounts = world.accounts(&tenant).await;
        let request = world.disconnect(&tenant, LeftAccounts::Keep).await;
        let receipt = world.result(&tenant, &request).await;

        assert_eq!(world.accounts(&tenant).await, accounts);
        assert!(world.scan("RunsTable").await.is_empty());
        let left = world.scan("TenantsTable").await;
        let left: Vec<_> = left
            .iter()
            .map(|item| item["sk"].as_s().unwrap().as_str())
            .collect();
        assert!(
            left.iter().all(|sort| ["RUNSTATE", "REFUSALS"].contains(sort)),
            "{left:?}"
        );
        assert_eq!(receipt["accounts"], "keep");
        assert_eq!(receipt["accountsKept"], active(&world, &tenant).await);
        assert_eq!(receipt["accountsDeactivated"], 0);
        for (what, items) in [
            ("token", 1),
            ("connection", 1),
            ("mapping", 1),
            ("proof", 0),
            ("runs", 3),
        ] {
            assert_eq!(erased(&receipt, what), items, "{what}");
        }
        assert_eq!(receipt["kept"][0]["what"], json!("fence"));
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!(state.lease_owner, None);
    });
}

#[test]
fn accounts_that_are_not_kept_are_deactivated_and_come_back_with_the_next_connection() {
    run(async {
        let (world, tenant) = World::with(company(112, 400)).await;
        world.night().await;
        let before = active(&world, &tenant).await;
        assert!(before > 250, "more than one slice");
        let request = world.disconnect(&tenant, LeftAccounts::Deactivate).await;
        let receipt = world.result(&tenant, &request).await;
        assert_eq!(
            (active(&world, &tenant).await, &receipt["accountsKept"]),
            (0, &json!(0))
        );
        assert_eq!(receipt["accountsDeactivated"], before);

        reconnect(&world, &tenant).await;
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.status, u64::from(record.applied.reactivated)),
            (RunStatus::Applied, before)
        );
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_run_under_way_writes_nothing_more_and_the_housekeeping_comes_after_it() {
    run(async {
        let (world, tenant) = World::with(company(113, 30)).await;
        let slow = Fault::SlowStart(Duration::from_secs(1));
        world.hibob.inject("acme", slow, When::next_searches(1));
        world.nightfall().await;
        let admin = async {
            world.called("GetSecretValue").await;
            pause(300).await;
            let request = world.disconnect(&tenant, LeftAccounts::Deactivate).await;
            let id = world.start(&tenant, &request).await;
            assert!(world.system.invoke_worker(INVOCATION).await.unwrap());
            assert_eq!(world.task(&tenant, &id).await.status, TaskStatus::Waiting);
            assert_eq!(world.handed_back_for(), 5);
            id
        };
        let (worked, id) = join(Box::pin(world.system.invoke_worker(INVOCATION)), Box::pin(admin)).await;
        assert!(worked.unwrap());
        world.later(SignedDuration::from_secs(5)).await;
        assert_eq!(world.task(&tenant, &id).await.status, TaskStatus::Done);
        assert!(world.accounts(&tenant).await.is_empty());
        assert!(world.scan("RunsTable").await.is_empty());
        world.until_quiet().await;
        assert!(world.accounts(&tenant).await.is_empty() && world.scan("RunsTable").await.is_empty());
        world.assert_no_dead_letters().await;
    });
}

#[test]
fn whoever_connects_again_before_the_housekeeping_keeps_the_team() {
    run(async {
        let (world, tenant) = World::with(company(114, 30)).await;
        world.night().await;
        let accounts = world.accounts(&tenant).await;
        let request = world.disconnect(&tenant, LeftAccounts::Deactivate).await;
        reconnect(&world, &tenant).await;
        let receipt = world.result(&tenant, &request).await;
        assert_eq!(receipt["accounts"], "keep");
        assert_eq!(world.accounts(&tenant).await, accounts);
        assert!(
            world.scan("RunsTable").await.is_empty(),
            "the old connection's runs"
        );
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn cut_short_at_any_call_to_aws_it_ends_with_the_same_receipt() {
    run(async {
        let (twin, calls, receipt) = tidied_up_with_accident(None).await;
        assert!(twin.scan("RunsTable").await.is_empty());
        let accidents = (1..=calls).map(|call| Box::pin(tidied_up_with_accident(Some(call))));
        for (call, (world, _, other)) in (1..).zip(futures::future::join_all(accidents).await) {
            assert_eq!(other, receipt, "call {call}");
            assert_eq!(active(&world, &"acme".parse().unwrap()).await, 0, "call {call}");
            assert!(world.scan("RunsTable").await.is_empty(), "call {call}");
        }
    });
}

#[test]
fn what_cannot_be_tidied_up_is_never_given_up_and_goes_on_from_the_dead_letters() {
    run(async {
        let (world, tenant) = World::with(company(116, 9)).await;
        world.night().await;
        let request = world.disconnect(&tenant, LeftAccounts::Deactivate).await;
        let id = world.start(&tenant, &request).await;
        world.network.fail_next("Query", 10, Accident::Denied);
        world.until_quiet().await;
        assert_eq!(world.messages("InteractiveDeadLetters").await, 1);
        assert_eq!(world.task(&tenant, &id).await.status, TaskStatus::Waiting);

        world.system.clock.advance(SignedDuration::from_hours(48));
        world.send_task(&tenant, &request, &id).await;
        world.system.work().await.unwrap();
        assert_eq!(world.task(&tenant, &id).await.status, TaskStatus::Done);
        assert_eq!(active(&world, &tenant).await, 0);
        assert!(world.scan("RunsTable").await.is_empty());
    });
}

/// Disconnects a small company while one call to AWS fails, and works until all is quiet: the calls that took, and what
/// of the receipt accidents must not change.
async fn tidied_up_with_accident(call: Option<u64>) -> (World, u64, Value) {
    let (world, tenant) = World::with(company(115, 9)).await;
    world.night().await;
    let request = world.disconnect(&tenant, LeftAccounts::Deactivate).await;
    let id = world.start(&tenant, &request).await;
    let before = world.network.calls();
    if let Some(call) = call {
        world.network.fail_call(before + call, Accident::Denied);
    }
    world.until_quiet().await;
    let calls = world.network.calls() - before;
    let task = world.task(&tenant, &id).await;
    assert_eq!(task.status, TaskStatus::Done, "{call:?}: {task:?}");
    let receipt = task.result.unwrap();
    (
        world,
        calls,
        json!([
            receipt["accounts"],
            receipt["accountsDeactivated"],
            receipt["accountsKept"]
        ]),
    )
}
