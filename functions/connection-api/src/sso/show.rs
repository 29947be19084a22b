//! Single sign-on as its admin sees it.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, ETag, Json, Problem};
use jiff::{SignedDuration, Timestamp};
use provisioning::TenantId;
use serde::Serialize;
use single_sign_on::{Certificate, IdentityProvider, Portal, ServiceProvider, SsoSettings};
use utoipa::ToSchema;

use super::Answer;
use super::people::SsoAdmin;
use crate::ConnectionApi;

/// From then on an admin is told that a certificate is about to expire.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Single sign-on from the HiBob dashboard
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SingleSignOn)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the page"
)]
pub(crate) struct SsoBody {
    service_provider: ServiceProviderBody,
    /// Null until somebody has saved one.
    provider: Option<ProviderView>,
    /// Whether HiThrive has a key to sign requests with. Without, `signRequests` cannot be switched on.
    can_sign_requests: bool,
    /// Whether HiThrive signs its requests to the provider.
    sign_requests: bool,
    /// Whether people may also begin at the provider's tile.
    allow_unsolicited: bool,
    /// Whether people can sign in this way.
    enabled: bool,
    /// Who may open the admin area.
    admins: Vec<SsoAdmin>,
    links: Links,
    /// Where an admin tries a sign-in and sees every check.
    #[schema(example = "https://hibob.hithrive.com/sso/test/acme")]
    test_url: String,
}

/// HiThrive as the identity provider needs to know it
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ServiceProvider)]
struct ServiceProviderBody {
    #[schema(example = "https://hibob.hithrive.com/sso/metadata/acme")]
    entity_id: String,
    /// Where the provider posts its answers.
    #[schema(example = "https://hibob.hithrive.com/sso/acs/acme")]
    acs_url: String,
    /// With `?signed=true` while requests are signed: then our certificate is in it.
    #[schema(example = "https://hibob.hithrive.com/sso/metadata/acme")]
    metadata_url: String,
}

/// The identity provider that signs the tenant's people in
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = IdentityProvider)]
pub(super) struct ProviderView {
    #[schema(example = "https://idp.example.com/metadata")]
    entity_id: String,
    #[schema(example = "https://idp.example.com/sign-on")]
    sign_on_url: String,
    /// One, or two while the provider changes over.
    certificates: Vec<CertificateView>,
}

/// A certificate with which the provider signs
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SigningCertificate)]
struct CertificateView {
    /// SHA-256.
    fingerprint: String,
    #[schema(example = "CN=idp.example.com")]
    subject: String,
    not_before: Timestamp,
    not_after: Timestamp,
    state: CertificateState,
}

/// Whether a certificate counts
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum CertificateState {
    Valid,
    /// Within 30 days.
    ExpiresSoon,
    Expired,
    NotYet,
}

/// The links for the HiBob dashboard, one for each portal
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Links {
    #[schema(example = "https://hibob.hithrive.com/sso/start/acme/admin")]
    admin: String,
    #[schema(example = "https://hibob.hithrive.com/sso/start/acme/reports")]
    reports: String,
    #[schema(example = "https://hibob.hithrive.com/sso/start/acme/rewards")]
    rewards: String,
}

/// Show single sign-on
///
/// What the identity provider needs to know of HiThrive, what is saved of the provider, and the links for the HiBob dashboard.
#[utoipa::path(get, path = "/api/sso", tag = "single sign-on",
    responses((status = 200, description = "Single sign-on as it is saved", body = SsoBody,
        headers(("ETag" = String, description = "Its version")))))]
pub(crate) async fn show_sso(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
) -> Result<Answer, Problem> {
    api.sso_body(&caller.tenant).await
}

impl ConnectionApi {
    pub(super) async fn sso_body(&self, tenant: &TenantId) -> Result<Answer, Problem> {
        let read = self.sso.read(tenant).await?;
        let admins = self.sso_admins(tenant, &read.value.admins).await?;
        let mut body = SsoBody::of(&self.service_provider, tenant, &read.value, self.clock.now());
        body.admins = admins;
        body.can_sign_requests = self.can_sign_requests;
        Ok((ETag(read.version), Json(body)))
    }
}

impl SsoBody {
    /// What the settings alone tell.
    fn of(service: &ServiceProvider, tenant: &TenantId, settings: &SsoSettings, now: Timestamp) -> Self {
        let link = |portal| service.start_url(tenant, portal);
        // By the library's rule our entity id is where our metadata is.
        let entity_id = service.entity_id(tenant);
        Self {
            service_provider: ServiceProviderBody {
                metadata_url: if settings.sign_requests {
                    format!("{entity_id}?signed=true")
                } else {
                    entity_id.clone()
                },
                entity_id,
                acs_url: service.acs_url(tenant),
            },
            provider: settings
                .provider
                .as_ref()
                .map(|provider| ProviderView::of(provider, now)),
            can_sign_requests: false,
            sign_requests: settings.sign_requests,
            allow_unsolicited: settings.allow_unsolicited,
            enabled: settings.enabled,
            admins: Vec::new(),
            links: Links {
                admin: link(Portal::Admin),
                reports: link(Portal::Reports),
                rewards: link(Portal::Rewards),
            },
            test_url: service.test_url(tenant),
        }
    }
}

impl ProviderView {
    pub(super) fn of(provider: &IdentityProvider, now: Timestamp) -> Self {
        let certificates = provider.certificates().iter();
        Self {
            entity_id: provider.entity_id().to_owned(),
            sign_on_url: provider.sign_on_url().to_owned(),
            certificates: certificates
                .map(|certificate| CertificateView::of(certificate, now))
                .collect(),
        }
    }
}

impl CertificateView {
    fn of(certificate: &Certificate, now: Timestamp) -> Self {
        Self {
            fingerprint: certificate.fingerprint(),
            subject: certificate.subject(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            state: CertificateState::of(certificate, now),
        }
    }
}

impl CertificateState {
    fn of(certificate: &Certificate, now: Timestamp) -> Self {
        if certificate.is_valid_at(now) {
            let is_soon = certificate.not_after().duration_since(now) < SOON;
            if is_soon { Self::ExpiresSoon } else { Self::Valid }
        } else if now < certificate.not_before() {
            Self::NotYet
        } else {
            Self::Expired
        }
    }
}

/// What an admin sees who has set everything up.
pub(crate) fn example(now: Timestamp) -> Option<SsoBody> {
    let service_provider = ServiceProvider::new("https://hibob.hithrive.com", None).ok()?;
    let settings = SsoSettings {
        enabled: true,
        ..SsoSettings::default()
    };
    let mut body = SsoBody::of(&service_provider, &"acme".parse().ok()?, &settings, now);
    body.admins = vec![SsoAdmin::example()?];
    body.can_sign_requests = true;
    body.provider = Some(ProviderView {
        entity_id: "https://idp.example.com/metadata".to_owned(),
        sign_on_url: "https://idp.example.com/sign-on".to_owned(),
        certificates: vec![CertificateView {
            fingerprint: ["5E:C1:0A:77"; 8].join(":"),
            subject: "CN=idp.example.com".to_owned(),
            not_before: now - SignedDuration::from_hours(24 * 100),
            not_after: now + SignedDuration::from_hours(24 * 900),
            state: CertificateState::Valid,
        }],
    });
    Some(body)
}
