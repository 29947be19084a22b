//! On or off, and how.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, Fault, IfMatch, Json, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use single_sign_on::{IdentityProvider, SsoSettings};
use utoipa::ToSchema;

use super::show::SsoBody;
use super::{Answer, SaveSsoProblems};
use crate::ConnectionApi;

const NO_KEY: &str =
    "HiThrive has no key to sign its requests with yet. Ask HiThrive's support to prepare it first.";

/// How people sign in
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"enabled": true, "allowUnsolicited": false, "signRequests": false}))]
pub(crate) struct SsoOptions {
    /// Whether people can sign in this way. Needs a provider with a certificate that is valid now.
    enabled: bool,
    /// Whether people may also begin at the provider's tile.
    allow_unsolicited: bool,
    /// Whether HiThrive signs its requests to the provider. Needs `canSignRequests`.
    sign_requests: bool,
}

/// Switch single sign-on on or off
///
/// After a `stale-edit`, `current` is what is saved now and `currentVersion` its version.
#[utoipa::path(put, path = "/api/sso/options", tag = "single sign-on", request_body = SsoOptions,
    params(("If-Match" = String, Header, description = "The ETag of what was read", example = "\"3\"")),
    responses(
        (status = 200, description = "Single sign-on as it is now", body = SsoBody,
            headers(("ETag" = String, description = "Its version"))),
        SaveSsoProblems,
    ))]
pub(crate) async fn replace_sso_options(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(options): Json<SsoOptions>,
) -> Result<Answer, Problem> {
    let now = api.clock.now();
    let can_sign = api.can_sign_requests;
    let edit = move |settings: &mut SsoSettings| options.apply_to(settings, can_sign, now);
    api.edit_sso(&caller.tenant, version, SsoOptions::of, edit).await
}

impl SsoOptions {
    fn of(settings: &SsoSettings) -> Self {
        Self {
            enabled: settings.enabled,
            allow_unsolicited: settings.allow_unsolicited,
            sign_requests: settings.sign_requests,
        }
    }

    /// What is on already may stay on: the other options can still be changed after the last certificate has expired, or
    /// HiThrive's key has gone.
    fn apply_to(self, settings: &mut SsoSettings, can_sign: bool, now: Timestamp) -> Vec<Fault> {
        let is_switched_on = self.enabled && !settings.enabled;
        let is_to_be_signed = self.sign_requests && !settings.sign_requests;
        settings.enabled = self.enabled;
        settings.allow_unsolicited = self.allow_unsolicited;
        settings.sign_requests = self.sign_requests;
        let enabled = is_switched_on.then(|| unable(settings.provider.as_ref(), now));
        let sign_requests = (is_to_be_signed && !can_sign).then_some(NO_KEY);
        let enabled = enabled.flatten().map(|why| Fault::new("/enabled", why));
        let sign_requests = sign_requests.map(|why| Fault::new("/signRequests", why));
        enabled.into_iter().chain(sign_requests).collect()
    }
}

/// Why nobody could sign in, if so.
fn unable(provider: Option<&IdentityProvider>, now: Timestamp) -> Option<&'static str> {
    match provider {
        None => Some("Save your identity provider first."),
        Some(provider) if vouches_at(provider, now) => None,
        Some(_) => Some(
            "None of your identity provider's certificates is valid now. Save its present metadata first.",
        ),
    }
}

/// Whether what the provider signs can be believed at an instant.
pub(super) fn vouches_at(provider: &IdentityProvider, now: Timestamp) -> bool {
    provider
        .certificates()
        .iter()
        .any(|certificate| certificate.is_valid_at(now))
}
