//! Who may call, and with what.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use http_api::testing::{json_body, request_of_admin, request_with_claims};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{ACME, TASK, World, email};

fn routes() -> Vec<(&'static str, String, Value)> {
    let entries = json!({"entries": [email()]});
    let preview = format!("/api/mapping/previews/{TASK}");
    vec![
        ("GET", "/api/targets".to_owned(), Value::Null),
        ("GET", "/api/fields".to_owned(), Value::Null),
        ("GET", "/api/mapping/suggestion".to_owned(), Value::Null),
        ("GET", "/api/mapping".to_owned(), Value::Null),
        ("PUT", "/api/mapping".to_owned(), entries.clone()),
        ("POST", "/api/mapping/samples".to_owned(), entries.clone()),
        ("PUT", preview.clone(), entries),
        ("GET", preview, Value::Null),
    ]
}

#[tokio::test]
async fn nobody_but_an_admin_gets_anything() {
    let world = World::connected().await;
    for (method, path, body) in routes() {
        for (claims, status) in [
            (json!({"tenant": ACME, "role": "member", "sub": "u1"}), 403),
            (json!({"role": "admin", "sub": "u1"}), 401),
        ] {
            let (parts, body) = request_of_admin(ACME, method, &path, &body).into_parts();
            let mut request = request_with_claims(&claims);
            *request.method_mut() = parts.method;
            *request.uri_mut() = parts.uri;
            *request.headers_mut() = parts.headers;
            *request.body_mut() = body;
            let response = world.router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_tenant_that_is_not_connected_has_no_fields_to_map() {
    let world = World::unconnected().await;
    for (method, path, body) in routes() {
        let needs_hibob = path != "/api/targets" && !(method == "GET" && path.starts_with("/api/mapping"))
            || path.ends_with("suggestion");
        let answer = world.send(ACME, method, &path, &body, Some(0)).await;
        if needs_hibob {
            assert_eq!(
                (answer.status, answer.problem()),
                (409, "not-connected"),
                "{method} {path}"
            );
        }
    }
    assert!(world.hibob.requests().is_empty(), "HiBob was not asked");
}

#[tokio::test]
async fn a_body_is_taken_only_if_all_of_it_is_understood() {
    let world = World::connected().await;
    let mut with_tenant = email();
    with_tenant["sources"][0]["tenant"] = json!("globex");
    for bad in [
        json!({}),
        json!({"entries": 7}),
        json!({"entries": [email()], "tenant": "globex"}),
        json!({"entries": [with_tenant]}),
        json!({"entries": [{"target": "email", "sources": [{"id": "no dots"}]}]}),
    ] {
        let answer = world.post("/api/mapping/samples", &bad).await;
        assert_eq!((answer.status, answer.problem()), (400, "invalid-json"), "{bad}");
    }
    let large = json!({"entries": [], "person": "x".repeat(300_000)});
    assert_eq!(world.post("/api/mapping/samples", &large).await.status, 413);

    let mut request = request_of_admin(ACME, "POST", "/api/mapping/samples", &Value::Null);
    request
        .headers_mut()
        .insert(CONTENT_TYPE, "text/plain".parse().unwrap());
    *request.body_mut() = Body::from("{}");
    let response = world.router.clone().oneshot(request).await.unwrap();
    assert_eq!(
        json_body(response).await["type"],
        "/api/problems#unsupported-media-type"
    );
}
