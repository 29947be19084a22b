use serde_json::{Value, json};
use tenant_store::Error;

use crate::harness::{Api, TASK, acme, service_user};

fn path() -> String {
    format!("/api/connection/disconnections/{TASK}")
}

#[tokio::test]
async fn disconnecting_takes_token_and_connection_away_at_once_and_leaves_the_rest_to_the_worker() {
    let api = Api::connected().await;
    api.enable().await;
    let answer = api.put(&path(), &json!({"accounts": "deactivate"})).await;
    assert_eq!((answer.status, &answer.body["status"]), (202, &json!("waiting")));
    assert_eq!(api.get("/api/connection").await.body["state"], "notConnected");
    assert!(matches!(
        api.vault.service_user(&acme()).await,
        Err(Error::NoToken)
    ));
    let message = json!({"tenant": "acme", "kind": "disconnection", "task": TASK});
    assert_eq!(api.messages().await, [message]);
    assert_eq!(api.get(&path()).await.body["kind"], "disconnection");
}

#[tokio::test]
async fn two_clicks_disconnect_once() {
    let api = Api::connected().await;
    let (path, body) = (path(), json!({"accounts": "keep"}));
    let (one, two) = tokio::join!(api.put(&path, &body), api.put(&path, &body));
    assert_eq!((one.status, two.status), (202, 202));
    assert_eq!(one.body, two.body);
}

#[tokio::test]
async fn a_late_repetition_does_not_undo_a_new_connection() {
    let api = Api::connected().await;
    let body = json!({"accounts": "keep"});
    api.put(&path(), &body).await;
    assert_eq!(
        api.put("/api/connection/service-user", &service_user("acme"))
            .await
            .status,
        201
    );

    assert_eq!(api.put(&path(), &body).await.status, 202);
    assert_eq!(api.get("/api/connection").await.body["state"], "off");
    assert!(api.vault.service_user(&acme()).await.is_ok());
}

#[tokio::test]
async fn who_never_was_connected_has_nothing_to_disconnect() {
    let api = Api::start().await;
    let answer = api.put(&path(), &json!({"accounts": "keep"})).await;
    assert_eq!((answer.status, answer.problem()), (409, "not-connected"));
}

#[tokio::test]
async fn a_proof_is_asked_for_once_and_is_nobody_elses_to_read() {
    let api = Api::connected().await;
    let path = format!("/api/connection/proofs/{TASK}");
    let (one, two) = tokio::join!(api.put(&path, &Value::Null), api.put(&path, &Value::Null));
    assert_eq!((one.status, two.status), (202, 202));
    assert_eq!(one.body, two.body);
    let message = json!({"tenant": "acme", "kind": "proof", "task": TASK});
    assert!(api.messages().await.iter().all(|sent| *sent == message));

    assert_eq!(api.get(&path).await.body["result"], Value::Null);
    assert_eq!(
        api.ask("globex", "GET", &path, &Value::Null).await.problem(),
        "not-found"
    );
    assert_eq!(api.get(&self::path()).await.problem(), "not-found");
    let disconnecting = api.put(&self::path(), &json!({"accounts": "keep"})).await;
    assert_eq!(disconnecting.problem(), "invalid-request");
    api.pass(3600);
    assert_eq!(api.get(&path).await.problem(), "not-found");
}

#[tokio::test]
async fn a_task_needs_an_id_that_cannot_be_guessed() {
    let api = Api::connected().await;
    for bad in ["1", "proof", &TASK[1..], &format!("{TASK}=")] {
        let answer = api
            .put(&format!("/api/connection/proofs/{bad}"), &Value::Null)
            .await;
        assert_eq!(
            (answer.status, answer.problem()),
            (422, "invalid-request"),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn proofs_cannot_be_piled_up() {
    let api = Api::connected().await;
    let path = |letter: &str| {
        format!(
            "/api/connection/proofs/{}",
            TASK.replace("AAEC", &format!("AAE{letter}"))
        )
    };
    for letter in ["B", "C", "D"] {
        assert_eq!(api.put(&path(letter), &Value::Null).await.status, 202);
    }
    let answer = api.put(&path("E"), &Value::Null).await;
    assert_eq!((answer.status, answer.problem()), (429, "too-many-tasks"));
    assert_eq!(answer.headers["retry-after"], "30");
    assert_eq!(api.put(&path("B"), &Value::Null).await.status, 202);
}
