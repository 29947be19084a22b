//! The tenant's identity provider.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, Fault, IfMatch, Json, Problem};
use jiff::Timestamp;
use serde::Deserialize;
use single_sign_on::{IdentityProvider, ProviderFault, SsoSettings};
use utoipa::ToSchema;

use super::options::vouches_at;
use super::provider_words::{Origin, sentence};
use super::show::{ProviderView, SsoBody};
use super::{Answer, SaveSsoProblems};
use crate::ConnectionApi;

const EITHER: &str =
    "Send the provider's metadata, or its entity ID, sign-on URL and certificates: one of the two.";
const NOBODY_YET: &str = "No certificate here is valid yet, so nobody could sign in. Add the one that your provider \
    signs with today, or switch single sign-on off first.";

/// An identity provider: its metadata, or its values by hand
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"entityId": "https://idp.example.com/metadata", "signOnUrl": "https://idp.example.com/sign-on",
    "certificates": ["-----BEGIN CERTIFICATE-----\nMIIC…\n-----END CERTIFICATE-----"]}))]
pub(crate) struct SsoProvider {
    /// The SAML 2.0 metadata of one identity provider.
    metadata_xml: Option<String>,
    /// What the provider calls itself.
    entity_id: Option<String>,
    /// Where it takes requests by HTTP-Redirect: https.
    sign_on_url: Option<String>,
    /// The certificates that it signs with, in PEM or base64.
    #[schema(min_items = 1, max_items = 2)]
    certificates: Option<Vec<String>>,
    /// Whether the certificate that the same provider signs with at present stays beside a new one, until it has changed
    /// over.
    #[serde(default)]
    keep_current: bool,
}

/// Say which identity provider signs people in
///
/// Takes `metadataXml` alone, or `entityId`, `signOnUrl` and `certificates`. Of metadata the signing certificates that have
/// not expired count, two at most. With `keepCurrent` the present ones that are valid now stay, if the entity ID is the same
/// and there are no more than two in all. After a `stale-edit`, `current` is what is saved now and `currentVersion` its version.
#[utoipa::path(put, path = "/api/sso/provider", tag = "single sign-on", request_body = SsoProvider,
    params(("If-Match" = String, Header, description = "The ETag of what was read", example = "\"3\"")),
    responses(
        (status = 200, description = "Single sign-on as it is now", body = SsoBody,
            headers(("ETag" = String, description = "Its version"))),
        SaveSsoProblems,
    ))]
pub(crate) async fn replace_sso_provider(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(sent): Json<SsoProvider>,
) -> Result<Answer, Problem> {
    let now = api.clock.now();
    let keep_current = sent.keep_current;
    let (provider, place) = sent
        .read(now)
        .map_err(|faults| Problem::invalid_request(&faults))?;
    let view = move |settings: &SsoSettings| {
        settings
            .provider
            .as_ref()
            .map(|saved| ProviderView::of(saved, now))
    };
    let edit = |settings: &mut SsoSettings| {
        let kept = settings.provider.as_ref().filter(|_| keep_current);
        let provider = match kept.map(|present| provider.clone().keeping(present, now)) {
            Some(Err(fault)) => return vec![fault_at_field(fault)],
            Some(Ok(both)) => both,
            None => provider,
        };
        let is_useless = settings.enabled && !vouches_at(&provider, now);
        settings.provider = Some(provider);
        if is_useless {
            vec![Fault::new(place, NOBODY_YET)]
        } else {
            Vec::new()
        }
    };
    api.edit_sso(&caller.tenant, version, view, edit).await
}

impl SsoProvider {
    /// The provider, and where its certificates were given.
    fn read(self, now: Timestamp) -> Result<(IdentityProvider, &'static str), Vec<Fault>> {
        let by_hand = self.entity_id.is_some() || self.sign_on_url.is_some() || self.certificates.is_some();
        match self.metadata_xml {
            Some(xml) if !by_hand => IdentityProvider::from_metadata(&xml, now)
                .map(|provider| (provider, "/metadataXml"))
                .map_err(|fault| vec![Fault::new("/metadataXml", sentence(fault, Origin::Metadata))]),
            None if by_hand => IdentityProvider::from_values(
                &self.entity_id.unwrap_or_default(),
                &self.sign_on_url.unwrap_or_default(),
                &self.certificates.unwrap_or_default(),
                now,
            )
            .map(|provider| (provider, "/certificates"))
            .map_err(|faults| faults.into_iter().map(fault_at_field).collect()),
            _ => Err(vec![Fault::new("", EITHER)]),
        }
    }
}

fn fault_at_field(fault: ProviderFault) -> Fault {
    Fault::new(format!("/{}", fault.field()), sentence(fault, Origin::ByHand))
}
