//! Requests as API Gateway hands them over, and a look at answers, for tests.
#![expect(clippy::expect_used, reason = "a panic is how a test fails")]
#![expect(clippy::missing_panics_doc, reason = "a panic is how a test fails")]

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use lambda_http::request::RequestContext;
use serde_json::{Value, json};

/// An empty `GET /` whose token had these claims, which are texts.
#[must_use]
pub fn request_with_claims(claims: &Value) -> Request {
    let context = json!({"http": {"method": "GET"}, "authorizer": {"jwt": {"claims": claims}}});
    let context: RequestContext = serde_json::from_value(context).expect("claims are texts");
    let mut request = Request::new(Body::empty());
    request.extensions_mut().insert(context);
    request
}

/// A request of a tenant's admin, with a body of JSON unless that is null.
#[must_use]
pub fn request_of_admin(tenant: &str, method: &str, path: &str, body: &Value) -> Request {
    let mut request = request_with_claims(&json!({"tenant": tenant, "role": "admin", "sub": "admin-1"}));
    *request.method_mut() = method.parse().expect("a method");
    *request.uri_mut() = path.parse().expect("a path");
    if !body.is_null() {
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Body::from(body.to_string());
    }
    request
}

/// An answer's body; null if it is not JSON.
pub async fn json_body(response: Response) -> Value {
    let bytes = to_bytes(response.into_body(), usize::MAX).await;
    serde_json::from_slice(&bytes.expect("a whole body")).unwrap_or_default()
}
