use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::error::{Disposition, Refusal};
use crate::scripted_server::{ScriptedServer, answer, json};

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);
const HTML: &str = "<!doctype html><title>Sign in</title>";
const HIBOBS_ERROR: &str = r#"{"key":"errors.x","error":"No permission for Jane Smith","args":[]}"#;

/// What the simplest call makes of an answer.
async fn error(answer: Vec<u8>) -> Error {
    ScriptedServer::answering(answer)
        .await
        .session()
        .fields()
        .await
        .unwrap_err()
}

async fn fault(answer: Vec<u8>) -> Fault {
    match error(answer).await {
        Error::BadAnswer(fault) => fault,
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_json_success_is_believed() {
    for content_type in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/json ;charset=UTF-8",
    ] {
        let content_type = format!("Content-Type: {content_type}");
        let server = ScriptedServer::answering(answer("200 OK", &[&content_type], "[]")).await;
        assert_eq!(server.session().fields().await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_success_that_is_not_json_is_not_believed() {
    assert_eq!(
        fault(answer("200 OK", &["Content-Type: text/html"], HTML)).await,
        Fault::ContentType
    );
    assert_eq!(
        fault(answer("200 OK", &["Content-Type: text/html"], "[]")).await,
        Fault::ContentType
    );
    assert_eq!(
        fault(answer("200 OK", &["Content-Type: application/jsonp"], "[]")).await,
        Fault::ContentType
    );
    assert_eq!(fault(answer("200 OK", &[], "[]")).await, Fault::ContentType);
    assert_eq!(fault(json(HTML)).await, Fault::Malformed);
    assert_eq!(fault(json("")).await, Fault::Malformed);
}

#[tokio::test]
async fn other_successes_and_redirections_are_not_followed() {
    let elsewhere = ["Content-Type: application/json", "Location: /v1/login"];
    assert_eq!(fault(answer("204 No Content", &[], "")).await, Fault::Status(204));
    assert_eq!(
        fault(answer("201 Created", &elsewhere, "[]")).await,
        Fault::Status(201)
    );
    assert_eq!(
        fault(answer("302 Found", &elsewhere, "[]")).await,
        Fault::Status(302)
    );
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let error = error(answer("401 Unauthorized", &["X-RateLimit-Limit: 50"], "")).await;

    assert!(matches!(error, Error::Unauthorized), "{error:?}");
    assert_eq!(error.disposition(), Disposition::Refused(Refusal::Unauthorized));
}

#[tokio::test]
async fn a_403_is_a_refusal_only_in_hibobs_own_words() {
    let own = error(answer(
        "403 Forbidden",
        &["Content-Type: application/json"],
        HIBOBS_ERROR,
    ))
    .await;
    assert_eq!(own.disposition(), Disposition::Refused(Refusal::Forbidden));
    let goals = error(answer(
        "403 Forbidden",
        &[],
        r#"{"error":"FORBIDDEN","message":"m","statusCode":403}"#,
    ))
    .await;
    assert_eq!(goals.disposition(), Disposition::Refused(Refusal::Forbidden));

    let flood = " ".repeat(65_537);
    for body in [
        HTML,
        "",
        "{}",
        r#"{"key":null}"#,
        r#"["key","error"]"#,
        "7",
        &flood,
    ] {
        let blocked = error(answer("403 Forbidden", &["Content-Type: application/json"], body)).await;
        assert_eq!(blocked.disposition(), Disposition::Blocked, "{body}");
        assert_eq!(blocked.retry_after(NOW), Some(Duration::from_mins(5)));
    }
}

#[tokio::test]
async fn a_missing_endpoint_is_our_mistake_and_a_missing_page_is_a_strangers() {
    for body in ["", HIBOBS_ERROR] {
        let error = error(answer("404 Not Found", &[], body)).await;
        assert!(matches!(error, Error::NotFound), "{error:?}");
        assert_eq!(error.disposition(), Disposition::Rejected);
    }
    assert_eq!(
        fault(answer("404 Not Found", &["Content-Type: text/html"], HTML)).await,
        Fault::Status(404)
    );
}

#[tokio::test]
async fn an_exhausted_budget_says_when_it_is_full_again() {
    let told = error(answer(
        "429 Too Many Requests",
        &["X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1795000020"],
        "",
    ))
    .await;
    assert_eq!(told.disposition(), Disposition::RateLimited);
    assert_eq!(told.retry_after(NOW), Some(Duration::from_secs(20)));

    let gateway = error(answer("429 Too Many Requests", &["Retry-After: 5"], HTML)).await;
    assert_eq!(gateway.retry_after(NOW), Some(Duration::from_secs(5)));

    let silent = error(answer("429 Too Many Requests", &[], HIBOBS_ERROR)).await;
    assert_eq!(silent.disposition(), Disposition::RateLimited);
    assert_eq!(silent.retry_after(NOW), Some(Duration::from_mins(1)));
}

#[tokio::test]
async fn a_failing_server_is_tried_later() {
    for status in [
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "599 ?",
        "408 Request Timeout",
    ] {
        let error = error(answer(
            status,
            &["Content-Type: text/html", "Retry-After: 30"],
            HTML,
        ))
        .await;
        assert_eq!(error.disposition(), Disposition::Unavailable, "{status}");
        assert_eq!(error.retry_after(NOW), Some(Duration::from_secs(30)));
    }
}

#[tokio::test]
async fn a_request_that_hibob_rejects_is_given_up() {
    for status in [
        "400 Bad Request",
        "405 Method Not Allowed",
        "422 Unprocessable Content",
    ] {
        let error = error(answer(status, &["Content-Type: application/json"], HIBOBS_ERROR)).await;
        assert_eq!(error.disposition(), Disposition::Rejected, "{status}");
    }
}

#[tokio::test]
async fn a_document_without_end_is_cut_off() {
    let document = format!("[{}", " ".repeat(16 << 20));
    assert_eq!(fault(json(&document)).await, Fault::TooLarge);
}

#[tokio::test]
async fn an_error_repeats_nothing_out_of_the_body() {
    for status in [
        "400 Bad Request",
        "403 Forbidden",
        "404 Not Found",
        "500 Oops",
        "200 OK",
    ] {
        let error = error(answer(status, &["Content-Type: application/json"], HIBOBS_ERROR)).await;
        assert!(!format!("{error} {error:?}").contains("Jane"), "{error:?}");
    }
}
