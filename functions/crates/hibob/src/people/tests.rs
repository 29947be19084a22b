use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use provisioning::field::control;
use provisioning::{Category, FieldType, FieldValue, Reading, SourceField};

use super::*;
use crate::error::Disposition;
use crate::http::with_read_timeout;
use crate::scripted_server::Step::{Pause, Reset, Send};
use crate::scripted_server::{ScriptedServer, answer, head, json};
use crate::{Client, Credentials};

const TWO_PEOPLE: &str = concat!(
    r#"{"employees":[{"id":"1","email":"a@x.com","work":{"title":"T","site":"S"},"humanReadable":{"work":{"title":"Title"}}},"#,
    r#"{"id":"2","email":null,"work":{"title":null}}]}"#,
);

const JSON: &str = "Content-Type: application/json";

fn titles() -> FieldSet {
    let title = SourceField {
        id: "work.title".parse().unwrap(),
        field_type: FieldType::List,
        category: Category {
            id: "work".to_owned(),
            name: "Work".to_owned(),
        },
    };
    FieldSet::new([&title])
}

async fn read_all(mut session: Session) -> Result<Vec<Employee>, Error> {
    let mut people = session.search(&titles()).await?;
    let mut employees = Vec::new();
    while let Some(employee) = people.next().await? {
        employees.push(employee);
    }
    assert_eq!(people.next().await.unwrap(), None, "the end stays the end");
    Ok(employees)
}

async fn fault(answer: Vec<u8>) -> Fault {
    match read_all(ScriptedServer::answering(answer).await.session()).await {
        Err(Error::BadAnswer(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

fn ids(employees: &[Employee]) -> Vec<&str> {
    employees
        .iter()
        .map(|employee| employee.text(control::ID).unwrap())
        .collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn chunked(piece: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
}

#[tokio::test]
async fn a_search_asks_for_the_fields_of_everybody_in_both_forms() {
    let server = ScriptedServer::answering(json(TWO_PEOPLE)).await;
    let employees = read_all(server.session()).await.unwrap();

    assert_eq!(ids(&employees), ["1", "2"]);
    let title = titles().index_of(&"work.title".parse().unwrap()).unwrap();
    let reading = Reading {
        machine: "T".into(),
        human: Some("Title".to_owned()),
    };
    assert_eq!(employees[0].get(title), &FieldValue::Present(reading));
    assert_eq!(employees[1].get(title), &FieldValue::Empty);
    assert_eq!(employees[1].get(control::STATUS), &FieldValue::Absent);

    let request = server.request().await;
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/people/search HTTP/1.1\r\n"), "{head}");
    assert!(
        head.to_lowercase().contains("\r\ncontent-type: application/json"),
        "{head}"
    );
    let expected = serde_json::json!({
        "fields": ["root.id", "root.email", "internal.status", "internal.lifecycleStatus", "internal.terminationDate",
                   "work.startDate", "work.title"],
        "showInactive": true,
        "humanReadable": "APPEND",
    });
    assert_eq!(serde_json::from_str::<serde_json::Value>(body).unwrap(), expected);
}

#[tokio::test]
async fn an_answer_may_be_compressed_and_come_in_pieces() {
    let encoded = gzip(TWO_PEOPLE);
    let mut steps = vec![Send(head(
        "200 OK",
        &[JSON, "Content-Encoding: gzip", "Transfer-Encoding: chunked"],
    ))];
    steps.extend(encoded.chunks(7).map(|piece| Send(chunked(piece))));
    steps.push(Send(b"0\r\n\r\n".to_vec()));
    let server = ScriptedServer::playing(steps).await;
    let mut session = server.session();

    let mut people = session.search(&titles()).await.unwrap();
    assert!(people.next().await.unwrap().is_some());
    assert!(people.next().await.unwrap().is_some());
    assert!(people.next().await.unwrap().is_none());
    assert_eq!(session.usage().bytes_read, TWO_PEOPLE.len() as u64);
}

#[tokio::test]
async fn an_answer_about_nobody_is_an_answer() {
    let server = ScriptedServer::answering(json(r#"{"employees":[]}"#)).await;
    assert_eq!(read_all(server.session()).await.unwrap(), []);
}

#[tokio::test]
async fn an_answer_that_is_not_a_complete_list_of_people_is_bad() {
    assert_eq!(fault(json(r#"{"people":[]}"#)).await, Fault::NoEmployees);
    assert_eq!(
        fault(json(r#"{"employees":[{"id":"1"}"#)).await,
        Fault::Incomplete
    );
    assert_eq!(fault(json(r#"{"employees":[]}{}"#)).await, Fault::TrailingContent);
    assert_eq!(
        fault(json(r#"{"employees":[{"id":"1}]}"#)).await,
        Fault::Incomplete
    );
    assert_eq!(
        fault(json(r#"{"employees":[{"id":1x}]}"#)).await,
        Fault::Malformed
    );
    assert_eq!(
        fault(answer("200 OK", &["Content-Type: text/html"], "<html>")).await,
        Fault::ContentType
    );
}

#[tokio::test]
async fn after_a_failure_the_end_is_never_reached() {
    let server = ScriptedServer::answering(json(r#"{"employees":[{"id":"1"},7,{"id":"2"}]}"#)).await;
    let mut session = server.session();
    let mut people = session.search(&titles()).await.unwrap();

    assert!(people.next().await.unwrap().is_some());
    for _ in 0..3 {
        assert!(matches!(people.next().await, Err(Error::BadAnswer(_))));
    }
}

#[tokio::test]
async fn an_answer_cut_off_by_the_network_is_no_answer() {
    let long = "Content-Length: 100000";
    let plain = [head("200 OK", &[JSON, long]), TWO_PEOPLE.into()].concat();
    let in_chunks = [
        head("200 OK", &[JSON, "Transfer-Encoding: chunked"]),
        chunked(TWO_PEOPLE.as_bytes()),
    ]
    .concat();
    let encoded = gzip(TWO_PEOPLE);
    let compressed = [
        head("200 OK", &[JSON, "Content-Encoding: gzip"]),
        encoded[..encoded.len() - 9].to_vec(),
    ]
    .concat();
    let corrupt = [
        head("200 OK", &[JSON, "Content-Encoding: gzip"]),
        b"not gzip".to_vec(),
    ]
    .concat();

    for cut in [plain, in_chunks, compressed, corrupt] {
        let error = read_all(ScriptedServer::answering(cut).await.session())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
        assert_eq!(error.disposition(), Disposition::Unavailable);
    }
}

#[tokio::test]
async fn an_answer_without_a_length_must_still_close_its_brackets() {
    let whole = [head("200 OK", &[JSON]), TWO_PEOPLE.into()].concat();
    assert_eq!(
        read_all(ScriptedServer::answering(whole.clone()).await.session())
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(fault(whole[..whole.len() - 1].to_vec()).await, Fault::Incomplete);
}

#[tokio::test]
async fn a_reset_connection_is_tried_later() {
    let begun = [
        head("200 OK", &[JSON, "Content-Length: 100000"]),
        TWO_PEOPLE.into(),
    ]
    .concat();
    let before = read_all(ScriptedServer::playing(vec![Reset]).await.session())
        .await
        .unwrap_err();
    assert!(matches!(before, Error::Unreachable(_)), "{before:?}");

    let within = vec![Send(begun), Pause(Duration::from_millis(200)), Reset];
    let within = read_all(ScriptedServer::playing(within).await.session())
        .await
        .unwrap_err();
    assert!(matches!(within, Error::Interrupted(_)), "{within:?}");
    assert_eq!(
        (before.disposition(), within.disposition()),
        (Disposition::Unavailable, Disposition::Unavailable)
    );
}

#[tokio::test]
async fn a_dripping_answer_ends_at_the_deadline() {
    for encoding in ["identity", "gzip"] {
        let body = if encoding == "gzip" {
            gzip(TWO_PEOPLE)
        } else {
            TWO_PEOPLE.into()
        };
        let mut steps = vec![Send(head(
            "200 OK",
            &[JSON, &format!("Content-Encoding: {encoding}")],
        ))];
        steps.extend(
            body.chunks(1)
                .flat_map(|byte| [Send(byte.to_vec()), Pause(Duration::from_millis(20))]),
        );
        let server = ScriptedServer::playing(steps).await;

        let error = read_all(server.session_of(Duration::from_millis(150)))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TimedOut), "{encoding}: {error:?}");
    }
}

#[tokio::test]
async fn a_silent_server_is_left_before_the_deadline() {
    let quick = with_read_timeout(Duration::from_millis(100)).unwrap();
    for begin in [
        vec![],
        [head("200 OK", &[JSON]), TWO_PEOPLE[..90].into()].concat(),
    ] {
        let server = ScriptedServer::playing(vec![Send(begin), Pause(Duration::from_mins(1))]).await;
        let credentials = Credentials::new("SERVICE-1", "s3cr3t");
        let client = Client::new(server.base_url(), quick.clone());
        let error = read_all(client.session(credentials, Instant::now() + Duration::from_mins(1)))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TimedOut), "{error:?}");
    }
}
