//! What every answer gets, whatever the handler.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use startup::{Clock, Metrics, Unit};
use tracing::{error, info};

use crate::caller::tenant;
use crate::{BODY_LIMIT, Problem, ProblemKind};

#[derive(Debug, Clone)]
struct Observer {
    function: &'static str,
    clock: Clock,
}

/// A router that answers every error with a problem, a panic included, refuses large bodies, and writes one line of log per
/// request: the route's template and the outcome, never the path, the query or a body.
pub fn finish(router: Router, function: &'static str, clock: Clock) -> Router {
    finish_with_limit(router, function, clock, BODY_LIMIT)
}

/// The same for a router that takes bodies of another size, in bytes. One of JSON is never larger than [`BODY_LIMIT`].
pub fn finish_with_limit(router: Router, function: &'static str, clock: Clock, limit: usize) -> Router {
    router
        .fallback(|| async { Problem::from(ProblemKind::NotFound) })
        .method_not_allowed_fallback(|| async { Problem::from(ProblemKind::MethodNotAllowed) })
        .layer(from_fn_with_state(limit, refuse_large))
        .layer(from_fn_with_state(Observer { function, clock }, observe))
}

async fn refuse_large(State(limit): State<usize>, request: Request, next: Next) -> Response {
    if request.body().size_hint().lower() > limit as u64 {
        return Problem::from(ProblemKind::TooLarge).into_response();
    }
    next.run(request).await
}

async fn observe(State(observer): State<Observer>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let tenant = tenant(request.extensions());

    let outcome = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = outcome.unwrap_or_else(|_| {
        error!("a handler panicked");
        Problem::from(ProblemKind::Internal).into_response()
    });
    let headers = response.headers_mut();
    let no_store = HeaderValue::from_static("no-store");
    headers.entry(CACHE_CONTROL).or_insert(no_store);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let problem = response.extensions().get::<ProblemKind>().map(|kind| kind.slug());
    info!(
        http.method = %method,
        http.route = route,
        http.status = response.status().as_u16(),
        problem,
        tenant.id = tenant.as_ref().map(provisioning::TenantId::as_str),
        duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    if response.status().is_server_error() {
        Metrics::new(observer.function)
            .property("http.route", route)
            .property("problem", problem)
            .metric("ServerErrors", 1, Unit::Count)
            .emit(observer.clock.now());
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::ALLOW;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::testing::json_body;

    async fn answer(request: Request) -> Response {
        let router = Router::new()
            .route("/api/things", get(|| async { "fine" }))
            .route("/api/broken", get(|| async { assert_eq!(1, 2, "broken") }));
        let router = finish(router, "test", Clock::new(|| jiff::Timestamp::UNIX_EPOCH));
        router.oneshot(request).await.unwrap()
    }

    fn get_of(path: &str) -> Request {
        Request::get(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn no_answer_is_cached_or_guessed_at() {
        let response = answer(get_of("/api/things")).await;
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[tokio::test]
    async fn an_unknown_address_and_an_unknown_method_are_problems() {
        let response = answer(get_of("/api/nothing")).await;
        assert_eq!(json_body(response).await["type"], "/api/problems#not-found");

        let response = answer(Request::delete("/api/things").body(Body::empty()).unwrap()).await;
        assert_eq!(response.headers()[ALLOW], "GET,HEAD");
        assert_eq!(
            json_body(response).await["type"],
            "/api/problems#method-not-allowed"
        );
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_of_ours() {
        let response = answer(get_of("/api/broken")).await;
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(json_body(response).await["type"], "/api/problems#internal");
    }

    #[tokio::test]
    async fn a_large_body_is_refused_even_where_none_is_read() {
        let large = Request::get("/api/things").body(Body::from(vec![b' '; BODY_LIMIT + 1]));
        assert_eq!(answer(large.unwrap()).await.status(), 413);
    }

    #[tokio::test]
    async fn a_router_that_takes_more_is_sent_more() {
        let clock = Clock::new(|| jiff::Timestamp::UNIX_EPOCH);
        let router = Router::new().route("/sso/things", get(|| async { "fine" }));
        let router = finish_with_limit(router, "test", clock, 2 * BODY_LIMIT);
        for (bytes, status) in [(BODY_LIMIT + 1, 200), (2 * BODY_LIMIT + 1, 413)] {
            let request = Request::get("/sso/things").body(Body::from(vec![b' '; bytes]));
            let response = router.clone().oneshot(request.unwrap()).await.unwrap();
            assert_eq!(response.status(), status, "{bytes}");
        }
    }
}
