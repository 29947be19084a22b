//! HiThrive as SAML's service provider: one for every tenant, all with the deployment's one key.

use std::fmt;

use jiff::Timestamp;
use provisioning::{EmailAddress, TenantId};
use ring::digest::{Context, SHA256};
use saml_rs::metadata::{
    Endpoint, IdpMetadataConfig, SpMetadataConfig, generate_idp_metadata, generate_sp_metadata,
};
use saml_rs::raw::Binding;
use saml_rs::{
    AcsEndpoint, AudienceValidationPolicy, EntityId, IdpDescriptor, MetadataTrustPolicy,
    NameIdCreationPolicy, NameIdFormat, RelayStateParam, Saml, SamlError, Sp, SpConfig, SpValidationPolicy,
    StartSso, XmlSignatureProfile,
};
use url::form_urlencoded;

use crate::certificate::hex;
use crate::{
    Certificate, IdentityProvider, InvalidAddress, Portal, RelayState, RequestId, SigningKey, address,
};

mod consume;

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// Makes requests and metadata, and judges answers.
#[derive(Debug, Clone)]
pub struct ServiceProvider {
    base: String,
    key: Option<SigningKey>,
}

/// A request, on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Where to send the browser.
    pub redirect: String,
    /// What the answer must name.
    pub request_id: RequestId,
}

/// What an answer must be to.
#[derive(Debug, Clone, Copy)]
pub enum Expected<'a> {
    /// A request of ours.
    AnswerTo {
        /// Its id.
        request_id: &'a RequestId,
        /// The relay state that went with it and came back.
        relay: &'a RelayState,
    },
    /// Nothing: the provider sent it by itself.
    Unsolicited,
}

/// An answer that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Whom it names.
    pub email: EmailAddress,
    /// What to remember, so that it is taken once.
    pub key: AssertionKey,
    /// Until when to remember it: from then on it is refused as expired.
    pub good_until: Timestamp,
}

/// Names one assertion of one issuer: a SHA-256 in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssertionKey(String);

/// A request or metadata could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Requests shall be signed, but the deployment has no key.
    #[error("there is no key to sign with")]
    NoKey,
    /// The key did not sign.
    #[error("the key did not sign")]
    Signature,
    /// The SAML library refused.
    #[error("the SAML library refused the settings")]
    Saml(#[source] Box<SamlError>),
}

impl From<SamlError> for SetupError {
    fn from(error: SamlError) -> Self {
        Self::Saml(Box::new(error))
    }
}

impl ServiceProvider {
    /// The service provider below a base address without a slash at its end, such as `https://hibob.hithrive.com`.
    pub fn new(base: &str, key: Option<SigningKey>) -> Result<Self, InvalidAddress> {
        address::parse_plain(base)?;
        if base.ends_with('/') {
            return Err(InvalidAddress::MoreThanAnAddress);
        }
        Ok(Self {
            base: base.to_owned(),
            key,
        })
    }

    /// What we call ourselves towards the tenant's provider; our metadata is to be found there.
    #[must_use]
    pub fn entity_id(&self, tenant: &TenantId) -> String {
        format!("{}/sso/metadata/{tenant}", self.base)
    }

    /// Where answers are to be posted.
    #[must_use]
    pub fn acs_url(&self, tenant: &TenantId) -> String {
        format!("{}/sso/acs/{tenant}", self.base)
    }

    /// The link to put on HiBob's dashboard.
    #[must_use]
    pub fn start_url(&self, tenant: &TenantId, portal: Portal) -> String {
        format!("{}/sso/start/{tenant}/{portal}", self.base)
    }

    /// Where an admin tries the settings.
    #[must_use]
    pub fn test_url(&self, tenant: &TenantId) -> String {
        format!("{}/sso/test/{tenant}", self.base)
    }

    /// Our SAML metadata for the tenant's provider.
    pub fn metadata(&self, tenant: &TenantId, sign_requests: bool) -> Result<String, SetupError> {
        let key = if sign_requests {
            Some(self.key.as_ref().ok_or(SetupError::NoKey)?)
        } else {
            None
        };
        Ok(generate_sp_metadata(&SpMetadataConfig {
            entity_id: self.entity_id(tenant),
            signing_certs: key.map(|key| key.certificate().to_base64()).into_iter().collect(),
            authn_requests_signed: sign_requests,
            // A wish: a signed response does as well.
            want_assertions_signed: true,
            name_id_format: vec![NameIdFormat::EmailAddress.as_uri().to_owned()],
            assertion_consumer_service: vec![Endpoint::new(Binding::Post, self.acs_url(tenant))],
            ..SpMetadataConfig::default()
        }))
    }

    /// A request to the tenant's provider, by HTTP-Redirect.
    pub fn start(
        &self,
        tenant: &TenantId,
        provider: &IdentityProvider,
        sign: bool,
        relay: &RelayState,
    ) -> Result<Started, SetupError> {
        let key = if sign {
            Some(self.key.as_ref().ok_or(SetupError::NoKey)?)
        } else {
            None
        };
        let relay = RelayStateParam::try_from_option(Some(relay.as_str()))?;
        let started = self.library(tenant)?.start_sso(
            &descriptor(provider, provider.certificates())?,
            StartSso::redirect().relay_state(relay),
        )?;
        let request_id = started.pending.request_id().as_str().parse();
        let redirect = started.outbound.redirect_url()?;
        Ok(Started {
            redirect: match key {
                None => redirect.to_owned(),
                Some(key) => signed(redirect, provider, key)?,
            },
            request_id: request_id.map_err(|_| SamlError::InvalidInResponseTo)?,
        })
    }

    /// The library's half of it.
    fn library(&self, tenant: &TenantId) -> Result<Saml<Sp>, SamlError> {
        let policy = SpValidationPolicy {
            xml_signatures: XmlSignatureProfile::StrictRsaSha2,
            audience: AudienceValidationPolicy::Validate,
            name_id_creation: NameIdCreationPolicy::AllowCreate,
            ..SpValidationPolicy::recommended()
        };
        let config = SpConfig::builder(EntityId::try_new(self.entity_id(tenant))?)
            .acs_endpoint(AcsEndpoint::post(self.acs_url(tenant))?)
            .name_id_format(NameIdFormat::EmailAddress)
            .validation(policy)
            .build()?;
        Saml::sp(config)
    }
}

/// The redirect with SAML's signature over its parameters, as they stand in it. Not by the library, which would use the key
/// without blinding, so that its time tells of it.
fn signed(redirect: &str, provider: &IdentityProvider, key: &SigningKey) -> Result<String, SetupError> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let redirect = format!("{redirect}&SigAlg={}", encoded(RSA_SHA256));
    let parameters = redirect
        .get(provider.sign_on_url().len() + 1..)
        .unwrap_or_default();
    let signature = key.sign(parameters.as_bytes()).ok_or(SetupError::Signature)?;
    Ok(format!("{redirect}&Signature={}", encoded(&signature)))
}

/// The provider as the library wants to hear of it, with these of its certificates.
fn descriptor(provider: &IdentityProvider, certificates: &[Certificate]) -> Result<IdpDescriptor, SamlError> {
    let metadata = generate_idp_metadata(&IdpMetadataConfig {
        entity_id: provider.entity_id().to_owned(),
        signing_certs: certificates.iter().map(Certificate::to_base64).collect(),
        single_sign_on_service: vec![Endpoint::new(Binding::Redirect, provider.sign_on_url())],
        ..IdpMetadataConfig::default()
    });
    // It was written a moment ago, by ourselves: there is nobody to sign it.
    IdpDescriptor::from_metadata_xml_for(
        EntityId::try_new(provider.entity_id())?,
        &metadata,
        MetadataTrustPolicy::UnsignedForCompatibility,
    )
}

impl AssertionKey {
    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(issuer: &str, assertion_id: &str) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(issuer.as_bytes());
        // Not an XML character: no issuer can end in another's beginning of an id.
        context.update(b"\0");
        context.update(assertion_id.as_bytes());
        Self(hex(context.finish().as_ref()))
    }
}

impl fmt::Display for AssertionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
