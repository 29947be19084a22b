//! One request of somebody at a browser, from what is known of it to what is answered and logged.

use std::panic::AssertUnwindSafe;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header::{ALLOW, CACHE_CONTROL, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use futures::FutureExt as _;
use lambda_http::request::RequestContext;
use provisioning::TenantId;
use single_sign_on::{Portal, Purpose};
use startup::{Chain, Metrics, Unit};
use tracing::{error, info};

use crate::SsoApi;
use crate::denial::Denial;
use crate::{page, words};

/// What is known of a request; it grows as the request is understood.
#[derive(Debug)]
pub(crate) struct Visit {
    /// By which support finds it in the logs: the gateway's id of the request.
    pub(crate) reference: String,
    /// The tenant that the path names, if it can be one.
    pub(crate) tenant: Option<TenantId>,
    /// What the person wants, where that is known.
    pub(crate) wanted: Option<Purpose>,
    /// Whether this is where a sign-in is granted or refused.
    pub(crate) is_sign_in: bool,
    /// The header that takes back the cookie of the request that is answered.
    pub(crate) spent: Option<HeaderValue>,
}

/// An answer, and what it is called in the logs.
pub(crate) struct Reached {
    pub(crate) outcome: &'static str,
    pub(crate) response: Response,
}

impl Reached {
    pub(crate) fn new(outcome: &'static str, response: Response) -> Self {
        Self { outcome, response }
    }
}

/// What no answer to a browser lacks. None may be kept, and none may tell another site where the person came from.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("referrer-policy"),
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("strict-transport-security"),
        HeaderValue::from_static("max-age=63072000"),
    ),
];

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let parameters = RawPathParams::from_request_parts(parts, state).await.ok();
        let parameter = |name: &str| {
            let mut found = parameters.iter().flatten().filter(|(found, _)| *found == name);
            found.next().map(|(_, value)| value)
        };
        let portal: Option<Portal> = parameter("portal").and_then(|portal| portal.parse().ok());
        Ok(Self {
            reference: reference(parts).unwrap_or_else(|| "none".to_owned()),
            tenant: parameter("tenant").and_then(|tenant| tenant.parse().ok()),
            wanted: portal.map(|portal| Purpose::Open {
                portal,
                deep_link: None,
            }),
            is_sign_in: false,
            spent: None,
        })
    }
}

fn reference(parts: &Parts) -> Option<String> {
    match parts.extensions.get()? {
        RequestContext::ApiGatewayV2(context) => context.request_id.clone(),
        _ => None,
    }
}

/// What a handler reaches; a panic in it is a fault like others, so that a browser meets a page.
pub(crate) async fn guarded(work: impl Future<Output = Result<Reached, Denial>>) -> Result<Reached, Denial> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    outcome.unwrap_or_else(|_| Err(Denial::fault("a handler panicked", false)))
}

impl Visit {
    /// The tenant; one that cannot be is answered like one that there is not.
    pub(crate) fn tenant(&self) -> Result<TenantId, Denial> {
        self.tenant.clone().ok_or(Denial::NotOffered)
    }

    /// The portal that the person wants, where that is known.
    pub(crate) fn portal(&self) -> Option<Portal> {
        match self.wanted {
            Some(Purpose::Open { portal, .. }) => Some(portal),
            Some(Purpose::Test) | None => None,
        }
    }

    /// Answers, with a page if nothing better was reached, and leaves one line in the log: ids and codes, nothing that the
    /// provider or the browser sent.
    pub(crate) fn answer(self, api: &SsoApi, reached: Result<Reached, Denial>) -> Response {
        let (outcome, metric) = match &reached {
            Ok(reached) => (reached.outcome, self.is_sign_in.then_some("SignInsGranted")),
            Err(denial) => (denial.code(), denial.metric(self.is_sign_in)),
        };
        let tenant = self.tenant.as_ref().map(TenantId::as_str);
        let portal = self.portal().map(Portal::as_str);
        info!(
            tenant.id = tenant,
            portal,
            outcome,
            reference = self.reference,
            "decided"
        );
        if let Some(metric) = metric {
            Metrics::new("sso-api")
                .property("tenant.id", tenant)
                .property("portal", portal)
                .property("outcome", outcome)
                .metric(metric, 1, Unit::Count)
                .emit(api.clock.now());
        }
        let (mut response, is_over) = match reached {
            Ok(reached) => (reached.response, true),
            // What failed for our fault may be sent again.
            Err(denial) => (self.deny(api, &denial), !matches!(denial, Denial::Fault { .. })),
        };
        response.headers_mut().extend(HEADERS);
        if let Some(spent) = self.spent.filter(|_| is_over) {
            response.headers_mut().append(SET_COOKIE, spent);
        }
        response
    }

    fn deny(&self, api: &SsoApi, denial: &Denial) -> Response {
        let start = |portal| Some(api.service.start_url(self.tenant.as_ref()?, portal));
        let page = words::denied(denial, self.again(api), start);
        let mut response = page::answer(denial.status(), &page, &self.reference);
        let headers = response.headers_mut();
        match denial {
            Denial::Fault { is_passing, cause } => {
                error!(error = %Chain(cause.as_ref()), reference = self.reference, "a sign-in failed");
                if *is_passing {
                    headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
                }
            }
            Denial::WrongBinding => {
                headers.insert(ALLOW, HeaderValue::from_static("POST"));
            }
            _ => {}
        }
        response
    }

    /// The link that starts over, to the same place where that is known.
    fn again(&self, api: &SsoApi) -> Option<String> {
        let tenant = self.tenant.as_ref()?;
        let start = |portal| api.service.start_url(tenant, portal);
        Some(match &self.wanted {
            Some(Purpose::Test) => api.service.test_url(tenant),
            Some(Purpose::Open {
                portal,
                deep_link: Some(link),
            }) => {
                let to: String = form_urlencoded::byte_serialize(link.as_str().as_bytes()).collect();
                format!("{}?to={to}", start(*portal))
            }
            Some(Purpose::Open { portal, .. }) => start(*portal),
            None => start(Portal::Rewards),
        })
    }
}
