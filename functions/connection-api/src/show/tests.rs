use jiff::{SignedDuration, ToSpan};
use provisioning::{MappingDocument, Policy};
use tenant_store::{Attention, Night, Trigger};

use super::*;

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn snapshot() -> Snapshot {
    Snapshot {
        connection: Versioned {
            version: 3,
            value: Connection {
                enabled: true,
                company_id: Some("637465".to_owned()),
                night: Night::new("Asia/Kolkata", Night::USUAL).unwrap(),
                contacts: Vec::new(),
                policy: Policy::default(),
            },
        },
        state: RunState {
            next_due_at: Some("2026-11-24T22:00:00Z".parse().unwrap()),
            cleared_mapping_version: Some(2),
            ..RunState::default()
        },
        mapping: Some(SavedMapping {
            version: 2,
            document: MappingDocument { entries: Vec::new() },
            removals_seen: false,
        }),
        proof: None,
        runs: Vec::new(),
    }
}

fn run(hours_ago: i64, status: RunStatus) -> RunRecord {
    let due_at = now() - SignedDuration::from_hours(hours_ago);
    RunRecord {
        status,
        ..RunRecord::begun(due_at, Trigger::Night, 1, due_at)
    }
}

fn state(change: impl FnOnce(&mut Snapshot)) -> ConnectionState {
    let mut snapshot = snapshot();
    change(&mut snapshot);
    snapshot.into_body(now()).state
}

#[test]
fn the_next_night_is_told_in_the_tenants_time() {
    let body = snapshot().into_body(now());
    assert_eq!(
        body.summary,
        "The sync is on. The next one is on 25 November 2026, 03:30."
    );
    assert_eq!((body.state, body.version), (ConnectionState::On, Some(3)));
}

#[test]
fn off_says_more_than_whatever_else_is_wrong_and_attention_more_than_a_missing_mapping() {
    let attention = Attention {
        cause: AttentionCause::TokenRefused,
        since: now(),
    };
    let wrong = |snapshot: &mut Snapshot| {
        snapshot.state.attention = Some(attention.clone());
        snapshot.mapping = None;
    };
    let off = |snapshot: &mut Snapshot| {
        wrong(snapshot);
        snapshot.connection.value.enabled = false;
    };
    assert_eq!(state(off), ConnectionState::Off);
    assert_eq!(state(wrong), ConnectionState::NeedsAttention);
    assert_eq!(
        state(|snapshot| snapshot.mapping = None),
        ConnectionState::WaitingForMapping
    );
}

#[test]
fn a_run_is_under_way_while_its_lease_lasts() {
    let leased = |snapshot: &mut Snapshot, minutes: i64| {
        snapshot.state.run_due_at = Some(now());
        snapshot.state.lease_expires_at = Some(now() + minutes.minutes());
    };
    assert_eq!(state(|snapshot| leased(snapshot, 5)), ConnectionState::Running);
    assert_eq!(state(|snapshot| leased(snapshot, -5)), ConnectionState::On);
    let done = |snapshot: &mut Snapshot| {
        leased(snapshot, 5);
        snapshot.state.run_done = true;
    };
    assert_eq!(state(done), ConnectionState::On);
}

#[test]
fn the_last_run_is_the_latest_that_is_over() {
    let mut snapshot = snapshot();
    snapshot.runs = vec![
        run(1, RunStatus::HandedBack),
        run(24, RunStatus::Held),
        run(48, RunStatus::Applied),
    ];
    snapshot.state.run_due_at = Some(snapshot.runs[0].due_at);
    let body = snapshot.into_body(now());
    assert_eq!(body.last_run.unwrap().id, now() - SignedDuration::from_hours(24));
    assert!(
        body.summary
            .starts_with("The sync is on, and some changes wait for you.")
    );
}

#[test]
fn a_run_that_another_has_overtaken_is_over_and_failed() {
    let mut snapshot = snapshot();
    snapshot.runs = vec![run(1, RunStatus::Running), run(24, RunStatus::Applied)];
    snapshot.state.run_due_at = Some(now());
    let last = serde_json::to_value(snapshot.into_body(now()).last_run).unwrap();
    assert_eq!(
        (&last["status"], &last["failure"]),
        (&"failed".into(), &"overtaken".into())
    );
    assert_eq!(
        last["summary"],
        "Another sync began before this one was over, and made up for what it left undone."
    );
}

#[test]
fn removals_count_as_seen_once_a_run_had_none_to_hold() {
    assert!(snapshot().into_body(now()).mapping.unwrap().removals_seen);
    let mut later = snapshot();
    later.state.cleared_mapping_version = Some(1);
    assert!(!later.into_body(now()).mapping.unwrap().removals_seen);
}
