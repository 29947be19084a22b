//! What is counted.

use std::cell::RefCell;

use serde_json::{Value, json};
use startup::redirect_metrics;

use crate::browser::form;
use crate::harness::{ACME, GLOBEX, Site};

const ADA: &str = "ada@acme.example";

thread_local! {
    /// What this test's thread has counted.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn listen() {
    redirect_metrics(|line| LINES.with_borrow_mut(|lines| lines.push(line.to_owned())));
    LINES.take();
}

/// The metrics since they were asked for last.
fn counted() -> Vec<String> {
    let name = |line: String| {
        let line: Value = serde_json::from_str(&line).unwrap();
        let name = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"];
        name.as_str().unwrap().to_owned()
    };
    LINES.take().into_iter().map(name).collect()
}

#[tokio::test]
async fn a_key_for_requests_that_cannot_be_used_is_counted_at_the_start() {
    listen();
    Site::start().await;
    assert!(counted().is_empty());
    let key = json!({"privateKey": "secret", "certificate": "secret"});
    Site::start_with_key(&key.to_string()).await;
    assert_eq!(counted(), ["SigningKeyUnusable"]);
}

#[tokio::test]
async fn people_who_are_kept_out_are_counted_apart_from_answers_that_anybody_can_send() {
    let site = Site::start().await;
    listen();
    let begun = site.begin("/sso/start/acme/rewards").await;
    let answer = site.answer("acme", &begun, ADA);
    site.finish(&begun, &answer).await;
    assert_eq!(counted(), ["SignInsGranted"]);
    site.finish(&begun, &answer).await;
    assert_eq!(counted(), ["SignInsRefused"]);

    let by_another = answer.post(&GLOBEX);
    let fields = [
        ("SAMLResponse", by_another.as_str()),
        ("RelayState", begun.relay.as_str()),
    ];
    site.post("acme", form(&fields), &begun.cookie).await;
    assert_eq!(counted(), ["SignInsRefused"]);
    site.post("acme", form(&fields), "").await;
    assert_eq!(counted(), ["SignInsLost"]);

    site.sign_in("/sso/start/acme/admin", ADA).await;
    site.sign_in("/sso/test/acme", ADA).await;
    let planted = form(&[("SAMLResponse", &site.tile("acme", ADA).post(&ACME))]);
    site.post("acme", planted, "").await;
    assert!(counted().is_empty());
}
