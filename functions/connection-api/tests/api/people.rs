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
    assert_eq!(story(&api, "two words").await.0, 422);
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
}

#[tokio::test]
async fn a_whole_address_or_id_finds_exactly_that_account() {
    let api = Api::connected().await;
    api.put_account("own", None, "ann@acme.example").await;
    api.put_account("hibob-77", Some("77"), "joann@acme.example")
        .await;
    for (query, expected) in [
        ("ANN@acme.example", vec!["own"]),
        ("77", vec!["hibob-77"]),
        ("ann", vec!["hibob-77", "own"]),
        ("@acme", vec!["hibob-77", "own"]),
    ] {
        let answer = api.post("/api/people/search", &json!({"query": query})).await;
        let people = answer.body["people"].as_array().unwrap().iter();
        let mut found: Vec<_> = people.map(|found| found["account"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(
            (found, &answer.body["isComplete"]),
            (expected, &json!(true)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn more_people_than_are_shown_are_admitted() {
    let api = Api::connected().await;
    for number in 0..21 {
        api.put_account(
            &format!("own-{number}"),
            None,
            &format!("ann{number}@acme.example"),
        )
        .await;
    }
    let answer = api.post("/api/people/search", &json!({"query": "ann"})).await;
    assert_eq!(answer.body["people"].as_array().unwrap().len(), 20);
    assert_eq!(answer.body["isComplete"], false);
}

#[tokio::test]
async fn an_adopted_account_has_a_story_by_each_of_its_names() {
    let api = Api::connected().await;
    let company = api.hibob.company("acme");
    let id = company.employees().next().unwrap().id();
    let in_hibob = company.value(id, "root.email").as_str().unwrap().to_owned();
    let id = id.to_string();
    api.put_account("adopted", Some(&id), "called@otherwise.example")
        .await;
    // Somebody of HiThrive's own who has an address that HiBob does not know.
    api.put_account("own", None, "own@acme.example").await;

    for name in [&id, &in_hibob, "called@otherwise.example"] {
        let (status, told) = story(&api, name).await;
        assert_eq!(
            (status, &told["account"]["id"]),
            (200, &json!("adopted")),
            "{name}"
        );
        assert_eq!(
            (&told["employee"], &told["hibob"]["found"]),
            (&json!(id), &json!(true)),
            "{name}"
        );
        assert_eq!(told["isComplete"], true);
    }
    let (status, told) = story(&api, "own@acme.example").await;
    assert_eq!((status, &told["hibob"]["found"]), (200, &json!(false)));
}

#[tokio::test]
async fn an_address_that_somebody_elses_account_has_does_not_mix_two_people_up() {
    let api = Api::connected().await;
    let company = api.hibob.company("acme");
    let id = company.employees().next().unwrap().id();
    let in_hibob = company.value(id, "root.email").as_str().unwrap().to_owned();
    api.put_account("hibob-1", Some("1"), &in_hibob).await;
    let (status, told) = story(&api, &in_hibob).await;
    assert_eq!((status, &told["account"]), (200, &Value::Null), "{told}");
    assert_eq!(told["employee"], json!(id.to_string()));
}
