//! The form of every page: one layout, no script, nothing from elsewhere.

use std::sync::LazyLock;

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};

const STYLE: &str = include_str!("../templates/style.css");

/// What a page says.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its heading.
    pub(crate) title: &'static str,
    /// Below the heading.
    pub(crate) paragraphs: Vec<String>,
    /// What was checked, one after the other.
    pub(crate) steps: Vec<Step>,
    /// Below the steps.
    pub(crate) result: Vec<String>,
    /// Where to go from here.
    pub(crate) links: Vec<Link>,
}

/// One of several things that were checked.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) state: StepState,
    pub(crate) title: &'static str,
    /// What is wrong, and what to do about it.
    pub(crate) text: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepState {
    Done,
    Wrong,
    NotReached,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) text: String,
    pub(crate) address: String,
}

impl StepState {
    fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Wrong => "wrong",
            Self::NotReached => "open",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Wrong => "Wrong",
            Self::NotReached => "Not reached",
        }
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Html<'a> {
    page: &'a Page,
    reference: &'a str,
    style: &'static str,
}

/// A page may show its own style and links, and nothing else: no script, form, frame or file.
static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).ok()
});

pub(crate) fn answer(status: StatusCode, page: &Page, reference: &str) -> Response {
    let html = Html {
        page,
        reference,
        style: STYLE,
    };
    // Writing into memory does not fail.
    let html = html.render().unwrap_or_default();
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Some(policy) = &*POLICY {
        headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}
