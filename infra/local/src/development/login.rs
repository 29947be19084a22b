//! HiThrive's log-in.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Json, Query, State};
use axum::http::header::{CACHE_CONTROL, HOST, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::development::{Pages, SampleCompany, page};

const LIFETIME: SignedDuration = SignedDuration::from_hours(1);
const ROLES: [(&str, &str); 2] = [
    ("admin", "Sign in as an administrator"),
    ("member", "Sign in as a colleague"),
];

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    companies: &'a [SampleCompany],
    roles: [(&'static str, &'static str); 2],
    return_to: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    return_to: String,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    tenant: String,
    role: String,
    #[serde(default)]
    return_to: String,
}

/// As from the token endpoint of an `OAuth` server.
#[derive(Serialize)]
struct Granted {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
}

pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    if destination(&asked.return_to, &headers).is_none() {
        return elsewhere();
    }
    page(&LoginPage {
        companies: &pages.development.companies,
        roles: ROLES,
        return_to: &asked.return_to,
    })
}

/// Sends the browser back with the token in the fragment, which no server sees.
pub(super) async fn sign_in(
    State(pages): State<Arc<Pages>>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Response {
    let Some(destination) = destination(&chosen.return_to, &headers) else {
        return elsewhere();
    };
    let Some(Granted {
        access_token,
        token_type,
        expires_in,
    }) = pages.grant(&chosen)
    else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let location =
        format!("{destination}#access_token={access_token}&token_type={token_type}&expires_in={expires_in}");
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, location), (CACHE_CONTROL, "no-store".to_owned())],
    )
        .into_response()
}

/// The same for scripts.
pub(super) async fn token(State(pages): State<Arc<Pages>>, Json(chosen): Json<Chosen>) -> Response {
    match pages.grant(&chosen) {
        Some(granted) => ([(CACHE_CONTROL, "no-store")], Json(granted)).into_response(),
        None => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    }
}

impl Pages {
    /// None for a company that is not among the samples.
    fn grant(&self, chosen: &Chosen) -> Option<Granted> {
        let tenant = &self.company(&chosen.tenant)?.tenant;
        let now = self.clock.now();
        let claims = self.issuer.claims(tenant.as_str(), &chosen.role, now, LIFETIME);
        Some(Granted {
            access_token: self.issuer.sign(&claims).ok()?,
            token_type: "Bearer",
            expires_in: LIFETIME.as_secs(),
        })
    }
}

fn elsewhere() -> Response {
    (StatusCode::BAD_REQUEST, "return_to leads elsewhere").into_response()
}

/// Where to go with a token: a page of this origin, without its fragment. None for any other.
fn destination<'a>(return_to: &'a str, headers: &HeaderMap) -> Option<&'a str> {
    let page = return_to.split('#').next().unwrap_or_default();
    // Browsers leave some characters out and read others as a slash.
    if page.contains(|letter: char| letter <= ' ' || letter == '\\') {
        return None;
    }
    if page.is_empty() {
        return Some("/");
    }
    let origin = format!("http://{}", headers.get(HOST)?.to_str().ok()?);
    let path = page.strip_prefix(&origin).unwrap_or(page);
    let is_ours =
        path.is_empty() || path.starts_with('?') || path.starts_with('/') && !path.starts_with("//");
    is_ours.then_some(page)
}
