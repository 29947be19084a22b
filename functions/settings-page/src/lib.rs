//! Serves the page on which an admin connects, maps and watches the integration: static files with a strict policy, and
//! where to sign in. The page itself calls the APIs.
//!
//! Files live below a path that names their version, so that browsers may keep them for good; the document is asked for
//! each time.

mod asset;
mod config;
mod files;
#[cfg(test)]
mod page_tests;

pub use config::{Config, InvalidAddress, LoginUrl, Origin};

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::map_response_with_state;
use axum::response::Response;
use axum::routing::get;
use http_api::{Problem, ProblemKind};
use serde_json::json;
use startup::Clock;

use crate::asset::{Asset, hash};
use crate::files::{FILES, INDEX};

const KEPT_FOR_GOOD: &str = "public, max-age=31536000, immutable";
const ASKED_FOR_EACH_TIME: &str = "no-cache";

#[derive(Debug)]
struct Page {
    index: Asset,
    config: Asset,
    files: HashMap<&'static str, Asset>,
    version: String,
}

/// The routes of the page: `/`, `/config.json` and `/assets/<version>/<file>`.
pub fn router(config: &Config, clock: Clock) -> Router {
    let policy = Arc::new(document_headers(config));
    let routes = Router::new()
        .route("/", get(index))
        .route("/config.json", get(config_json))
        .layer(map_response_with_state(policy, with_policy))
        .route("/assets/{version}/{*name}", get(file))
        .with_state(Arc::new(Page::new(config)));
    http_api::finish(routes, "settings-page", clock)
}

impl Page {
    fn new(config: &Config) -> Self {
        let all: Vec<u8> = FILES
            .iter()
            .flat_map(|(_, bytes)| bytes.iter().copied())
            .collect();
        let version = hash(&all)[..12].to_owned();
        let config = json!({ "loginUrl": config.login_url.to_string() });
        Self {
            index: Asset::new("index.html", document(&version)),
            config: Asset::new("config.json", config.to_string()),
            files: FILES
                .iter()
                .map(|&(name, bytes)| (name, Asset::new(name, bytes)))
                .collect(),
            version,
        }
    }
}

/// The document, naming the files of this version.
fn document(version: &str) -> String {
    INDEX.replace("\"/assets/", &format!("\"/assets/{version}/"))
}

async fn index(State(page): State<Arc<Page>>, headers: HeaderMap) -> Response {
    page.index.answer(&headers, ASKED_FOR_EACH_TIME)
}

async fn config_json(State(page): State<Arc<Page>>, headers: HeaderMap) -> Response {
    page.config.answer(&headers, ASKED_FOR_EACH_TIME)
}

/// Another version's path still leads to the file that there is, for pages that were opened during a deployment.
async fn file(
    State(page): State<Arc<Page>>,
    Path((version, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asset = page.files.get(name.as_str()).ok_or(ProblemKind::NotFound)?;
    let cache = if version == page.version {
        KEPT_FOR_GOOD
    } else {
        ASKED_FOR_EACH_TIME
    };
    Ok(asset.answer(&headers, cache))
}

type Headers = Vec<(HeaderName, HeaderValue)>;

async fn with_policy(State(headers): State<Arc<Headers>>, mut response: Response) -> Response {
    response.headers_mut().extend(headers.iter().cloned());
    response
}

/// What the document may do: run its own scripts and call its own origin. Of script-made markup only the template
/// library's is trusted, and nobody but HiThrive's admin view may frame it.
fn document_headers(config: &Config) -> Headers {
    let content = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'self' {}; \
         require-trusted-types-for 'script'; trusted-types lit-html",
        config.admin_origin
    );
    let fixed = [
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=63072000"),
    ];
    let fixed = fixed.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    let content = HeaderValue::from_str(&content)
        .map(|value| (HeaderName::from_static("content-security-policy"), value));
    // An origin has no characters that a header could not carry.
    fixed.into_iter().chain(content).collect()
}
