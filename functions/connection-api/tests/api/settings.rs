use serde_json::{Value, json};
use stand_in_hibob::{Fault, When};

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

fn with_rule(id: &str, field_type: &str, category: &str) -> Value {
    let mut settings = settings("UTC", "03:30");
    settings["policy"]["scope"] = json!({"rules": [{"effect": "exclude", "condition": {"equals": "Sales"},
        "field": {"id": id, "type": field_type, "category": {"id": category, "name": "As it was called once"}}}]});
    settings
}

#[tokio::test]
async fn what_a_caller_says_about_a_rules_field_is_replaced_by_what_hibob_says() {
    let api = Api::connected().await;
    let sent = with_rule("work.department", "text", "about");
    let answer = api.save(1, &sent).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let field = &answer.body["settings"]["policy"]["scope"]["rules"][0]["field"];
    assert_eq!(
        (&field["category"]["id"], &field["type"]),
        (&json!("work"), &json!("list"))
    );

    // What was saved is not asked about again.
    let before = api.requests_to_hibob();
    assert_eq!(api.save(2, &answer.body["settings"]).await.status, 200);
    assert_eq!(api.requests_to_hibob(), before);
}

#[tokio::test]
async fn a_rule_about_a_field_that_hibob_does_not_have_or_that_is_never_read_is_pointed_at() {
    let api = Api::connected().await;
    for field in ["work.shoeSize", "payroll.salary.payPeriod"] {
        let answer = api.save(1, &with_rule(field, "text", "work")).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (422, "invalid-request"),
            "{field}"
        );
        let pointer = &answer.body["errors"][0]["pointer"];
        assert_eq!(*pointer, "/policy/scope/rules/0/field/id", "{field}");
    }
}

#[tokio::test]
async fn rules_wait_until_hibob_can_say_what_their_fields_are() {
    let api = Api::connected().await;
    let always = When {
        endpoint: None,
        times: None,
    };
    api.hibob.inject("acme", Fault::ServerError, always);
    let answer = api.save(1, &with_rule("work.department", "list", "work")).await;
    assert_eq!((answer.status, answer.problem()), (503, "hibob-unavailable"));
    let saved = api
        .tenants
        .connection(&crate::harness::acme())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(saved.version, 1);
    assert_eq!(api.save(1, &settings("UTC", "01:00")).await.status, 200);
}
