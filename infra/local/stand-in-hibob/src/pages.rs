//! Answers that do not depend on anybody's data: errors, pages of HTML, and what faults say.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{faults::Fault, limits::Limits};

/// What a wrong path shows: the web application.
pub(crate) fn web_app() -> Response {
    Html("<!doctype html><html><head><title>Bob</title></head><body><div id=\"app\"></div></body></html>")
        .into_response()
}

/// What a query that HiBob cannot read shows.
pub(crate) fn login_page() -> Response {
    Html("<!doctype html><html><head><title>Sign in</title></head><body><form action=\"/login\"></form></body></html>")
        .into_response()
}

/// What the firewall shows to callers it has blocked.
pub(crate) fn blocked() -> Response {
    (
        StatusCode::FORBIDDEN,
        Html("<html><head><title>403 Forbidden</title></head><body>Request blocked.</body></html>"),
    )
        .into_response()
}

/// Without a body, as HiBob sends it.
pub(crate) fn unauthorized() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

/// What some GETs show to callers who say that they send JSON.
pub(crate) fn bad_get() -> Response {
    (
        StatusCode::BAD_REQUEST,
        Html("<html><body><h1>Bad Request</h1></body></html>"),
    )
        .into_response()
}

pub(crate) fn bad_request(body: Value) -> Response {
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

pub(crate) fn forbidden() -> Response {
    let body = key_and_error(
        "forbidden",
        "service user does not have permissions to access this table or employees",
    );
    (StatusCode::FORBIDDEN, Json(body)).into_response()
}

pub(crate) fn too_many_requests(retry_after: Option<u32>, has_body: bool) -> Response {
    let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
    if has_body {
        let body = key_and_error("rate_limit.exceeded", "too many requests");
        response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    }
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// JSON that is already written, whether or not it is any.
pub(crate) fn said_to_be_json(body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The answer of a fault that takes no look at the request; the others only bend the genuine answer.
pub(crate) fn of_fault(fault: Fault, limits: &Limits) -> Option<Response> {
    Some(match fault {
        Fault::ServerError => {
            let body = key_and_error("internal_error", "something went wrong");
            (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
        }
        Fault::BadGateway => (
            StatusCode::BAD_GATEWAY,
            Html("<html><body><h1>502 Bad Gateway</h1></body></html>"),
        )
            .into_response(),
        Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Fault::Html => login_page(),
        Fault::NoEmployees => Json(json!({ "status": "ok" })).into_response(),
        Fault::NotJson => said_to_be_json("employees: none, sorry"),
        Fault::EmptyList => Json(json!({ "employees": [] })).into_response(),
        Fault::TooManyRequests { retry_after, .. } => too_many_requests(retry_after, limits.has_error_body),
        Fault::Blocked => blocked(),
        Fault::Forbidden => forbidden(),
        Fault::Truncated(_)
        | Fault::Reset(_)
        | Fault::SlowStart(_)
        | Fault::Drip { .. }
        | Fault::Padding(_) => {
            return None;
        }
    })
}

fn key_and_error(key: &str, error: &str) -> Value {
    json!({ "key": key, "error": error, "args": [] })
}
