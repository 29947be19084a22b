use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, request};
use embedded_aws::Template;
use serde_json::json;
use startup::Clock;

use crate::authorizer::{Authorizer, Refusal, api_of};
use crate::cors::Cors;
use crate::event::Arrival;
use crate::invocation::Function;
use crate::{Error, PublicKey, Route, route};

/// The gateway takes no larger body.
const LARGEST_BODY: usize = 10 * 1024 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

/// An HTTP API of a template. Requests go through it in the order in which the real one treats them: cross-origin
/// questions, route, token, size, function.
#[derive(Debug)]
pub struct Gateway {
    routes: Vec<Route>,
    authorizer: Authorizer,
    cors: Cors,
    functions: BTreeMap<String, Function>,
    time_outs: BTreeMap<String, Duration>,
    clock: Clock,
    requests: AtomicU64,
}

impl Gateway {
    /// The template's API with the parameters it is deployed with. Tokens are believed that are signed with this key.
    pub fn new(
        template: &Template,
        parameters: &[(&str, &str)],
        key: PublicKey,
        clock: Clock,
    ) -> Result<Self, Error> {
        let api = api_of(template, parameters)?;
        let time_outs = template
            .resources_of("AWS::Serverless::Function")
            .filter_map(|(id, function)| {
                let seconds = function.properties["Timeout"].as_u64()?;
                Some((id.to_owned(), Duration::from_secs(seconds)))
            });
        Ok(Self {
            routes: Route::all(template)?,
            authorizer: Authorizer::read(&api, key)?,
            cors: Cors::read(&api)?,
            functions: BTreeMap::new(),
            time_outs: time_outs.collect(),
            clock,
            requests: AtomicU64::new(0),
        })
    }

    /// Puts a function behind its routes; those of others answer with an error of the gateway's.
    #[must_use]
    pub fn with_function(mut self, id: &str, router: Router) -> Self {
        let time_out = self.time_outs.get(id).copied().unwrap_or(Duration::from_secs(3));
        self.functions
            .insert(id.to_owned(), Function { router, time_out });
        self
    }

    /// The gateway as a router that answers everything, for tests without a socket and to be put behind other routes.
    pub fn into_router(self) -> Router {
        let gateway = Arc::new(self);
        Router::new().fallback(move |request: Request| {
            let gateway = Arc::clone(&gateway);
            async move { gateway.answer(request).await }
        })
    }

    async fn answer(&self, request: Request) -> Response<Body> {
        let id = format!("local-{}", self.requests.fetch_add(1, Ordering::Relaxed));
        let (request, body) = request.into_parts();
        if let Some(answer) = self.cors.preflight(&request) {
            return answer;
        }
        let mut response = match self.pass_on(&request, body, &id).await {
            Ok(response) => response,
            Err(failure) => failure.response(),
        };
        self.cors.apply(&request.headers, response.headers_mut());
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    async fn pass_on(
        &self,
        request: &request::Parts,
        body: Body,
        id: &str,
    ) -> Result<Response<Body>, Failure> {
        let found = route::find(&self.routes, request.method.as_str(), request.uri.path());
        let (route, parameters) = found.ok_or(Failure::Status(StatusCode::NOT_FOUND))?;
        let at = self.clock.now();
        let caller = if route.is_public {
            None
        } else {
            Some(self.caller(request, at)?)
        };
        let body = read(body).await?;
        let arrival = Arrival {
            route,
            parameters: &parameters,
            request,
            body: &body,
            caller,
            address: request
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|info| info.0),
            id,
            at,
        };
        let function = self.functions.get(&route.function);
        let function = function.ok_or(Failure::Status(StatusCode::INTERNAL_SERVER_ERROR))?;
        function.invoke(arrival.event()).await.map_err(Failure::Status)
    }

    fn caller(&self, request: &request::Parts, at: jiff::Timestamp) -> Result<serde_json::Value, Failure> {
        let headers: Vec<_> = request
            .headers
            .get_all(AUTHORIZATION)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let header = (!headers.is_empty()).then(|| headers.join(","));
        self.authorizer
            .authorize(header.as_deref(), at)
            .map_err(Failure::Unauthorized)
    }
}

async fn read(body: Body) -> Result<Bytes, Failure> {
    let too_large = |_| Failure::Status(StatusCode::PAYLOAD_TOO_LARGE);
    to_bytes(body, LARGEST_BODY).await.map_err(too_large)
}

/// What the gateway answers itself.
#[derive(Debug)]
enum Failure {
    Unauthorized(Refusal),
    Status(StatusCode),
}

impl Failure {
    fn response(self) -> Response<Body> {
        let (status, challenge) = match self {
            Self::Status(status) => (status, None),
            Self::Unauthorized(None) => (StatusCode::UNAUTHORIZED, Some("Bearer".to_owned())),
            Self::Unauthorized(Some(reason)) => (
                StatusCode::UNAUTHORIZED,
                Some(format!(
                    "Bearer scope=\"\" error=\"invalid_token\" error_description=\"{reason}\""
                )),
            ),
        };
        let message = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
            status => status.canonical_reason().unwrap_or_default(),
        };
        let mut response = Response::new(Body::from(json!({"message": message}).to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(challenge) = challenge.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
