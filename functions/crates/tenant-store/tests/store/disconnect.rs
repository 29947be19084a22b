use provisioning::{History, Mapping};
use serde_json::json;
use tenant_store::{
    AttentionCause, Disconnected, Erased, Error, HoldOutcome, LeaseOutcome, RequestOutcome, RunRecord,
    Trigger,
};

use crate::proof::proof;
use crate::stack::{Stack, acme, at, connection, given_up, run, tenant};

fn mapping() -> Mapping {
    serde_json::from_value(json!({ "entries": [{
        "target": "email",
        "sources": [{ "id": "root.email", "type": "text", "category": { "id": "root", "name": "Basic info" } }],
    }] }))
    .unwrap()
}

#[tokio::test]
async fn disconnecting_leaves_nothing_but_the_raised_fence_and_the_lease_of_a_run_under_way() {
    let (stack, _) = Stack::with_acme().await;
    stack
        .store
        .save_mapping(&acme(), &mapping(), None, true)
        .await
        .unwrap();
    let token = stack.token().await;
    stack.store.save_proof(&acme(), token, &proof()).await.unwrap();
    let lease = stack.lease(24, "a", "03:40:00").await;

    let disconnected = stack.store.disconnect(&acme()).await.unwrap().unwrap();
    let everything = Erased {
        connection: true,
        mapping: true,
        proof: true,
        single_sign_on: false,
    };
    assert_eq!(
        disconnected,
        Disconnected {
            fence: lease.fence + 1,
            erased: everything
        }
    );
    for sort in ["CONNECTION", "MAPPING", "PROOF"] {
        assert_eq!(
            stack.item("TenantsTable", "TENANT#acme", sort).await,
            None,
            "{sort}"
        );
    }
    let state = stack
        .item("TenantsTable", "TENANT#acme", "RUNSTATE")
        .await
        .unwrap();
    let mut left: Vec<_> = state.keys().map(String::as_str).collect();
    left.sort_unstable();
    assert_eq!(left, ["fence", "lease_expires_at", "lease_owner", "pk", "sk"]);
    assert!(matches!(
        stack.store.confirm(&lease, at(24, "03:41:00")).await,
        Err(Error::LeaseLost)
    ));
    assert!(matches!(
        stack.store.save_proof(&acme(), token, &proof()).await,
        Err(Error::VersionChanged { .. })
    ));
    assert_eq!(
        stack
            .store
            .request_run(&acme(), at(24, "03:41:00"))
            .await
            .unwrap(),
        RequestOutcome::NotConnected
    );

    let again = stack.store.disconnect(&acme()).await.unwrap().unwrap();
    assert_eq!(
        (again.fence, again.erased),
        (disconnected.fence, Erased::default())
    );
    assert_eq!(stack.store.disconnect(&tenant("nobody")).await.unwrap(), None);
}

#[tokio::test]
async fn the_housekeeping_waits_for_a_run_under_way_and_keeps_others_out() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    let fence = stack.store.disconnect(&acme()).await.unwrap().unwrap().fence;
    let (now, ends_at) = (at(24, "03:41:00"), at(24, "03:56:00"));
    let hold = async |owner| {
        stack
            .store
            .hold(&acme(), fence, owner, now, ends_at)
            .await
            .unwrap()
    };
    let until = at(24, "03:55:00");
    assert_eq!(hold("b").await, HoldOutcome::Busy { until });

    // The voided run lets the tenant go, and can say no more.
    assert!(matches!(
        stack.store.release(&lease, given_up()).await,
        Err(Error::LeaseLost)
    ));
    let HoldOutcome::Taken(taken) = hold("b").await else {
        panic!("not taken");
    };
    assert_eq!(
        hold("b").await,
        HoldOutcome::Taken(taken.clone()),
        "a lost answer is asked for again"
    );
    assert_eq!(hold("c").await, HoldOutcome::Busy { until: ends_at });
    stack.store.confirm_hold(&taken, now).await.unwrap();
    assert!(matches!(
        stack.store.confirm_hold(&taken, ends_at).await,
        Err(Error::LeaseLost)
    ));
    stack.store.let_go(&taken).await.unwrap();
    stack.store.let_go(&taken).await.unwrap();
    assert!(matches!(hold("c").await, HoldOutcome::Taken(_)));
}

#[tokio::test]
async fn whoever_connects_again_is_not_held_and_begins_anew() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    let given_up = tenant_store::Release::Finished {
        history: History {
            last_people: Some(9),
            removals: Vec::new(),
        },
        cleared_mapping: Some(1),
    };
    stack.store.release(&lease, given_up).await.unwrap();
    let fence = stack.store.disconnect(&acme()).await.unwrap().unwrap().fence;
    let now = at(24, "04:00:00");
    stack
        .store
        .create_connection(&acme(), &connection(), now)
        .await
        .unwrap();
    let ends_at = at(24, "04:15:00");
    let hold = stack.store.hold(&acme(), fence, "b", now, ends_at).await.unwrap();
    assert_eq!(hold, HoldOutcome::Superseded);
    let state = stack.store.run_state(&acme()).await.unwrap().unwrap();
    assert!(state.fence > fence);
    assert_eq!(
        (state.history, state.cleared_mapping_version),
        (History::default(), None)
    );
    assert_eq!(stack.ask(24, "b", "04:01:00").await, LeaseOutcome::Stale);
}

#[tokio::test]
async fn what_a_tenant_leaves_in_the_tables_is_erased_up_to_an_instant_and_nobody_else_loses_anything() {
    let stack = Stack::start().await;
    let globex = tenant("globex");
    for day in [22, 23, 24] {
        for owner in [acme(), globex.clone()] {
            let record = RunRecord::begun(run(day).due_at, Trigger::Night, 1, run(day).due_at);
            stack.history.record(&owner, 1, &record).await.unwrap();
            let run = provisioning::RunId {
                tenant: owner.clone(),
                ..run(day)
            };
            let mut log = stack.history.change_log(&run, 1);
            log.write((0..600).map(crate::runs::row).collect(), Vec::new())
                .await
                .unwrap();
            let noon = at(day, "12:00:00");
            let date = noon.to_zoned(jiff::tz::TimeZone::UTC).date();
            let cause = AttentionCause::TokenRefused;
            assert!(stack.notices.claim(&owner, cause, date, noon, "a").await.unwrap());
        }
    }
    // A record and three items of rows each; one night is later.
    assert_eq!(stack.history.erase(&acme(), run(23).due_at).await.unwrap(), 2 * 4);
    assert_eq!(stack.notices.erase(&acme(), at(23, "12:00:00")).await.unwrap(), 2);
    let left = async |tenant: &_| {
        let records = stack.history.latest(tenant, 9, at(24, "12:00:00")).await.unwrap();
        records.len()
    };
    assert_eq!((left(&acme()).await, left(&globex).await), (1, 3));
    assert_eq!(stack.history.erase(&acme(), run(24).due_at).await.unwrap(), 4);
    assert_eq!(stack.history.erase(&acme(), run(24).due_at).await.unwrap(), 0);
    assert_eq!(stack.notices.erase(&acme(), at(24, "12:00:00")).await.unwrap(), 1);
    assert_eq!(stack.notices.erase(&globex, at(24, "12:00:00")).await.unwrap(), 3);
}
