use embedded_aws::Fault;
use jiff::civil::time;
use provisioning::Mapping;
use serde_json::json;
use tenant_store::{Error, LeaseOutcome, Night, Versioned};

use crate::stack::{Stack, acme, at, connection};

#[tokio::test]
async fn a_connection_is_read_as_it_was_saved_and_begins_with_the_next_night() {
    let (stack, connected) = Stack::with_acme().await;
    assert_eq!(
        connected,
        Versioned {
            version: 1,
            value: connection()
        }
    );
    assert_eq!(stack.store.connection(&acme()).await.unwrap(), Some(connected));
    let state = stack.store.run_state(&acme()).await.unwrap().unwrap();
    assert_eq!(
        (state.next_due_at, state.due_shard.is_some()),
        (Some(at(24, "03:30:00")), true)
    );

    let item = stack
        .item("TenantsTable", "TENANT#acme", "CONNECTION")
        .await
        .unwrap();
    assert_eq!(item["time_zone"].as_s().unwrap(), "Europe/London");
    assert_eq!(item["night_at"].as_s().unwrap(), "03:30:00");
}

#[tokio::test]
async fn nobody_connects_twice_and_nobody_saves_over_another() {
    let (stack, connected) = Stack::with_acme().await;
    let now = at(23, "13:00:00");
    let again = stack.store.create_connection(&acme(), &connection(), now).await;
    assert!(matches!(again, Err(Error::AlreadyConnected)));

    let mut changed = connection();
    changed.contacts.clear();
    let saved = stack
        .store
        .save_connection(&acme(), &connected, changed.clone(), now)
        .await
        .unwrap();
    assert_eq!(saved.version, 2);
    let late = stack
        .store
        .save_connection(&acme(), &connected, changed, now)
        .await;
    assert!(matches!(late, Err(Error::VersionChanged { expected: 1 })));
    assert_eq!(stack.store.connection(&acme()).await.unwrap(), Some(saved));
}

#[tokio::test]
async fn only_a_change_of_the_night_moves_the_next_one() {
    let (stack, connected) = Stack::with_acme().await;
    let state = || async { stack.store.run_state(&acme()).await.unwrap().unwrap() };

    // Acme is due and not yet taken: a save now must not lose the night.
    let mut changed = connection();
    changed.contacts.clear();
    let saved = stack
        .store
        .save_connection(&acme(), &connected, changed, at(24, "03:31:00"))
        .await
        .unwrap();
    assert_eq!(state().await.next_due_at, Some(at(24, "03:30:00")));

    // Nor must a change of the hour.
    let mut later = saved.value.clone();
    later.night = Night::new("Europe/London", time(5, 0, 0, 0)).unwrap();
    let saved = stack
        .store
        .save_connection(&acme(), &saved, later, at(24, "03:32:00"))
        .await
        .unwrap();
    assert_eq!(state().await.next_due_at, Some(at(24, "03:30:00")));
    stack.lease(24, "a", "03:40:00").await;

    let mut earlier = saved.value.clone();
    earlier.night = Night::new("Europe/London", time(4, 0, 0, 0)).unwrap();
    stack
        .store
        .save_connection(&acme(), &saved, earlier, at(24, "03:41:00"))
        .await
        .unwrap();
    assert_eq!(
        state().await.next_due_at,
        Some(at(25, "04:00:00")),
        "a date has one night"
    );
}

#[tokio::test]
async fn a_save_that_meets_the_begin_of_a_night_takes_it_into_account() {
    let (stack, connected) = Stack::with_acme().await;
    let mut later = connected.value.clone();
    later.night = Night::new("Europe/London", time(5, 0, 0, 0)).unwrap();
    // Lost on its way, so that a worker takes the night between what the save reads and what it writes.
    stack.faults.fail_next("TransactWriteItems", 2, Fault::Lost);
    let begins = async {
        stack.faults.reached(stack.faults.calls() + 2).await;
        stack.lease(24, "a", "03:40:00").await
    };
    let acme = acme();
    let saves = stack
        .store
        .save_connection(&acme, &connected, later, at(24, "03:39:59"));
    let (lease, outcome) = futures::future::join(begins, saves).await;
    outcome.unwrap();
    let state = stack.store.run_state(&acme).await.unwrap().unwrap();
    assert!(state.next_due_at.unwrap() >= at(25, "03:30:00"), "{state:?}");
    assert_eq!(state.fence, lease.fence, "the run goes on");
}

#[tokio::test]
async fn a_disabled_connection_is_never_due_and_its_run_under_way_is_voided() {
    let (stack, connected) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    let mut off = connection();
    off.enabled = false;
    let saved = stack
        .store
        .save_connection(&acme(), &connected, off, at(24, "03:41:00"))
        .await
        .unwrap();
    assert!(matches!(
        stack.store.confirm(&lease, at(24, "03:42:00")).await,
        Err(Error::LeaseLost)
    ));
    assert_eq!(stack.ask(24, "b", "04:40:00").await, LeaseOutcome::Disabled);

    stack
        .store
        .save_connection(&acme(), &saved, connection(), at(24, "12:00:00"))
        .await
        .unwrap();
    let state = stack.store.run_state(&acme()).await.unwrap().unwrap();
    assert_eq!(state.next_due_at, Some(at(25, "03:30:00")));
    assert!(stack.lease(25, "c", "03:40:00").await.fence > lease.fence);
}

#[tokio::test]
async fn a_new_token_voids_the_run_under_way() {
    let (stack, _) = Stack::with_acme().await;
    let lease = stack.lease(24, "a", "03:40:00").await;
    stack.store.token_replaced(&acme()).await.unwrap();
    assert!(matches!(
        stack.store.confirm(&lease, at(24, "03:41:00")).await,
        Err(Error::LeaseLost)
    ));
    let unknown = stack.store.token_replaced(&"nobody".parse().unwrap()).await;
    assert!(matches!(unknown, Err(Error::NotConnected)));
}

#[tokio::test]
async fn a_tenant_that_was_disconnected_gets_no_new_token() {
    let (stack, _) = Stack::with_acme().await;
    stack.store.disconnect(&acme()).await.unwrap();
    let replaced = stack.store.token_replaced(&acme()).await;
    assert!(matches!(replaced, Err(Error::NotConnected)));
    let state = stack.store.run_state(&acme()).await.unwrap().unwrap();
    assert_eq!((state.fence, state.token_fence), (2, None));
}

#[tokio::test]
async fn a_mapping_is_saved_with_a_version_and_read_even_when_it_is_no_longer_valid() {
    let (stack, _) = Stack::with_acme().await;
    assert_eq!(stack.store.mapping(&acme()).await.unwrap(), None);
    let mapping: Mapping = serde_json::from_value(json!({ "entries": [{
        "target": "email",
        "sources": [{ "id": "root.email", "type": "text", "category": { "id": "root", "name": "Basic info" } }],
    }] }))
    .unwrap();
    assert_eq!(
        stack
            .store
            .save_mapping(&acme(), &mapping, None, false)
            .await
            .unwrap(),
        1
    );
    assert!(matches!(
        stack.store.save_mapping(&acme(), &mapping, None, false).await,
        Err(Error::VersionChanged { .. })
    ));
    assert_eq!(
        stack
            .store
            .save_mapping(&acme(), &mapping, Some(1), true)
            .await
            .unwrap(),
        2
    );
    let stale = stack.store.save_mapping(&acme(), &mapping, Some(1), true).await;
    assert!(matches!(stale, Err(Error::VersionChanged { expected: 1 })));

    let read = stack.store.mapping(&acme()).await.unwrap().unwrap();
    assert_eq!((read.version, read.removals_seen), (2, true));
    assert_eq!(Mapping::try_from(read.document).unwrap(), mapping);
}
