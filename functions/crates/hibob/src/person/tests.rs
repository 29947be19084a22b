use super::*;
use crate::scripted_server::{ScriptedServer, Step, answer, json};

#[tokio::test]
async fn one_person_comes_alone_or_in_a_list_of_one() {
    let person = r#"{"id":"1","email":"jane@example.com"}"#;
    for body in [person.to_owned(), format!(r#"{{"employees":[{person}]}}"#)] {
        let server = ScriptedServer::answering(json(&body)).await;
        let employee = server
            .session()
            .person("jane+x@example.com", &FieldSet::new([]))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(employee.text(control::ID), Some("1"));

        let request = server.request().await;
        assert!(
            request.starts_with("POST /v1/people/jane+x@example.com HTTP/1.1\r\n"),
            "{request}"
        );
        assert!(
            request.ends_with(r#","work.startDate"],"humanReadable":"APPEND"}"#),
            "{request}"
        );
    }
}

#[tokio::test]
async fn a_person_who_is_not_there_is_none() {
    for missing in [answer("404 Not Found", &[], ""), json(r#"{"employees":[]}"#)] {
        let server = ScriptedServer::answering(missing).await;
        assert_eq!(
            server
                .session()
                .person("3987598587553907167", &FieldSet::new([]))
                .await
                .unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn an_identifier_cannot_name_another_endpoint() {
    let server = ScriptedServer::answering("").await;
    let mut session = server.session();
    for odd in ["search", "", ".", ".."] {
        assert_eq!(session.person(odd, &FieldSet::new([])).await.unwrap(), None);
    }
    assert_eq!(session.usage().calls, 0);

    let server = ScriptedServer::answering(answer("404 Not Found", &[], "")).await;
    assert_eq!(
        server
            .session()
            .person("1/../search?", &FieldSet::new([]))
            .await
            .unwrap(),
        None
    );
    assert!(
        server
            .request()
            .await
            .starts_with("POST /v1/people/1%2F..%2Fsearch%3F HTTP")
    );
}

#[tokio::test]
async fn an_answer_about_one_person_must_be_about_one_person() {
    for (body, fault) in [
        ("{}", Fault::Shape),
        (r#"{"id":null}"#, Fault::Shape),
        ("[]", Fault::Shape),
        (r#"{"employees":{}}"#, Fault::Shape),
        (r#"{"employees":[{"id":"1"},{"id":"2"}]}"#, Fault::Shape),
        (r#"{"id":"1""#, Fault::Malformed),
        (r#"{"id":"1"}{"id":"2"}"#, Fault::Malformed),
    ] {
        let server = ScriptedServer::answering(json(body)).await;
        let error = server
            .session()
            .person("1", &FieldSet::new([]))
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::BadAnswer(found) if found == fault),
            "{body}: {error:?}"
        );
    }
}

#[tokio::test]
async fn an_error_about_a_person_does_not_name_them() {
    let server = ScriptedServer::playing(vec![Step::Reset]).await;
    let error = server
        .session()
        .person("jane@example.com", &FieldSet::new([]))
        .await
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("jane"), "{error:?}");
}
