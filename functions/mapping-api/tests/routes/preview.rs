//! Asking for previews and polling them.

use serde_json::{Value, json};
use tenant_store::{TaskRequest, TaskStatus};

use crate::world::{ACME, TASK, World, email, now, row, tenant};

fn path() -> String {
    format!("/api/mapping/previews/{TASK}")
}

#[tokio::test]
async fn a_preview_is_asked_for_once_however_often_the_button_is_clicked() {
    let world = World::connected().await;
    let rows = json!({"entries": [email()]});
    let first = world.put(&path(), &rows).await;
    assert_eq!((first.status, &first.body["status"]), (202, &json!("waiting")));
    assert_eq!(world.put(&path(), &rows).await, first);
    assert_eq!(world.get(&path()).await.body, first.body);

    let message = json!({"tenant": ACME, "kind": "preview", "task": TASK});
    let messages = world.messages().await;
    assert!(
        messages.iter().all(|sent| *sent == message) && !messages.is_empty(),
        "{messages:?}"
    );
    let task = world
        .tasks
        .read(&tenant(ACME), &TASK.parse().unwrap(), now())
        .await;
    assert_eq!(task.unwrap().unwrap().status, TaskStatus::Waiting);
}

#[tokio::test]
async fn a_preview_that_was_asked_for_is_there_whatever_hibob_says() {
    let world = World::connected().await;
    let rows = json!({"entries": [email()]});
    let first = world.put(&path(), &rows).await;
    world.hibob.edit_user(ACME, |user| user.is_revoked = true);
    world.hibob.forget_requests();
    assert_eq!(world.put(&path(), &rows).await, first);
    assert!(world.hibob.requests().is_empty());
}

#[tokio::test]
async fn previews_cannot_be_piled_up() {
    let world = World::connected().await;
    let rows = json!({"entries": [email()]});
    for letter in ["B", "C", "D"] {
        let path = path().replace("AAEC", &format!("AAE{letter}"));
        assert_eq!(world.put(&path, &rows).await.status, 202);
    }
    let path = path().replace("AAEC", "AAEE");
    let answer = world.put(&path, &rows).await;
    assert_eq!((answer.status, answer.problem()), (429, "too-many-tasks"));
    assert_eq!(answer.retry_after.as_deref(), Some("30"));
}

#[tokio::test]
async fn nobody_else_sees_a_preview() {
    let world = World::connected().await;
    world.put(&path(), &json!({"entries": [email()]})).await;
    let other = world.send("globex", "GET", &path(), &Value::Null, None).await;
    assert_eq!((other.status, other.problem()), (404, "not-found"));
}

#[tokio::test]
async fn an_id_that_is_no_task_or_another_one_is_refused() {
    let world = World::connected().await;
    let rows = json!({"entries": [email()]});
    let answer = world.put("/api/mapping/previews/short", &rows).await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-request"));

    let task = TASK.parse().unwrap();
    let started = world
        .tasks
        .start(&tenant(ACME), &task, &TaskRequest::Proof, now())
        .await;
    started.unwrap();
    let answer = world.put(&path(), &rows).await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-request"));
    assert_eq!(world.get(&path()).await.status, 404);
}

#[tokio::test]
async fn what_cannot_be_a_mapping_is_not_previewed() {
    let world = World::connected().await;
    let answer = world
        .put(
            &path(),
            &json!({"entries": [row("jobTitle", "work.title", "list")]}),
        )
        .await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-mapping"));
    assert_eq!(world.get(&path()).await.status, 404);
    assert!(world.messages().await.is_empty());
}
