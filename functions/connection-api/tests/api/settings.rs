use serde_json::{Value, json};

use crate::harness::Api;

fn settings(zone: &str, at: &str) -> Value {
    json!({"timeZone": zone, "nightAt": at, "contacts": ["hr@acme.example"], "policy": {"leaversGraceHours": 24}})
}

#[tokio::test]
async fn the_next_night_follows_the_time_zone_and_the_hour() {
    let api = Api::connected().await;
    api.enable().await;
    let answer = api.save(2, &settings("Asia/Kolkata", "02:15")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.headers["etag"], "\"3\"");
    assert_eq!(answer.body["nextRunAt"], "2026-11-24T20:45:00Z");
    assert_eq!(answer.body["settings"]["policy"]["leaversGraceHours"], 24);
    assert_eq!(
        answer.body["summary"],
        "The sync is on and waits until you map the fields. Nothing is read before that."
    );
}

#[tokio::test]
async fn of_two_admins_who_save_at_once_one_sees_both_versions() {
    let api = Api::connected().await;
    let (ours, theirs) = (settings("UTC", "01:00"), settings("UTC", "02:00"));
    let (one, two) = tokio::join!(api.save(1, &ours), api.save(1, &theirs));
    let (saved, stale, sent) = if one.status == 200 {
        (one, two, theirs)
    } else {
        (two, one, ours)
    };
    assert_eq!(
        (saved.status, stale.status, stale.problem()),
        (200, 412, "stale-edit")
    );
    assert_eq!(stale.body["current"], saved.body["settings"]);
    assert_eq!(stale.body["yours"]["nightAt"], sent["nightAt"]);
    assert_eq!(stale.body["currentVersion"], 2);
}

#[tokio::test]
async fn a_save_names_the_version_it_replaces() {
    let api = Api::connected().await;
    let answer = api.save(0, &settings("UTC", "01:00")).await;
    assert_eq!((answer.status, answer.problem()), (428, "if-match-missing"));
}

#[tokio::test]
async fn everything_that_is_wrong_is_pointed_at() {
    let api = Api::connected().await;
    let mut wrong = settings("Mars/Olympus", "25:00");
    wrong["contacts"] = json!(["<script>alert(1)</script>"]);
    let answer = api.save(1, &wrong).await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-request"));
    let errors = answer.body["errors"].as_array().unwrap();
    let pointers: Vec<_> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/nightAt", "/timeZone", "/contacts/0"]);
    assert!(!answer.body.to_string().contains("script"));
}
