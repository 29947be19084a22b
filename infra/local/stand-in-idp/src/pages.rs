//! The provider's web site.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, REFERRER_POLICY, SET_COOKIE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::provider::{Person, Provider};
use crate::request::Request;

/// No `form-action`: browsers apply it to where the application redirects to as well, which is not known here.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    provider: &'a Provider,
    person: Option<Person>,
}

#[derive(Template)]
#[template(path = "log_in.html")]
struct LogIn<'a> {
    provider: &'a Provider,
    people: Vec<Person>,
    asked: &'a Asked,
}

#[derive(Template)]
#[template(path = "answer.html")]
struct Answering<'a> {
    provider: &'a Provider,
    answer: String,
    relay_state: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct Refused<'a> {
    provider: &'a Provider,
    reason: String,
}

/// What the browser brings. Without a request it comes from the tile.
#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "SAMLRequest")]
    request: Option<String>,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
    email: Option<String>,
}

pub(crate) fn router(provider: Provider) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/metadata", get(metadata))
        .route("/sign-on", get(sign_on))
        .route("/tile", get(tile))
        .route("/log-in", post(log_in))
        .route("/log-out", post(log_out))
        .route("/style.css", get(style))
        .route("/continue.js", get(script))
        .with_state(provider)
}

async fn home(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    let person = signed_in(&provider, &headers);
    page(
        StatusCode::OK,
        &Home {
            provider: &provider,
            person,
        },
    )
}

async fn metadata(State(provider): State<Provider>) -> Response {
    (
        [(CONTENT_TYPE, "application/samlmetadata+xml")],
        provider.metadata(),
    )
        .into_response()
}

async fn sign_on(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    if asked.request.is_none() {
        return refused(&provider, "There is no request here.".to_owned());
    }
    proceed(&provider, signed_in(&provider, &headers), &asked)
}

async fn tile(State(provider): State<Provider>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let asked = Asked {
        request: None,
        ..asked
    };
    proceed(&provider, signed_in(&provider, &headers), &asked)
}

async fn log_in(State(provider): State<Provider>, Form(asked): Form<Asked>) -> Response {
    let Some(person) = asked.email.as_deref().and_then(|email| provider.person(email)) else {
        return refused(&provider, "Nobody here has this e-mail address.".to_owned());
    };
    let cookie = cookie(&provider, &provider.open_session(&person));
    let response = proceed(&provider, Some(person), &asked);
    ([(SET_COOKIE, cookie)], response).into_response()
}

async fn log_out(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    if let Some(secret) = secret(&provider, &headers) {
        provider.close_session(secret);
    }
    page(
        StatusCode::OK,
        &Home {
            provider: &provider,
            person: None,
        },
    )
}

async fn style() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../templates/style.css"),
    )
}

async fn script() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/javascript; charset=utf-8")],
        "document.forms[0].submit();",
    )
}

/// To the application, or to the log-in page if nobody is signed in.
fn proceed(provider: &Provider, person: Option<Person>, asked: &Asked) -> Response {
    let request = match asked.request.as_deref().map(|request| known(provider, request)) {
        Some(Err(reason)) => return refused(provider, reason),
        Some(Ok(request)) => Some(request),
        None => None,
    };
    match person {
        Some(person) => page(
            StatusCode::OK,
            &Answering {
                provider,
                answer: provider.answer(&person.email, request.as_ref()),
                relay_state: asked.relay_state.as_deref(),
            },
        ),
        None => page(
            StatusCode::OK,
            &LogIn {
                provider,
                people: provider.people(),
                asked,
            },
        ),
    }
}

/// The request, if it is one of the application that this provider knows.
fn known(provider: &Provider, request: &str) -> Result<Request, String> {
    let request = Request::read(request).map_err(|error| format!("The request is of no use: {error}."))?;
    let application = provider.application();
    if request.issuer != application.entity_id {
        return Err("This application is unknown here.".to_owned());
    }
    if request
        .acs_url
        .as_ref()
        .is_some_and(|url| *url != application.acs_url)
    {
        return Err("The application wants the answer somewhere else than it is set up here.".to_owned());
    }
    Ok(request)
}

fn refused(provider: &Provider, reason: String) -> Response {
    page(StatusCode::BAD_REQUEST, &Refused { provider, reason })
}

fn signed_in(provider: &Provider, headers: &HeaderMap) -> Option<Person> {
    provider.signed_in(secret(provider, headers)?)
}

/// Of this provider alone, since cookies do not know of ports.
fn cookie_name(provider: &Provider) -> String {
    let letters = provider.url().chars();
    "session-".to_owned() + &letters.filter(char::is_ascii_alphanumeric).collect::<String>()
}

fn cookie(provider: &Provider, secret: &str) -> String {
    format!(
        "{}={secret}; Path=/; HttpOnly; SameSite=Lax",
        cookie_name(provider)
    )
}

fn secret<'a>(provider: &Provider, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = cookie_name(provider);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split("; "))
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, secret)| (key == name).then_some(secret))
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    let Ok(text) = template.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(text)).into_response()
}
