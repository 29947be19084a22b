use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use provisioning::FieldSet;
use reqwest::header::AUTHORIZATION;
use tracing_subscriber::filter::LevelFilter;

use super::*;
use crate::http_client;
use crate::scripted_server::{ScriptedServer, answer, json};

/// `SERVICE-1:s3cr3t` and its parts, as they are and in the form of the header.
const SECRETS: [&str; 3] = ["SERVICE-1", "s3cr3t", "U0VSVklDRS0xOnMzY3IzdA"];

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_read_says_who_asks_and_names_no_content_type() {
    let server = ScriptedServer::answering(json("[]")).await;
    server.session().fields().await.unwrap();

    let request = server.request().await.to_lowercase();
    assert!(
        request.starts_with("get /v1/company/people/fields http/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("\r\nauthorization: basic u0vsvkldrs0xonmzy3izda==\r\n"),
        "{request}"
    );
    assert!(request.contains("\r\nuser-agent: hithrive-hibob/"), "{request}");
    assert!(request.contains("\r\naccept: application/json\r\n"), "{request}");
    assert!(request.contains("\r\naccept-encoding: gzip\r\n"), "{request}");
    assert!(!request.contains("content-type"), "{request}");
}

#[tokio::test]
async fn a_session_counts_what_it_costs() {
    let headers = [
        "Content-Type: application/json",
        "X-RateLimit-Limit: 50",
        "X-RateLimit-Remaining: 41",
    ];
    let server = ScriptedServer::answering(answer("200 OK", &headers, "[ ]")).await;
    let mut session = server.session();
    session.fields().await.unwrap();
    session.fields().await.unwrap_err();

    let usage = session.usage();
    assert_eq!((usage.calls, usage.bytes_read), (2, 3));
    assert_eq!(
        (usage.rate_limit.limit, usage.rate_limit.remaining),
        (Some(50), Some(41))
    );
}

#[tokio::test]
async fn after_the_deadline_no_call_is_made() {
    let server = ScriptedServer::answering(json("[]")).await;
    let mut session = server.session_of(Duration::ZERO);

    assert!(matches!(session.fields().await, Err(Error::TimedOut)));
    assert_eq!(session.usage().calls, 0);
}

#[tokio::test]
async fn a_named_list_is_asked_for_with_its_archive() {
    let server = ScriptedServer::answering(json(r#"{"name":"a/b","items":[]}"#)).await;
    assert_eq!(
        server.session().named_list("a/b").await.unwrap().unwrap().items,
        []
    );
    let request = server.request().await;
    assert!(
        request.starts_with("GET /v1/company/named-lists/a%2Fb?includeArchived=true HTTP"),
        "{request}"
    );

    let server = ScriptedServer::answering(json("{}")).await;
    assert_eq!(server.session().named_lists().await.unwrap(), []);
    let request = server.request().await;
    assert!(
        request.starts_with("GET /v1/company/named-lists?includeArchived=true HTTP"),
        "{request}"
    );
}

#[tokio::test]
async fn an_unknown_list_is_none() {
    let server = ScriptedServer::answering(answer("404 Not Found", &[], "")).await;
    assert_eq!(
        server.session().named_list("terminationReason").await.unwrap(),
        None
    );
    assert_eq!(
        ScriptedServer::answering("")
            .await
            .session()
            .named_list("..")
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn nobody_listening_is_unreachable_and_so_is_a_server_without_tls() {
    let session = |url: &str| {
        let credentials = Credentials::new("SERVICE-1", "s3cr3t");
        let client = Client::new(url.parse().unwrap(), http_client().unwrap());
        client.session(credentials, Instant::now() + Duration::from_mins(1))
    };
    let error = session("http://127.0.0.1:1").fields().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable(_)), "{error:?}");

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { drop(listener.accept().await) });
    let error = session(&url).fields().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn no_credential_is_shown_or_logged_whatever_happens() {
    let log = Log::default();
    let writer = log.clone();
    let everything = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(everything);

    let fields = FieldSet::new([]);
    let mut shown = Vec::new();
    for answer in [
        json("[]"),
        json(r#"{"employees":[]}"#),
        answer("401 Unauthorized", &["WWW-Authenticate: Basic"], ""),
        answer("302 Found", &["Location: /"], ""),
        answer("500 Oops", &[], "SERVICE-1"),
        b"nonsense".to_vec(),
        Vec::new(),
    ] {
        let server = ScriptedServer::answering(answer).await;
        let (client, mut session) = (server.client(), server.session());
        shown.push(format!("{client:?} {session:?}"));
        match session.search(&fields).await {
            Ok(mut people) => {
                shown.push(format!("{people:?}"));
                shown.extend(
                    people
                        .next()
                        .await
                        .err()
                        .map(|error| format!("{error} {error:?}")),
                );
                shown.push(format!("{people:?}"));
            }
            Err(error) => shown.push(format!("{error} {error:?} {error:#?}")),
        }
        shown.push(format!("{session:#?}"));
    }
    let credentials = Credentials::new("SERVICE-1", "s3cr3t");
    let request = request_of(&credentials);
    shown.push(format!(
        "{credentials:?} {credentials:#?} {request:?} {:?}",
        request.headers()
    ));
    drop(guard);

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let shown = shown.join("\n");
    assert!(logged.contains("HiBob answered"), "{logged}");
    for secret in SECRETS {
        assert!(
            !logged.contains(secret) && !shown.contains(secret),
            "{secret} in {logged} or {shown}"
        );
    }
}

#[test]
fn calls_can_move_between_threads() {
    fn movable<T: Send>(_: &T) {}

    let client = Client::new(BaseUrl::PRODUCTION.parse().unwrap(), http_client().unwrap());
    let mut session = client.session(Credentials::new("SERVICE-1", "s3cr3t"), Instant::now());
    movable(&session);
    let fields = FieldSet::new([]);
    movable(&session.search(&fields));
    movable(&session.person("1", &fields));
    movable(&session.named_lists());
}

/// A request as the session makes it, to look at.
fn request_of(credentials: &Credentials) -> reqwest::Request {
    let (service_user_id, token) = credentials.expose();
    let request = http_client()
        .unwrap()
        .get("http://localhost")
        .basic_auth(service_user_id, Some(token))
        .build()
        .unwrap();
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    request
}
