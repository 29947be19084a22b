//! Problems as RFC 9457 writes them.

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use startup::Chain;
use tracing::error;
use utoipa::ToSchema;

use crate::ProblemKind;

/// Why a request was not done.
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: Cow<'static, str>,
    extensions: Vec<(&'static str, Value)>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// One thing that is wrong with a request, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Where: a JSON pointer into the body, or the name of a parameter.
    #[schema(example = "/contacts/0")]
    pub pointer: Cow<'static, str>,
    /// What is wrong, in a sentence.
    #[schema(example = "This is not an e-mail address.")]
    pub detail: Cow<'static, str>,
}

impl Fault {
    /// Something wrong at a place.
    pub fn new(pointer: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

impl Problem {
    /// A problem, with a sentence about this occurrence for whoever called.
    pub fn new(kind: ProblemKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            extensions: Vec::new(),
            retry_after: None,
            cause: None,
        }
    }

    /// Values that break rules.
    #[must_use]
    pub fn invalid_request(faults: &[Fault]) -> Self {
        Self::from(ProblemKind::InvalidRequest).with("errors", faults)
    }

    /// A save in place of a version that is no longer the current one. Shows both.
    #[must_use]
    pub fn stale_edit(current: impl Serialize, yours: impl Serialize) -> Self {
        Self::from(ProblemKind::StaleEdit)
            .with("current", current)
            .with("yours", yours)
    }

    /// Adds a member to the body. One that cannot be written is left out.
    #[must_use]
    pub fn with(mut self, member: &'static str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.extensions.push((member, value));
        }
        self
    }

    /// Tells the caller when to come again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What lies behind it: for our log, never for the caller.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// What it says about this occurrence.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind, kind.remedy())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            error!(problem = self.kind.slug(), error = %Chain(cause.as_ref()), "a request failed");
        }
        let members = self
            .extensions
            .into_iter()
            .map(|(member, value)| (member.to_owned(), value));
        let mut body: Map<String, Value> = members.collect();
        let standard = [
            ("type", json!(self.kind.type_uri())),
            ("title", json!(self.kind.title())),
            ("status", json!(self.kind.status().as_u16())),
            ("detail", json!(self.detail)),
        ];
        body.extend(standard.map(|(member, value)| (member.to_owned(), value)));

        let mut response = (self.kind.status(), Value::Object(body).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, wait.as_secs().max(1).into());
        }
        if self.kind == ProblemKind::NotSignedIn {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self.kind);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::json_body;

    #[tokio::test]
    async fn a_problem_is_written_as_the_standard_says() {
        let problem = Problem::new(ProblemKind::HibobBlocked, "Wait a little.")
            .retry_after(Duration::from_mins(5))
            .with("stage", "fields")
            .because("who knows");
        let response = problem.into_response();

        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        assert_eq!(response.headers()[RETRY_AFTER], "300");
        let body = json!({"type": "/api/problems#hibob-blocked", "title": ProblemKind::HibobBlocked.title(),
            "status": 503, "detail": "Wait a little.", "stage": "fields"});
        assert_eq!(json_body(response).await, body);
    }

    #[tokio::test]
    async fn a_stale_edit_shows_both_versions() {
        let response = Problem::stale_edit(json!({"a": 1}), json!({"a": 2})).into_response();
        let body = json_body(response).await;
        assert_eq!(
            (&body["current"]["a"], &body["yours"]["a"]),
            (&json!(1), &json!(2))
        );
    }

    #[tokio::test]
    async fn a_member_cannot_displace_a_standard_one() {
        let response = Problem::from(ProblemKind::NotFound)
            .with("status", 200)
            .into_response();
        assert_eq!(json_body(response).await["status"], 404);
    }
}
