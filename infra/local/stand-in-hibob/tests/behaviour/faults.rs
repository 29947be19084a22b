//! Every switch that makes a night bad.

use std::{
    io::Read,
    time::{Duration, Instant},
};

use axum::{
    body::to_bytes,
    http::{StatusCode, header},
};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use stand_in_hibob::{Blemish, Company, Endpoint, Fault, ServiceUser, When};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::client::{Answer, Caller, TODAY, post};

async fn struck(fault: Fault) -> Answer {
    let caller = Caller::new();
    caller.hibob.inject("acme", fault, When::next_searches(1));
    let answer = caller.search(json!({})).await;
    assert_eq!(
        caller.people(json!({})).await.first().map(Value::is_object),
        Some(true),
        "the fault is over"
    );
    answer
}

#[tokio::test]
async fn errors_have_the_status_and_the_kind_of_body_they_are_named_for() {
    let too_many = |headers| Fault::TooManyRequests {
        headers,
        retry_after: Some(3),
    };
    for (fault, status, is_html) in [
        (Fault::ServerError, 500, false),
        (Fault::BadGateway, 502, true),
        (Fault::Unavailable, 503, false),
        (Fault::Html, 200, true),
        (Fault::Blocked, 403, true),
        (Fault::Forbidden, 403, false),
        (too_many(true), 429, false),
    ] {
        let answer = struck(fault).await;

        assert_eq!(
            (answer.status.as_u16(), answer.is_html()),
            (status, is_html),
            "{fault:?}"
        );
    }
    assert_eq!(struck(too_many(true)).await.header("x-ratelimit-remaining"), "0");
    assert_eq!(struck(too_many(false)).await.header("x-ratelimit-reset"), "");
}

#[tokio::test]
async fn answers_that_look_well_can_be_empty_or_nonsense() {
    assert_eq!(struck(Fault::EmptyList).await.json(), json!({ "employees": [] }));
    assert_eq!(struck(Fault::NoEmployees).await.json().get("employees"), None);
    let nonsense = struck(Fault::NotJson).await;
    assert_eq!(nonsense.header("content-type"), "application/json");
    assert!(serde_json::from_slice::<Value>(&nonsense.body).is_err());
}

#[tokio::test]
async fn a_truncated_answer_ends_within_a_record() {
    let whole = Caller::new().search(json!({})).await.body.len();
    for share in [0.0, 0.5, 1.0] {
        let answer = struck(Fault::Truncated(share)).await;

        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            serde_json::from_slice::<Value>(&answer.body)
                .unwrap_err()
                .is_eof()
        );
        assert!(answer.body.len() < whole);
    }
}

#[tokio::test]
async fn a_reset_breaks_the_body_after_some_of_it() {
    let caller = Caller::new();
    caller.hibob.inject("acme", Fault::Reset(0.5), When::SEARCHING);

    let ((status, _), body) = caller.open(post("/v1/people/search", &json!({}))).await;

    assert_eq!(status, StatusCode::OK);
    assert!(to_bytes(body, usize::MAX).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn slow_answers_come_whole_in_the_end() {
    let slow = [
        Fault::SlowStart(Duration::from_secs(30)),
        Fault::Drip {
            bytes: 1000,
            pause: Duration::from_secs(1),
        },
    ];
    for fault in slow {
        let started = tokio::time::Instant::now();

        let answer = struck(fault).await;

        assert!(started.elapsed() >= Duration::from_secs(30));
        assert!(answer.json()["employees"].is_array());
    }
}

#[tokio::test]
async fn padding_makes_an_answer_as_large_as_one_likes() {
    let answer = struck(Fault::Padding(100_000)).await;

    assert!(answer.body.len() > 10_000_000);
    assert!(answer.json()["employees"][0]["padding"].is_string());
}

#[tokio::test]
async fn an_answer_is_compressed_for_whoever_accepts_it() {
    let caller = Caller::new();
    let mut request = post("/v1/people/search", &json!({}));
    request
        .headers_mut()
        .insert(header::ACCEPT_ENCODING, "gzip, deflate".parse().unwrap());

    let answer = caller.send(request).await;

    assert_eq!(answer.header("content-encoding"), "gzip");
    let mut text = String::new();
    GzDecoder::new(answer.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    let people: Value = serde_json::from_str(&text).unwrap();
    assert!(people["employees"].as_array().unwrap().len() > 80);
}

#[tokio::test]
async fn a_fault_can_be_kept_to_one_endpoint_and_cleared() {
    let caller = Caller::new();
    caller.hibob.inject(
        "acme",
        Fault::Unavailable,
        When {
            endpoint: Some(Endpoint::Fields),
            times: None,
        },
    );

    assert_eq!(caller.search(json!({})).await.status, StatusCode::OK);
    assert_eq!(
        caller.get("/v1/company/people/fields").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    caller.hibob.clear_faults("acme");
    assert_eq!(
        caller.get("/v1/company/people/fields").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn every_blemish_leaves_an_answer_that_is_json_and_shows_it() {
    let fields = [
        "root.id",
        "root.email",
        "root.firstName",
        "root.surname",
        "work.title",
        "work.department",
        "work.manager",
        "work.employeeIdInCompany",
        "work.isManager",
        "work.startDate",
        "internal.lifecycleStatus",
        "internal.terminationDate",
        "personal.birthDate",
    ];
    let body = json!({ "fields": fields, "showInactive": true, "humanReadable": "APPEND" });
    let company = Company::generate(3, 5, TODAY);
    let [chief, .., last] = company
        .employees()
        .map(stand_in_hibob::Employee::id)
        .collect::<Vec<_>>()[..]
    else {
        panic!("five people");
    };
    let people = async |company: Company| {
        let caller = Caller::with(company, ServiceUser::all_seeing("SERVICE-3", "secret"));
        let mut people = caller.people(body.clone()).await;
        people.sort_by_key(ToString::to_string);
        people
    };
    let healthy = people(company.clone()).await;
    for blemish in Blemish::all(chief) {
        let mut spoiled = company.clone();
        spoiled.spoil(last, blemish);

        let answer = people(spoiled).await;

        assert_ne!(answer, healthy, "{blemish:?}");
        assert_eq!(answer.len(), if blemish == Blemish::DuplicateId { 6 } else { 5 });
    }
}

#[tokio::test]
async fn it_serves_over_a_socket_until_it_is_shut_down() {
    let caller = Caller::new();
    let server = caller.hibob.start_on(0).await.unwrap();
    let address = server
        .base_url()
        .strip_prefix("http://")
        .unwrap()
        .strip_suffix("/v1")
        .unwrap()
        .to_owned();
    let authorization = caller.authorization.unwrap();

    let mut socket = TcpStream::connect(&address).await.unwrap();
    let request = format!(
        "GET /v1/company/people/fields HTTP/1.1\r\nhost: bob\r\nconnection: close\r\nauthorization: {authorization}\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let asked = Instant::now();
    server.shutdown().await;

    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(asked.elapsed() < Duration::from_secs(2));
    assert!(TcpStream::connect(&address).await.is_err());
}
