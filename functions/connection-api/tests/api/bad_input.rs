use axum::body::Body;
use axum::extract::Request;
use http_api::testing::{request_of_admin, request_with_claims};
use serde_json::{Value, json};

use crate::harness::{Api, acme, service_user};

#[tokio::test]
async fn without_an_admins_token_no_route_but_the_descriptions_answers() {
    let api = Api::connected().await;
    let document = serde_json::to_value(connection_api::open_api()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let is_public = operation["security"] == json!([{}]);
            let path = path
                .replace("{task}", crate::harness::TASK)
                .replace("{run}", "2026-11-24T03:30:00Z");
            let signed_out = Request::builder()
                .method(method.to_uppercase().as_str())
                .uri(&path);
            let answer = api.send(signed_out.body(Body::empty()).unwrap()).await;
            assert_eq!(
                answer.status,
                if is_public { 200 } else { 401 },
                "{method} {path}"
            );

            let mut member = request_of_admin("acme", &method.to_uppercase(), &path, &json!({}));
            let claims = json!({"tenant": "acme", "role": "member", "sub": "u1"});
            *member.extensions_mut() = request_with_claims(&claims).extensions().clone();
            let answer = api.send(member).await;
            assert_eq!(
                answer.status,
                if is_public { 200 } else { 403 },
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn no_path_body_or_header_names_another_tenant() {
    let api = Api::connected().await;
    let mut request = request_of_admin("globex", "GET", "/api/connection?tenant=acme", &Value::Null);
    request.headers_mut().insert("x-tenant", "acme".parse().unwrap());
    assert_eq!(api.send(request).await.body["state"], "notConnected");

    let mut body = service_user("globex");
    body["tenant"] = json!("acme");
    let answer = api
        .ask("globex", "PUT", "/api/connection/service-user", &body)
        .await;
    assert_eq!((answer.status, answer.problem()), (400, "invalid-json"));
    let saved = api.tenants.connection(&acme()).await.unwrap().unwrap();
    assert_eq!(saved.value.company_id.as_deref(), Some("200007"));
}

#[tokio::test]
async fn what_is_not_the_json_expected_is_refused_without_repeating_it() {
    let api = Api::connected().await;
    for (path, body) in [
        ("/api/connection/enabled", json!({"enabled": "hunter2"})),
        ("/api/connection/enabled", json!({"enabled": true, "hunter": 2})),
        ("/api/connection/enabled", json!([true])),
        ("/api/connection/service-user", json!({"serviceUserId": "x"})),
        (
            "/api/connection/service-user",
            json!({"serviceUserId": "x", "token": ["hunter2"]}),
        ),
    ] {
        let answer = api.put(path, &body).await;
        assert_eq!((answer.status, answer.problem()), (400, "invalid-json"), "{body}");
        assert!(!answer.body.to_string().contains("hunter2"), "{answer:?}");
    }
    let large = json!({"serviceUserId": "x", "token": "x".repeat(2_000_000)});
    let answer = api.put("/api/connection/service-user", &large).await;
    assert_eq!((answer.status, answer.problem()), (413, "too-large"));
    let nobody = api.ask("acme", "DELETE", "/api/connection", &Value::Null).await;
    assert_eq!((nobody.status, nobody.problem()), (405, "method-not-allowed"));
}
