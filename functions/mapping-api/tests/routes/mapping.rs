//! Showing and replacing the mapping.

use provisioning::preview::Preview;
use provisioning::{Findings, Refusal};
use serde_json::{Value, json};
use tenant_store::TaskId;

use crate::world::{ACME, TASK, World, email, now, row, tenant};

fn entries(rows: &[Value]) -> Value {
    json!({"entries": rows})
}

#[tokio::test]
async fn a_mapping_is_saved_with_what_hibob_says_about_its_fields() {
    let world = World::connected().await;
    let none = json!({"version": 0, "entries": [], "removalsSeen": true});
    assert_eq!(world.get("/api/mapping").await.body, none);

    let answer = world
        .save(0, &entries(&[email(), row("jobTitle", "work.title", "text")]))
        .await;
    assert_eq!((answer.status, &answer.body["version"]), (200, &json!(1)));
    assert_eq!(answer.body["removalsSeen"], false);
    let title = json!({"id": "work.title", "type": "list", "category": {"id": "work", "name": "Work"}});
    assert_eq!(answer.body["entries"][1]["sources"], json!([title]));
    assert_eq!(world.get("/api/mapping").await.body, answer.body);
}

#[tokio::test]
async fn a_save_names_the_version_it_replaces() {
    let world = World::connected().await;
    let answer = world.put("/api/mapping", &entries(&[email()])).await;
    assert_eq!((answer.status, answer.problem()), (428, "if-match-missing"));

    world.save(0, &entries(&[email()])).await;
    let mine = entries(&[email(), row("jobTitle", "work.title", "list")]);
    let answer = world.save(0, &mine).await;
    assert_eq!((answer.status, answer.problem()), (412, "stale-edit"));
    assert_eq!(answer.body["current"]["version"], 1);
    assert_eq!(answer.body["current"]["entries"].as_array().unwrap().len(), 1);
    assert_eq!(answer.body["yours"]["entries"].as_array().unwrap().len(), 2);
    assert_eq!(world.save(1, &mine).await.body["version"], 2);
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    let world = World::connected().await;
    let mine = entries(&[email()]);
    let yours = entries(&[email(), row("location", "work.site", "text")]);
    let answers = [
        world.save(0, &mine).await.status,
        world.save(0, &yours).await.status,
    ];
    assert_eq!(answers, [200, 412]);
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let world = World::connected().await;
    let rows = [
        row("jobTitle", "work.gone", "text"),
        row("jobTitle", "work.title", "list"),
        row("custom:Bank", "financial.bankAccountNumber", "text"),
        row("shoeSize", "about.hobbies", "text"),
    ];
    let answer = world.save(0, &entries(&rows)).await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-mapping"));
    let errors = answer.body["errors"].as_array().unwrap();
    let codes: Vec<_> = errors
        .iter()
        .map(|error| error["code"].as_str().unwrap())
        .collect();
    for code in ["unknownField", "duplicateTarget", "unknownTarget", "missingEmail"] {
        assert!(codes.contains(&code), "{code} of {codes:?}");
    }
    assert_eq!(world.get("/api/mapping").await.body["version"], 0);
}

#[tokio::test]
async fn nobody_can_talk_a_field_out_of_the_category_that_is_never_read() {
    let world = World::connected().await;
    world.hibob.edit(ACME, |company| {
        company.move_field("work.custom.field_1644932887286", "financial");
    });
    let rows = [
        email(),
        row("custom:Harmless", "work.custom.field_1644932887286", "text"),
    ];
    let answer = world.save(0, &entries(&rows)).await;
    assert_eq!(answer.body["errors"][0]["code"], "neverOffered");
}

/// Does the worker's part of a preview.
async fn finish_preview(world: &World) {
    let task: TaskId = TASK.parse().unwrap();
    let until = now() + jiff::SignedDuration::from_mins(1);
    world
        .tasks
        .begin(&tenant(ACME), &task, "worker", now(), until)
        .await
        .unwrap();
    let mut result = json!(Preview::refused(Refusal::EmptyAnswer, Findings::default()));
    result["refusal"] = Value::Null;
    world.tasks.finish(&tenant(ACME), &task, &result).await.unwrap();
}

#[tokio::test]
async fn whom_a_mapping_removes_was_seen_if_exactly_it_was_previewed() {
    let world = World::connected().await;
    let rows = entries(&[row("jobTitle", "work.title", "list"), email()]);
    let preview = format!("/api/mapping/previews/{TASK}");
    world.put(&preview, &rows).await;
    let saving = |rows: &[Value]| json!({"entries": rows, "preview": TASK});

    let unfinished = world
        .save(0, &saving(&[email(), row("jobTitle", "work.title", "list")]))
        .await;
    assert_eq!(unfinished.body["removalsSeen"], false);
    finish_preview(&world).await;
    let another = world.save(1, &saving(&[email()])).await;
    assert_eq!(another.body["removalsSeen"], false);
    let this = world
        .save(2, &saving(&[email(), row("jobTitle", "work.title", "text")]))
        .await;
    assert_eq!(this.body["removalsSeen"], true);
    let once_more = world
        .save(3, &entries(&[email(), row("jobTitle", "work.title", "list")]))
        .await;
    assert_eq!(once_more.body["removalsSeen"], true, "nothing has changed");
}
