use std::fmt;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use lambda_http::request::LambdaRequest;
use lambda_http::{Context, LambdaEvent, Service as _};
use serde_json::Value;
use tokio::time::timeout;

use crate::event::Answer;

/// The gateway gives up on a function after this.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Lambda takes no larger event, and no larger answer.
pub(crate) const LARGEST_PAYLOAD: usize = 6 * 1024 * 1024;

/// A function behind the gateway.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) router: Router,
    /// As long as Lambda lets it work on one event.
    pub(crate) time_out: Duration,
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Function")
            .field("time_out", &self.time_out)
            .finish_non_exhaustive()
    }
}

impl Function {
    /// The function's answer, or the status with which the gateway answers in its place.
    pub(crate) async fn invoke(&self, event: Value) -> Result<Response<Body>, StatusCode> {
        let event = event.to_string();
        if event.len() > LARGEST_PAYLOAD {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let router = self.router.clone();
        // A task of its own: it may panic, and it is stopped when its time is over.
        let mut work = tokio::spawn(async move { invoke(router, &event).await });
        let answered = timeout(self.time_out.min(LONGEST_WAIT), &mut work).await;
        let Ok(finished) = answered else {
            work.abort();
            // A function that Lambda stops has failed; one that outlasts the gateway has not answered.
            return Err(if self.time_out < LONGEST_WAIT {
                StatusCode::INTERNAL_SERVER_ERROR
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            });
        };
        let answer = finished
            .ok()
            .flatten()
            .filter(|answer| answer.len() <= LARGEST_PAYLOAD);
        let answer = answer.and_then(|answer| serde_json::from_str::<Answer>(&answer).ok());
        answer
            .and_then(Answer::response)
            .ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// What Lambda's runtime does with an event for an HTTP function, text in and text out. None if it is no such event.
pub async fn invoke(router: Router, event: &str) -> Option<String> {
    let event: LambdaRequest = serde_json::from_str(event).ok()?;
    let event = LambdaEvent::new(event, Context::default());
    // A router is always ready; and what adapts it, unlike what that starts, cannot be kept while waiting.
    let answering = http_api::gateway(router).call(event);
    let answer = answering.await.ok()?;
    serde_json::to_string(&answer).ok()
}
