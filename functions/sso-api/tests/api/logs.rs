//! What is written about a sign-in.

use std::cell::RefCell;
use std::io;

use serde_json::Value;
use tracing::Level;

use crate::browser::form;
use crate::harness::{ACME, Site};

thread_local! {
    /// What this test's thread has logged. One subscriber serves all threads, since they share what the library keeps about
    /// who listens to a line.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The outcomes in the order of their lines, with their levels.
fn outcomes(log: &str) -> Vec<(String, String)> {
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    lines
        .filter_map(|line| Some((text(&line["level"])?, text(&line["outcome"])?)))
        .collect()
}

#[tokio::test]
async fn every_decision_leaves_a_line_with_ids_and_nothing_that_names_or_signs_in_anybody() {
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true);
    let subscriber = subscriber.with_max_level(Level::INFO).with_writer(|| Log);
    subscriber.try_init().unwrap();

    let site = Site::start().await;
    let begun = site.begin("/sso/start/acme/reports?to=/secret-page").await;
    let answer = site.answer("acme", &begun, "ada@acme.example");
    let code = site.finish(&begun, &answer).await.code();
    site.finish(&begun, &answer).await;
    site.redeem(&code).await;
    site.redeem(&code).await;
    site.redeem("hunter2").await;
    site.sign_in("/sso/start/acme/admin", "eve@acme.example").await;
    let unsigned = form(&[
        ("SAMLResponse", &answer.post(&ACME)),
        ("RelayState", "https://evil.example"),
    ]);
    site.post("acme", unsigned, "").await;

    let log = LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap());
    let expected = [
        ("INFO", "started"),
        ("INFO", "granted"),
        ("INFO", "replayed"),
        ("INFO", "redeemed"),
        ("WARN", "redeemed-again"),
        ("INFO", "started"),
        ("INFO", "unknown-person"),
        ("INFO", "started-elsewhere"),
    ];
    let expected = expected.map(|(level, outcome)| (level.to_owned(), outcome.to_owned()));
    assert_eq!(outcomes(&log), expected, "{log}");

    assert!(
        log.contains("\"tenant.id\":\"acme\"") && log.contains("\"account.id\":\"hibob-1\""),
        "{log}"
    );
    let (_, cookie) = begun.cookie.split_once('=').unwrap();
    for secret in [
        "ada@",
        "eve@",
        &code,
        "hunter2",
        cookie,
        &begun.relay,
        "secret-page",
        "evil",
        "PHNhbWw",
    ] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
