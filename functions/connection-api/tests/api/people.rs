use serde_json::{Value, json};
use stand_in_hibob::{Fault, When};

use crate::harness::Api;

async fn story(api: &Api, person: &str) -> (u16, Value) {
    let answer = api.post("/api/people/story", &json!({"person": person})).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn somebody_whom_only_hibob_knows_has_a_story() {
    let api = Api::connected().await;
    let company = api.hibob.company("acme");
    let id = company.employees().next().unwrap().id().to_string();
    let (status, told) = story(&api, &id).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!((&told["employee"], &told["account"]), (&json!(id), &Value::Null));
    assert_eq!(
        (&told["hibob"]["found"], &told["hibob"]["scope"]["verdict"]),
        (&json!(true), &json!("in"))
    );
    assert_eq!(told["sentences"][0], "Found in HiBob on 24 November 2026, 12:00.");
    assert_eq!(told["runs"], json!([]));
}

#[tokio::test]
async fn whom_nobody_knows_has_none_and_a_silent_hibob_says_so() {
    let api = Api::connected().await;
    assert_eq!(story(&api, "1").await.0, 404);
    assert_eq!(story(&api, "nobody@acme.example").await.0, 404);
    assert_eq!(story(&api, " ").await.0, 422);
    assert_eq!(story(&api, "<script>").await.0, 404);
    let always = When {
        endpoint: None,
        times: None,
    };
    api.hibob.inject("acme", Fault::ServerError, always);
    assert_eq!(story(&api, "1").await.0, 503);
}

#[tokio::test]
async fn a_search_has_two_letters_at_least() {
    let api = Api::connected().await;
    for (query, status) in [("a", 422), ("  a  ", 422), ("ada", 200), (&"x".repeat(201), 422)] {
        let answer = api.post("/api/people/search", &json!({"query": query})).await;
        assert_eq!(answer.status, status, "{query}");
    }
    let teams = api.teams.team(&crate::harness::acme());
    assert!(teams.find_by_name("ada", 20).await.unwrap().is_empty());
}
