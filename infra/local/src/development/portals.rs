//! HiThrive's portals: each redeems the code that somebody arrives with, and greets whoever it stands for.

use std::sync::Arc;

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{OriginalUri, Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{Request, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use provisioning::{AccountId, TenantId};
use serde::Deserialize;
use serde_json::json;
use single_sign_on::Portal;
use tower::ServiceExt as _;

use crate::development::{Pages, page};
use crate::gateway::PORTAL_BACKEND;

/// A backend's token is used once, at once.
const LIFETIME: SignedDuration = SignedDuration::from_mins(1);
const LARGEST_ANSWER: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "portal.html")]
struct PortalPage {
    portal: Portal,
    /// The address that somebody came to, without the code.
    place: String,
    arrival: Arrival,
}

/// How it ends when somebody comes to a portal.
enum Arrival {
    /// Somebody is signed in.
    Greeted { name: String, redeemed: Redeemed },
    /// The code was not accepted.
    Refused { status: u16, title: String },
    /// Somebody came by another way than a dashboard.
    WithoutCode,
}

/// Whom a code stood for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Redeemed {
    tenant: TenantId,
    account_id: AccountId,
    email: String,
    portal: Portal,
}

/// What of an error is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    title: String,
}

pub(super) async fn arrive(
    State(pages): State<Arc<Pages>>,
    Path(path): Path<Vec<(String, String)>>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    let portal = path.first().and_then(|(_, portal)| portal.parse::<Portal>().ok());
    let Some(portal) = portal else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (code, place) = without_code(&uri);
    let arrival = match code {
        Some(code) => match pages.redeem(portal, code).await {
            Some(arrival) => arrival,
            None => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        None => Arrival::WithoutCode,
    };
    let status = match &arrival {
        Arrival::Greeted { .. } => StatusCode::OK,
        Arrival::Refused { .. } | Arrival::WithoutCode => StatusCode::FORBIDDEN,
    };
    let shown = page(&PortalPage {
        portal,
        place,
        arrival,
    });
    (status, [(REFERRER_POLICY, "no-referrer")], shown).into_response()
}

/// A code needs no decoding.
fn without_code(uri: &Uri) -> (Option<&str>, String) {
    let parts = || uri.query().into_iter().flat_map(|query| query.split('&'));
    let code = parts().find_map(|part| part.strip_prefix("code="));
    let others: Vec<_> = parts().filter(|part| !part.starts_with("code=")).collect();
    let place = if others.is_empty() {
        uri.path().to_owned()
    } else {
        format!("{}?{}", uri.path(), others.join("&"))
    };
    (code, place)
}

impl Pages {
    /// What HiThrive's backend does. None if that is not possible at all.
    async fn redeem(&self, portal: Portal, code: &str) -> Option<Arrival> {
        let claims = self
            .issuer
            .backend_claims(PORTAL_BACKEND, self.clock.now(), LIFETIME);
        let request = Request::post("/sso/redeem")
            .header(
                AUTHORIZATION,
                format!("Bearer {}", self.issuer.sign(&claims).ok()?),
            )
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(json!({"code": code}).to_string()));
        let answer = self.gateway.clone().oneshot(request.ok()?).await.ok()?;
        let status = answer.status();
        let body = to_bytes(answer.into_body(), LARGEST_ANSWER).await.ok()?;
        if status != StatusCode::OK {
            let Refusal { title } = serde_json::from_slice(&body).unwrap_or_default();
            let status = status.as_u16();
            return Some(Arrival::Refused { status, title });
        }
        let redeemed: Redeemed = serde_json::from_slice(&body).ok()?;
        // Whoever may redeem rewards with a code must not administer with it.
        if redeemed.portal != portal {
            return Some(Arrival::Refused {
                status: StatusCode::FORBIDDEN.as_u16(),
                title: format!("The code is for another portal: {}", redeemed.portal),
            });
        }
        let team = self.directory.team(&redeemed.tenant);
        let account = team.get(&redeemed.account_id).await.ok()?;
        let name = account.and_then(|account| account.name());
        Some(Arrival::Greeted {
            name: name.unwrap_or_else(|| redeemed.email.clone()),
            redeemed,
        })
    }
}
