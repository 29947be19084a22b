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
    world.hibob.edit_user(ACME, |user| user.is_revoked = true);
    world.hibob.forget_requests();
    let answer = world.get("/api/fields").await;
    assert_eq!((answer.status, answer.problem()), (422, "token-refused"));
    assert_eq!(world.hibob.requests().len(), 1, "a refused token is tried once");

    world.hibob.edit_user(ACME, |user| user.is_revoked = false);
    world.hibob.inject(ACME, Fault::Blocked, always);
    let answer = world.get("/api/fields").await;
    assert_eq!((answer.status, answer.problem()), (503, "hibob-blocked"));
    world.hibob.clear_faults(ACME);
    world.hibob.forget_requests();
    let answer = world.get("/api/fields").await;
    assert_eq!((answer.status, answer.retry_after.as_deref()), (429, Some("300")));
    assert!(
        world.hibob.requests().is_empty(),
        "who is blocked does not insist"
    );
}

#[tokio::test]
async fn of_many_requests_at_once_few_reach_a_hibob_that_refuses_them() {
    let world = World::connected().await;
    world.hibob.edit_user(ACME, |user| user.is_revoked = true);
    let asked = (0..60).map(|_| world.get("/api/fields"));
    let answers = futures::future::join_all(asked).await;
    let reached = world.hibob.requests().len();
    assert!((1..=15).contains(&reached), "{reached} requests reached HiBob");
    let refused = answers
        .iter()
        .filter(|answer| answer.problem() == "token-refused");
    assert_eq!(refused.count(), reached);
    let turned_away = answers.iter().filter(|answer| answer.status == 429);
    assert_eq!(turned_away.count(), 60 - reached);
}

#[tokio::test]
async fn good_requests_are_never_used_up() {
    let world = World::connected().await;
    for _ in 0..15 {
        assert_eq!(world.get("/api/fields").await.status, 200);
    }
}

#[tokio::test]
async fn a_proof_that_cannot_be_read_hides_no_field() {
    let world = World::connected().await;
    world.spoil_proof().await;
    let answer = world.get("/api/fields").await;
    assert_eq!(
        (answer.status, &answer.body["categories"][0]["values"]),
        (200, &json!("unknown"))
    );
}
