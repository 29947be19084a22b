//! What there is to choose from.

use serde_json::json;
use stand_in_hibob::{Fault, When};

use crate::world::{ACME, World};

#[tokio::test]
async fn the_fields_are_grouped_and_those_that_are_never_read_left_out() {
    let world = World::connected().await;
    let answer = world.get("/api/fields").await;
    assert_eq!(answer.status, 200);
    let categories = answer.body["categories"].as_array().unwrap();
    let names: Vec<_> = categories
        .iter()
        .map(|category| category["name"].as_str().unwrap())
        .collect();
    assert!(names.is_sorted_by_key(|name| name.to_lowercase()), "{names:?}");
    assert!(names.contains(&"Recognition & perks"), "the customer's own");
    assert!(!names.contains(&"Financial") && !names.contains(&"EEO"));
    let about = categories
        .iter()
        .find(|category| category["id"] == "about")
        .unwrap();
    assert_eq!(
        (&about["name"], &about["values"]),
        (&json!("About"), &json!("unknown"))
    );
    let avatar = json!({"id": "about.avatar", "name": "Profile personalization", "type": "text",
        "historical": false, "isControl": false});
    assert_eq!(about["fields"][0], avatar);
}

#[tokio::test]
async fn the_targets_say_what_can_fill_them() {
    let world = World::connected().await;
    let answer = world.get("/api/targets").await;
    let email = json!({"key": "email", "type": "email", "required": true, "accepts": ["text"]});
    assert_eq!(answer.body["targets"][0], email);
    assert_eq!(answer.body["custom"]["prefix"], "custom:");
}

#[tokio::test]
async fn the_suggestion_can_be_saved_as_it_is() {
    let world = World::connected().await;
    let suggestion = world.get("/api/mapping/suggestion").await;
    assert_eq!(suggestion.body["entries"].as_array().unwrap().len(), 18);
    assert_eq!(world.save(0, &suggestion.body).await.status, 200);
}

#[tokio::test]
async fn hibobs_troubles_are_told_apart() {
    let world = World::connected().await;
    let always = When {
        endpoint: None,
        times: None,
    };
    world.hibob.inject(ACME, Fault::BadGateway, always);
    let answer = world.get("/api/fields").await;
    assert_eq!((answer.status, answer.problem()), (503, "hibob-unavailable"));
    assert!(answer.retry_after.is_some());

    world.hibob.clear_faults(ACME);
    world.hibob.inject(ACME, Fault::Blocked, always);
    let answer = world.get("/api/fields").await;
    assert_eq!((answer.status, answer.problem()), (503, "hibob-blocked"));

    world.hibob.clear_faults(ACME);
    world.hibob.edit_user(ACME, |user| user.is_revoked = true);
    world.hibob.forget_requests();
    let answer = world.get("/api/fields").await;
    assert_eq!((answer.status, answer.problem()), (422, "token-refused"));
    assert_eq!(world.hibob.requests().len(), 1, "a refused token is tried once");
}
