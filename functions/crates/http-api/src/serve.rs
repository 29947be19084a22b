//! A router as a Lambda function behind API Gateway.

use std::task::{Context, Poll};

use axum::Router;
use axum::response::Response;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Error, LambdaEvent, Service, lambda_runtime};

/// A router that takes and gives API Gateway's payloads, format 2.0.
#[derive(Clone)]
pub struct Gateway {
    adapter: Adapter<'static, Response, Router>,
}

/// What API Gateway talks to in a router's place.
#[must_use]
pub fn gateway(router: Router) -> Gateway {
    Gateway {
        adapter: Adapter::from(router),
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").finish_non_exhaustive()
    }
}

impl Service<LambdaEvent<LambdaRequest>> for Gateway {
    type Response = <Adapter<'static, Response, Router> as Service<LambdaEvent<LambdaRequest>>>::Response;
    type Error = std::convert::Infallible;
    type Future = <Adapter<'static, Response, Router> as Service<LambdaEvent<LambdaRequest>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.adapter.poll_ready(context)
    }

    fn call(&mut self, mut event: LambdaEvent<LambdaRequest>) -> Self::Future {
        // The library panics at a query that is not a URL's, which any caller may send.
        if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload
            && let Some(query) = &mut request.raw_query_string
        {
            *query = escape(query);
        }
        self.adapter.call(event)
    }
}

/// Percent-encodes what may not stand in a URL's query.
fn escape(query: &str) -> String {
    let mut escaped = String::with_capacity(query.len());
    for byte in query.bytes() {
        match byte {
            b'!' | b'$'..=b';' | b'=' | b'?'..=b'Z' | b'_' | b'a'..=b'z' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                escaped.push('%');
                escaped.push(char::from(DIGITS[usize::from(byte >> 4)]));
                escaped.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    escaped
}

/// Answers API Gateway's events with a router, until Lambda ends the process.
pub async fn serve(router: Router) -> Result<(), Error> {
    lambda_runtime::run(gateway(router)).await
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use lambda_http::Context;
    use serde_json::json;
    use tower::ServiceExt;

    use super::*;
    use crate::{Caller, Problem};

    #[test]
    fn a_query_is_left_as_it_was_where_it_may_stand() {
        assert_eq!(
            escape("before=2026-11-24T03:30:00Z&limit=5%2B"),
            "before=2026-11-24T03:30:00Z&limit=5%2B"
        );
        assert_eq!(escape("a=<b>\u{e9}\n"), "a=%3Cb%3E%C3%A9%0A");
    }

    async fn answer(event: serde_json::Value) -> serde_json::Value {
        async fn tenant(caller: Caller) -> Result<String, Problem> {
            Ok(caller.tenant.to_string())
        }
        let router = Router::new().route("/api/tenant", get(tenant));
        let event = serde_json::from_value(event).unwrap();
        let answer = gateway(router)
            .oneshot(LambdaEvent::new(event, Context::default()))
            .await
            .unwrap();
        serde_json::to_value(answer).unwrap()
    }

    #[tokio::test]
    async fn an_event_of_format_2_reaches_the_router_with_its_claims() {
        let event = json!({"version": "2.0", "routeKey": "GET /api/tenant", "rawPath": "/api/tenant",
            "rawQueryString": "x=<script>|\"", "headers": {"host": "example.com"}, "isBase64Encoded": false,
            "requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/api/tenant"},
                "authorizer": {"jwt": {"claims": {"tenant": "acme", "role": "admin", "sub": "u1"}}}}});
        let answer = answer(event).await;
        assert_eq!(
            (&answer["statusCode"], &answer["body"]),
            (&json!(200), &json!("acme"))
        );
    }
}
