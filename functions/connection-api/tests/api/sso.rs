use std::sync::LazyLock;

use embedded_aws::Fault;
use http_api::testing::request_of_admin;
use serde_json::{Value, json};
use stand_in_idp::Signer;
use tenant_store::{BeginOutcome, TaskRequest};

use crate::harness::{Answer, Api, TASK, acme, now, service_user};

pub(crate) const DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// A provider's certificate, made once: keys take their time.
pub(crate) static CERTIFICATE: LazyLock<String> =
    LazyLock::new(|| Signer::generate().unwrap().certificate_pem());

/// One that is valid from some days after now until some days after now.
pub(crate) fn certificate_of_days(from: i32, until: i32) -> String {
    let signer = Signer::with_validity(now() + DAY * from, now() + DAY * until);
    signer.unwrap().certificate_pem()
}

pub(crate) fn by_hand(certificates: &[&str]) -> Value {
    json!({"entityId": "https://idp.acme.example/metadata", "signOnUrl": "https://idp.acme.example/sign-on",
        "certificates": certificates})
}

pub(crate) fn options(enabled: bool) -> Value {
    json!({"enabled": enabled, "allowUnsolicited": false, "signRequests": false})
}

/// Saves in place of what is saved now.
pub(crate) async fn save(api: &Api, part: &str, body: &Value) -> Answer {
    save_over(api, version(api).await, part, body).await
}

/// Saves in place of a version.
async fn save_over(api: &Api, version: u64, part: &str, body: &Value) -> Answer {
    api.put_if_match(Some(version), &format!("/api/sso/{part}"), body)
        .await
}

/// What is saved now; nothing has 0.
pub(crate) async fn version(api: &Api) -> u64 {
    api.sso.read(&acme()).await.unwrap().version
}

fn version_of(answer: &Answer) -> u64 {
    let etag = answer.headers["etag"].to_str().unwrap();
    etag.trim_matches('"').parse().unwrap()
}

/// What a refusal points at.
pub(crate) fn pointers(answer: &Answer) -> Vec<&str> {
    assert_eq!(
        (answer.status, answer.problem()),
        (422, "invalid-request"),
        "{answer:?}"
    );
    let errors = answer.body["errors"].as_array().unwrap().iter();
    errors.map(|error| error["pointer"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn before_anything_is_set_up_our_own_values_are_there_to_be_copied() {
    let api = Api::connected().await;
    let answer = api.get("/api/sso").await;
    assert_eq!((answer.status, version_of(&answer)), (200, 0));
    let entity_id = answer.body["serviceProvider"]["entityId"].as_str().unwrap();
    let base = entity_id.strip_suffix("/sso/metadata/acme").unwrap();
    assert!(base.starts_with("https://"));
    let expected = json!({
        "serviceProvider": {"entityId": entity_id, "metadataUrl": entity_id, "acsUrl": format!("{base}/sso/acs/acme")},
        "provider": null, "canSignRequests": false, "signRequests": false, "allowUnsolicited": false, "enabled": false, "admins": [],
        "links": {"admin": format!("{base}/sso/start/acme/admin"), "reports": format!("{base}/sso/start/acme/reports"),
            "rewards": format!("{base}/sso/start/acme/rewards")},
        "testUrl": format!("{base}/sso/test/acme"),
    });
    assert_eq!(answer.body, expected);
}

#[tokio::test]
async fn it_is_set_up_part_by_part_and_each_answer_is_the_whole() {
    let api = Api::connected_with_key().await;
    api.put_account("hibob-7", Some("7"), "ada@acme.example").await;
    let answer = save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    let first = version(&api).await;
    assert_eq!((answer.status, version_of(&answer)), (200, first));
    assert_eq!(
        answer.body["provider"]["entityId"],
        "https://idp.acme.example/metadata"
    );
    let certificate = &answer.body["provider"]["certificates"][0];
    assert_eq!(
        (&certificate["state"], &certificate["notAfter"]),
        (&json!("valid"), &json!("2045-01-01T00:00:00Z"))
    );
    assert!(
        certificate["subject"]
            .as_str()
            .unwrap()
            .contains("Stand-in identity provider")
    );
    assert_eq!(certificate["fingerprint"].as_str().unwrap().len(), 32 * 3 - 1);

    let answer = save(&api, "admins", &json!({"accounts": ["hibob-7", "hibob-7"]})).await;
    let ada = json!([{"account": "hibob-7", "name": null, "email": "ada@acme.example", "active": true}]);
    assert_eq!(answer.body["admins"], ada);

    let all = json!({"enabled": true, "allowUnsolicited": true, "signRequests": true});
    let answer = save(&api, "options", &all).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    for option in ["enabled", "allowUnsolicited", "signRequests"] {
        assert_eq!(answer.body[option], true, "{option}");
    }
    let read = api.get("/api/sso").await;
    assert_eq!((&read.body, version_of(&read)), (&answer.body, first + 2));
}

#[tokio::test]
async fn a_save_names_the_version_it_replaces() {
    let api = Api::connected().await;
    let parts = [
        ("provider", by_hand(&[&CERTIFICATE])),
        ("options", options(false)),
        ("admins", json!({"accounts": []})),
    ];
    for (part, body) in parts {
        let answer = api.put_if_match(None, &format!("/api/sso/{part}"), &body).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (428, "if-match-missing"),
            "{part}"
        );
        let answer = save_over(&api, 7, part, &body).await;
        assert_eq!((answer.status, answer.problem()), (412, "stale-edit"), "{part}");
        assert_eq!(answer.body["currentVersion"], 0, "{part}");
    }
    assert_eq!(version(&api).await, 0);
}

#[tokio::test]
async fn of_two_admins_who_save_at_once_one_sees_both_versions() {
    let api = Api::connected_with_key().await;
    let asked = json!({"enabled": false, "allowUnsolicited": true, "signRequests": false});
    let signed = json!({"enabled": false, "allowUnsolicited": false, "signRequests": true});
    let (one, two) = tokio::join!(
        save_over(&api, 0, "options", &asked),
        save_over(&api, 0, "options", &signed)
    );
    let (saved, stale, theirs, ours) = if one.status == 200 {
        (one, two, asked, signed)
    } else {
        (two, one, signed, asked)
    };
    assert_eq!(
        (saved.status, stale.status, stale.problem()),
        (200, 412, "stale-edit")
    );
    assert_eq!((&stale.body["current"], &stale.body["yours"]), (&theirs, &ours));
    let first = version(&api).await;
    assert_eq!(stale.body["currentVersion"], first);

    let (other, mine) = (certificate_of_days(-1, 900), by_hand(&[&CERTIFICATE]));
    let theirs = save_over(&api, first, "provider", &by_hand(&[&other])).await.body;
    let stale = save_over(&api, first, "provider", &mine).await;
    assert_eq!((stale.status, &stale.body["current"]), (412, &theirs["provider"]));
    assert_eq!(stale.body["yours"]["certificates"].as_array().unwrap().len(), 1);
    assert_ne!(stale.body["yours"], stale.body["current"]);
}

#[tokio::test]
async fn only_people_of_the_own_team_may_open_the_admin_area() {
    let api = Api::connected().await;
    api.put_account("own", None, "ann@acme.example").await;
    api.put_account_of("globex", "hibob-7", Some("7"), "joe@globex.example", &[])
        .await;
    let answer = save(&api, "admins", &json!({"accounts": ["own", "nobody", "hibob-7"]})).await;
    assert_eq!(pointers(&answer), ["/accounts/1", "/accounts/2"]);
    assert!(!answer.body.to_string().contains("globex"));
    assert_eq!(version(&api).await, 0);

    let many: Vec<String> = (0..101).map(|number| format!("own-{number}")).collect();
    let answer = save(&api, "admins", &json!({"accounts": many})).await;
    assert_eq!(pointers(&answer), ["/accounts"]);
    let answer = save(&api, "admins", &json!({"accounts": ["a#b"]})).await;
    assert_eq!((answer.status, answer.problem()), (400, "invalid-json"));
}

#[tokio::test]
async fn somebody_whose_account_has_gone_stays_on_the_list_until_they_are_taken_off() {
    let api = Api::connected().await;
    let mut settings = api.sso.read(&acme()).await.unwrap().value;
    settings.admins.insert("gone".parse().unwrap());
    api.sso.save(&acme(), &settings, 0, now()).await.unwrap();
    api.put_account("own", None, "ann@acme.example").await;

    let answer = save(&api, "admins", &json!({"accounts": ["gone", "own"]})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let gone = json!({"account": "gone", "name": null, "email": null, "active": false});
    assert_eq!(answer.body["admins"][1], gone);
    let answer = save(&api, "admins", &json!({"accounts": ["own"]})).await;
    assert_eq!(answer.body["admins"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_admin_is_active_if_hithrives_own_list_says_so_whatever_the_sync_says() {
    let api = Api::connected().await;
    let accounts = [
        ("a", "active", None, true),
        ("b", "inactive", None, false),
        ("c", "inactive", Some("active"), true),
        ("d", "active", Some("inactive"), false),
    ];
    for (id, state, list, _) in accounts {
        let mut attributes = vec![("state", state)];
        attributes.extend(list.map(|list| ("override", list)));
        let email = format!("{id}@acme.example");
        api.put_account_of("acme", id, None, &email, &attributes).await;
    }
    let answer = save(&api, "admins", &json!({"accounts": ["a", "b", "c", "d"]})).await;
    for (place, (id, _, _, is_active)) in accounts.into_iter().enumerate() {
        let admin = &answer.body["admins"][place];
        assert_eq!(
            (&admin["account"], &admin["active"]),
            (&json!(id), &json!(is_active))
        );
    }
}

#[tokio::test]
async fn what_one_tenant_sets_up_no_other_sees_or_changes() {
    let api = Api::connected().await;
    save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    let theirs = api
        .ask("globex", "GET", "/api/sso?tenant=acme", &Value::Null)
        .await;
    assert_eq!(theirs.body["provider"], Value::Null);
    assert!(theirs.body["testUrl"].as_str().unwrap().ends_with("/globex"));

    api.ask(
        "globex",
        "PUT",
        "/api/connection/service-user",
        &service_user("globex"),
    )
    .await;
    let mut request = request_of_admin("globex", "PUT", "/api/sso/options", &options(true));
    request.headers_mut().insert("if-match", "\"0\"".parse().unwrap());
    assert_eq!(pointers(&api.send(request).await), ["/enabled"]);
    assert_eq!(api.get("/api/sso").await.body["enabled"], false);
}

#[tokio::test]
async fn without_a_connection_nothing_is_set_up() {
    let api = Api::start().await;
    assert_eq!(api.get("/api/sso").await.status, 200);
    for (part, body) in [
        ("provider", by_hand(&[&CERTIFICATE])),
        ("options", options(false)),
        ("admins", json!({"accounts": []})),
    ] {
        let answer = save(&api, part, &body).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (409, "not-connected"),
            "{part}"
        );
    }
}

#[tokio::test]
async fn disconnecting_ends_single_sign_on_and_a_late_repetition_does_not_end_it_again() {
    let api = Api::connected().await;
    save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    save(&api, "options", &options(true)).await;
    let path = format!("/api/connection/disconnections/{TASK}");
    let leaving = json!({"accounts": "keep"});
    assert_eq!(api.put(&path, &leaving).await.status, 202);
    let read = api.get("/api/sso").await;
    assert_eq!(
        (&read.body["provider"], &read.body["enabled"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(save(&api, "options", &options(false)).await.status, 409);

    api.put("/api/connection/service-user", &service_user("acme"))
        .await;
    save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    assert_eq!(api.put(&path, &leaving).await.status, 202);
    assert_ne!(api.get("/api/sso").await.body["provider"], Value::Null);
}

#[tokio::test]
async fn a_save_that_races_with_a_disconnect_leaves_nothing_behind() {
    let api = Api::connected().await;
    save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    let path = format!("/api/connection/disconnections/{TASK}");
    let (leaving, on) = (json!({"accounts": "keep"}), options(true));
    let saved = version(&api).await;
    tokio::join!(api.put(&path, &leaving), save_over(&api, saved, "options", &on));
    assert_eq!(version(&api).await, 0);
}

#[tokio::test]
async fn who_could_not_be_disconnected_keeps_single_sign_on() {
    let api = Api::connected().await;
    save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    api.faults.fail_next("TransactWriteItems", 1, Fault::Denied);
    let path = format!("/api/connection/disconnections/{TASK}");
    assert_eq!(api.put(&path, &json!({"accounts": "keep"})).await.status, 503);
    assert_ne!(api.get("/api/sso").await.body["provider"], Value::Null);
}

#[tokio::test]
async fn a_disconnecting_that_was_cut_short_is_finished_by_its_repetition_which_tells_what_it_erased() {
    let api = Api::connected().await;
    save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    api.tenants.disconnect(&acme()).await.unwrap();
    let path = format!("/api/connection/disconnections/{TASK}");
    assert_eq!(api.put(&path, &json!({"accounts": "keep"})).await.status, 202);
    assert_eq!(version(&api).await, 0);
    let task = TASK.parse().unwrap();
    let begun = api
        .tasks
        .begin(&acme(), &task, "worker", now(), now() + DAY)
        .await;
    let BeginOutcome::Begun { request, .. } = begun.unwrap() else {
        panic!("no task was noted");
    };
    let TaskRequest::Disconnection { erased, .. } = request else {
        panic!("another task was noted");
    };
    assert!(erased.single_sign_on && !erased.connection);
}

#[tokio::test]
async fn requests_are_signed_only_if_there_is_a_key() {
    let signed = json!({"enabled": false, "allowUnsolicited": false, "signRequests": true});
    let without = Api::connected().await;
    let refused = save(&without, "options", &signed).await;
    assert_eq!(pointers(&refused), ["/signRequests"]);
    assert!(
        refused.body["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("support")
    );
    // What is on already stays on while something else is changed, and can be switched off.
    let mut settings = without.sso.read(&acme()).await.unwrap().value;
    settings.sign_requests = true;
    without.sso.save(&acme(), &settings, 0, now()).await.unwrap();
    assert_eq!(save(&without, "options", &signed).await.status, 200);
    assert_eq!(save(&without, "options", &options(false)).await.status, 200);

    let with = Api::connected_with_key().await;
    let metadata_url = |answer: &Answer| {
        let url = answer.body["serviceProvider"]["metadataUrl"].as_str().unwrap();
        url.split_once("/sso").unwrap().1.to_owned()
    };
    let before = with.get("/api/sso").await;
    assert_eq!(before.body["canSignRequests"], true);
    assert_eq!(metadata_url(&before), "/metadata/acme");
    let after = save(&with, "options", &signed).await;
    assert_eq!((after.status, &after.body["signRequests"]), (200, &json!(true)));
    assert_eq!(metadata_url(&after), "/metadata/acme?signed=true");
}
