//! What the OpenAPI document shows of each body, made by the code that makes the answers, so that it cannot be outdated.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use provisioning::{Counts, MappingDocument, Policy, SkipReason};
use serde::Serialize;
use serde_json::{Value, json};
use tenant_store::{Connection, Night, RunRecord, RunState, RunStatus, SavedMapping, Trigger, Versioned};

use crate::runs::RunBody;
use crate::settings::Settings;
use crate::show::Snapshot;
use crate::{sso, story};

const NOW: Timestamp = Timestamp::constant(1_795_521_600, 0);
const TASK: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Examples by the names of their schemas.
pub(crate) fn examples() -> BTreeMap<&'static str, Value> {
    let connection = connection();
    let run = || RunBody::of(record(), None);
    let mut examples = BTreeMap::from([
        (
            "Runs",
            json!({"runs": [value(&run())], "next": "2026-11-24T03:30:00Z"}),
        ),
        ("Run", value(&run())),
        ("PeopleOfRun", people_of_run()),
        ("FoundPeople", found_people()),
        (
            "TaskBody_ProofReport",
            task("proof", "running", Some("Reading people"), &Value::Null),
        ),
        (
            "TaskBody_Receipt",
            task("disconnection", "done", None, &receipt()),
        ),
    ]);
    if let Some(example) = sso::example(NOW) {
        examples.insert("SingleSignOn", value(&example));
    }
    if let Some(connection) = connection {
        examples.insert("Settings", value(&Settings::of(&connection)));
        examples.insert("Story", value(&story::example(&connection, NOW)));
        examples.insert("Connection", value(&snapshot(connection).into_body(NOW)));
    }
    examples
}

fn value(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

fn connection() -> Option<Connection> {
    Some(Connection {
        enabled: true,
        company_id: Some("200007".to_owned()),
        night: Night::new("Europe/London", Night::USUAL).ok()?,
        contacts: vec!["hr@example.com".parse().ok()?],
        policy: Policy::default(),
    })
}

fn snapshot(connection: Connection) -> Snapshot {
    let next = connection.night.next_after(NOW);
    Snapshot {
        connection: Versioned {
            version: 3,
            value: connection,
        },
        state: RunState {
            next_due_at: Some(next),
            cleared_mapping_version: Some(2),
            ..RunState::default()
        },
        mapping: Some(SavedMapping {
            version: 2,
            document: MappingDocument { entries: Vec::new() },
            removals_seen: false,
        }),
        proof: None,
        runs: vec![record()],
    }
}

fn record() -> RunRecord {
    let due_at = NOW - SignedDuration::from_mins(510);
    let mut record = RunRecord::begun(due_at, Trigger::Night, 1, due_at + SignedDuration::from_secs(7));
    record.status = RunStatus::Applied;
    record.finished_at = Some(due_at + SignedDuration::from_secs(19));
    record.mapping_version = Some(2);
    record.planned = Counts {
        created: 3,
        updated: 12,
        ..Counts::default()
    };
    record.applied = record.planned;
    record.findings.people = 250;
    record.findings.active_accounts = 238;
    record.findings.skips.insert(SkipReason::NoEmail, 1);
    record.hibob_calls = 1;
    record.duration_ms = 12_400;
    record
}

fn people_of_run() -> Value {
    json!({"next": null, "people": [
        {"employee": "2735482639", "account": "hibob-2735482639", "name": "Ada Lovelace", "email": "ada@example.com",
            "kind": "updated", "reason": null, "held": false, "fields": ["jobTitle"], "links": false},
        {"employee": "2735482640", "account": null, "name": null, "email": null, "kind": "skipped", "reason": "noEmail",
            "held": false, "fields": [], "links": false},
    ]})
}

fn found_people() -> Value {
    json!({"isComplete": true, "people": [{"employee": "2735482639", "account": "hibob-2735482639", "name": "Ada Lovelace",
        "email": "ada@example.com", "state": "active"}]})
}

fn task(kind: &str, status: &str, stage: Option<&str>, result: &Value) -> Value {
    let expires_at = NOW + SignedDuration::from_hours(1);
    json!({"id": TASK, "kind": kind, "status": status, "stage": stage, "people": null, "requestedAt": NOW,
        "expiresAt": expires_at, "result": result, "failure": null})
}

fn receipt() -> Value {
    json!({"disconnectedAt": NOW, "accounts": "keep", "accountsDeactivated": 0, "accountsKept": 238,
        "erased": [{"what": "token", "items": 1}, {"what": "singleSignOn", "items": 1}, {"what": "runs", "items": 90}],
        "kept": [{"what": "fence", "why": "A number that keeps a run which is still under way from writing."}],
        "backupsExpireBy": NOW + SignedDuration::from_hours(35 * 24)})
}
