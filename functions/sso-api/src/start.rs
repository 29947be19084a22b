//! Sending a browser to its tenant's identity provider.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use single_sign_on::{DeepLink, PENDING_LIFETIME, Pending, Purpose, RelayState};

use crate::denial::Denial;
use crate::visit::{Reached, Visit, guarded};
use crate::{SsoApi, cookie};

/// Start a sign-in
///
/// The link that an admin puts on HiBob's dashboard. Sends the browser to the tenant's identity provider, and keeps nothing
/// but a cookie in the browser, for ten minutes. Public.
#[utoipa::path(get, path = "/sso/start/{tenant}/{portal}", tag = "browser", security(()),
    params(
        ("tenant" = String, Path, description = "Whose people sign in", example = "acme"),
        ("portal" = single_sign_on::Portal, Path, description = "Where to"),
        ("to" = Option<String>, Query, description = "A page below the portal's address", example = "/wishlist?sort=new")),
    responses(
        (status = 302, description = "To the identity provider", headers(("Location" = String), ("Set-Cookie" = String))),
        (status = 400, description = "A page: `to` is no page of a portal, or a page fetched the link", body = String, content_type = "text/html"),
        (status = 403, description = "A page: requests have to be signed, and there is no key", body = String, content_type = "text/html"),
        (status = 404, description = "A page: nobody can sign in here", body = String, content_type = "text/html"),
        (status = 500, description = "A page: our fault", body = String, content_type = "text/html"),
        (status = 503, description = "A page: later, please", body = String, content_type = "text/html")))]
pub(crate) async fn start_sign_in(
    State(api): State<Arc<SsoApi>>,
    mut visit: Visit,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let reached = guarded(open(&api, &mut visit, query.as_deref(), &headers)).await;
    visit.answer(&api, reached)
}

/// Start a test sign-in
///
/// As a sign-in, but it ends at a page that shows each check, and works before single sign-on is switched on. Public.
#[utoipa::path(get, path = "/sso/test/{tenant}", tag = "browser", security(()),
    params(("tenant" = String, Path, description = "Whose settings are tried", example = "acme")),
    responses(
        (status = 302, description = "To the identity provider", headers(("Location" = String), ("Set-Cookie" = String))),
        (status = 400, description = "A page: another page fetched the link", body = String, content_type = "text/html"),
        (status = 403, description = "A page: requests have to be signed, and there is no key", body = String, content_type = "text/html"),
        (status = 404, description = "A page: there is no provider yet", body = String, content_type = "text/html"),
        (status = 500, description = "A page: our fault", body = String, content_type = "text/html"),
        (status = 503, description = "A page: later, please", body = String, content_type = "text/html")))]
pub(crate) async fn start_test(
    State(api): State<Arc<SsoApi>>,
    mut visit: Visit,
    headers: HeaderMap,
) -> Response {
    visit.wanted = Some(Purpose::Test);
    let reached = guarded(ask(&api, &visit, Purpose::Test, &headers)).await;
    visit.answer(&api, reached)
}

async fn open(
    api: &SsoApi,
    visit: &mut Visit,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Reached, Denial> {
    let portal = visit.portal().ok_or(Denial::NotOffered)?;
    let deep_link = deep_link(query.unwrap_or_default())?;
    let purpose = Purpose::Open { portal, deep_link };
    visit.wanted = Some(purpose.clone());
    ask(api, visit, purpose, headers).await
}

async fn ask(api: &SsoApi, visit: &Visit, purpose: Purpose, headers: &HeaderMap) -> Result<Reached, Denial> {
    if !is_followed(headers) {
        return Err(Denial::NotFollowed);
    }
    let tenant = visit.tenant()?;
    let (settings, provider) = api.provider(&tenant).await?;
    if !settings.enabled && purpose != Purpose::Test {
        return Err(Denial::NotOffered);
    }
    let relay = RelayState::from_random(api.random()?);
    let started = api
        .service
        .start(&tenant, &provider, settings.sign_requests, &relay)?;
    let now = api.clock.now();
    let pending = Pending {
        tenant,
        purpose,
        request_id: started.request_id,
        relay: relay.clone(),
        expires_at: now.saturating_add(PENDING_LIFETIME).unwrap_or(now),
    };

    let mut response = redirect(StatusCode::FOUND, &started.redirect)?;
    let kept = cookie::keep(&relay, &api.seal.seal(&pending));
    for cookie in cookie::take_back_surplus(headers).into_iter().chain(kept) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(Reached::new("started", response))
}

/// Whether somebody follows a link. A page that fetches it, as an image for instance, would fill the browser with requests, and
/// so push out the one that the person is in the middle of. A browser that does not say is believed.
fn is_followed(headers: &HeaderMap) -> bool {
    let mode = headers.get("sec-fetch-mode");
    mode.is_none_or(|mode| mode == "navigate")
}

/// The one parameter `to`, if it is there. What else stands in the query, campaigns' parameters for instance, is nobody's
/// concern.
fn deep_link(query: &str) -> Result<Option<DeepLink>, Denial> {
    let parameters = form_urlencoded::parse(query.as_bytes());
    let mut links = parameters.filter(|(name, _)| name == "to").map(|(_, link)| link);
    match (links.next(), links.next()) {
        (link, None) => link
            .map(|link| link.parse().map_err(|_| Denial::BadDeepLink))
            .transpose(),
        (_, Some(_)) => Err(Denial::BadDeepLink),
    }
}

/// An answer that sends the browser on.
pub(crate) fn redirect(status: StatusCode, location: &str) -> Result<Response, Denial> {
    let location = HeaderValue::try_from(location).map_err(|error| Denial::fault(error, false))?;
    Ok((status, [(LOCATION, location)]).into_response())
}
