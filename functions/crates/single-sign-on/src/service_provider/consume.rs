//! From what was posted to who signs in. The library verifies; before and after it, strings and instants are checked.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use provisioning::{EmailAddress, TenantId};
use saml_rs::{
    AcsEndpoint, BrowserInput, ClockSkew, EntityId, FormField, MessageId, PendingAuthnRequest,
    RelayStateParam, ReplayPolicy, SamlError, SamlValidationContext, SsoResponse, SsoResponseBinding,
    SsoSession,
};

use super::{Assertion, AssertionKey, Expected, ServiceProvider, descriptor};
use crate::claims::{Claims, decoded};
use crate::{Certificate, Check, IdentityProvider, Refusal};

/// How far the provider's clock and ours may be apart.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// An assertion is taken for this long after it was issued, however long it says that it is good. Providers give theirs
/// from minutes to more than an hour; a browser posts it at once.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_mins(10);

impl ServiceProvider {
    /// Judges an answer as it was posted, in base64. It is taken if the tenant's provider signed it with a pinned
    /// certificate, for us, to what is expected, good now, and naming a person by e-mail.
    ///
    /// What is accepted must still be accepted once only: remember [`Assertion::key`].
    pub fn consume(
        &self,
        tenant: &TenantId,
        provider: &IdentityProvider,
        saml_response: &str,
        expected: Expected<'_>,
        now: Timestamp,
    ) -> Result<Assertion, Refusal> {
        let claims = Claims::of(saml_response)?;
        if !claims.succeeded {
            return Err(Refusal::StatusNotSuccess);
        }
        if let Some(fault) = claims.signature_fault {
            return Err(fault);
        }
        let answer = Answer {
            service: self,
            tenant,
            provider,
            saml_response,
            expected,
            now,
        };
        let (valid, lapsed): (Vec<Certificate>, Vec<Certificate>) = provider
            .certificates()
            .iter()
            .cloned()
            .partition(|certificate| certificate.is_valid_at(now));
        let verified = answer.verified(&valid);
        if let Err(Refusal::BadSignature) = verified
            && !matches!(answer.verified(&lapsed), Err(Refusal::BadSignature))
        {
            return Err(Refusal::CertificateExpired);
        }
        let session = match verified {
            Ok(session) => session,
            Err(refusal) if refusal.check() <= Check::Signature => return Err(refusal),
            // The signature is good, and something behind it is not: our own checks say it in their order.
            Err(refusal) => return Err(answer.accepted(&claims).err().unwrap_or(refusal)),
        };
        if !same_reading(&claims, &session) {
            return Err(Refusal::Wrapped);
        }
        answer.accepted(&claims)
    }
}

struct Answer<'a> {
    service: &'a ServiceProvider,
    tenant: &'a TenantId,
    provider: &'a IdentityProvider,
    saml_response: &'a str,
    expected: Expected<'a>,
    now: Timestamp,
}

impl Answer<'_> {
    /// What the library takes out of the answer, if one of the certificates verifies it.
    fn verified(&self, certificates: &[Certificate]) -> Result<SsoSession, Refusal> {
        if certificates.is_empty() {
            return Err(Refusal::BadSignature);
        }
        self.session(certificates).map_err(|error| refusal(&error))
    }

    fn session(&self, certificates: &[Certificate]) -> Result<SsoSession, SamlError> {
        let library = self.service.library(self.tenant)?;
        let descriptor = descriptor(self.provider, certificates)?;
        // Remembering assertions is the store's.
        let context =
            SamlValidationContext::new(SystemTime::from(self.now), ReplayPolicy::DisabledForCompatibility)
                .with_clock_skew(ClockSkew::from_millis(-skew_millis(), skew_millis()));
        let plain = STANDARD.encode(decoded(self.saml_response).unwrap_or_default());
        let response = FormField::new("SAMLResponse", plain);
        match self.expected {
            Expected::Unsolicited => library.accept_unsolicited_sso(
                &descriptor,
                BrowserInput::<SsoResponse>::post(vec![response]),
                context,
            ),
            Expected::AnswerTo { request_id, relay } => {
                let pending = PendingAuthnRequest::try_new(
                    MessageId::try_new(request_id.as_str())?,
                    RelayStateParam::try_from_option(Some(relay.as_str()))?,
                    AcsEndpoint::post(self.service.acs_url(self.tenant))?,
                    SsoResponseBinding::Post,
                    EntityId::try_new(self.provider.entity_id())?,
                )?;
                let fields = vec![response, FormField::new("RelayState", relay.as_str())];
                library.finish_sso(
                    &descriptor,
                    &pending,
                    BrowserInput::<SsoResponse>::post(fields),
                    context,
                )
            }
        }
    }

    /// Our own checks, after the signature, in the order of [`Check`].
    fn accepted(&self, claims: &Claims) -> Result<Assertion, Refusal> {
        if !claims
            .issuers
            .iter()
            .all(|issuer| issuer == self.provider.entity_id())
        {
            return Err(Refusal::OtherIssuer);
        }
        self.check_request(claims)?;
        self.check_addressee(claims)?;
        let good_until = self.check_time(claims)?;
        let name = claims
            .name_id
            .as_deref()
            .filter(|name| !name.is_empty())
            .ok_or(Refusal::NoNameId)?;
        // Addresses are compared in lower case, where such a character is somebody else's letter.
        if name.chars().any(becomes_ascii) {
            return Err(Refusal::NameIdNotEmail);
        }
        let email: EmailAddress = name.parse().map_err(|_| Refusal::NameIdNotEmail)?;
        Ok(Assertion {
            email,
            key: AssertionKey::of(self.provider.entity_id(), &claims.assertion_id),
            good_until,
        })
    }

    /// The confirmation is inside of what is signed, the response may not be: both must agree.
    fn check_request(&self, claims: &Claims) -> Result<(), Refusal> {
        let confirmed = claims
            .confirmation
            .as_ref()
            .and_then(|to| to.in_response_to.as_deref());
        match self.expected {
            Expected::Unsolicited if confirmed.is_some() || claims.in_response_to.is_some() => {
                Err(Refusal::UnknownRequest)
            }
            Expected::Unsolicited => Ok(()),
            Expected::AnswerTo { request_id, .. } => match (confirmed, claims.in_response_to.as_deref()) {
                (Some(inner), Some(outer)) if inner == request_id.as_str() && outer == inner => Ok(()),
                (None, _) | (_, None) => Err(Refusal::NoRequest),
                _ => Err(Refusal::OtherRequest),
            },
        }
    }

    fn check_addressee(&self, claims: &Claims) -> Result<(), Refusal> {
        let acs_url = self.service.acs_url(self.tenant);
        let entity_id = self.service.entity_id(self.tenant);
        if claims
            .destination
            .as_ref()
            .is_some_and(|destination| *destination != acs_url)
        {
            return Err(Refusal::OtherDestination);
        }
        let for_us = |recipient: &Option<String>| recipient.as_ref() == Some(&acs_url);
        if !claims
            .confirmation
            .as_ref()
            .is_some_and(|to| to.bearer && for_us(&to.recipient))
        {
            return Err(Refusal::OtherRecipient);
        }
        let restricted_to_us = claims
            .audiences
            .iter()
            .all(|audiences| audiences.contains(&entity_id));
        if claims.audiences.is_empty() || !restricted_to_us {
            return Err(Refusal::OtherAudience);
        }
        Ok(())
    }

    /// From when until when the assertion is taken, with the skew on either side; the end is returned.
    fn check_time(&self, claims: &Claims) -> Result<Timestamp, Refusal> {
        let confirmation = claims.confirmation.as_ref();
        let issued_at = instant(claims.issued_at.as_deref())?.ok_or(Refusal::NoTimes)?;
        let until =
            instant(confirmation.and_then(|to| to.not_on_or_after.as_deref()))?.ok_or(Refusal::NoTimes)?;
        let beginnings = [
            Some(issued_at),
            instant(confirmation.and_then(|to| to.not_before.as_deref()))?,
            instant(claims.not_before.as_deref())?,
        ];
        if beginnings
            .into_iter()
            .flatten()
            .any(|beginning| later(self.now) < beginning)
        {
            return Err(Refusal::NotYetValid);
        }
        let ends = [Some(until), instant(claims.not_on_or_after.as_deref())?];
        let life = issued_at.saturating_add(LONGEST_LIFE).unwrap_or(issued_at);
        let good_until = later(ends.into_iter().flatten().fold(life, Timestamp::min));
        if self.now < good_until {
            Ok(good_until)
        } else {
            Err(Refusal::Expired)
        }
    }
}

/// Whether the library took what we read.
fn same_reading(claims: &Claims, session: &SsoSession) -> bool {
    let confirmed = claims
        .confirmation
        .as_ref()
        .and_then(|to| to.in_response_to.as_deref());
    claims.name_id.as_deref() == Some(session.name_id().value().trim())
        && claims.assertion_id == session.assertion_id().as_str()
        && claims.issuers.last().map(String::as_str) == Some(session.issuer().as_str().trim())
        && claims.in_response_to.as_deref() == session.in_response_to().map(MessageId::as_str)
        && confirmed == claims.in_response_to.as_deref()
}

/// Whether a character is not ASCII but its lower case is, as of the Kelvin sign.
fn becomes_ascii(c: char) -> bool {
    !c.is_ascii() && c.to_lowercase().all(|lower| lower.is_ascii())
}

fn later(instant: Timestamp) -> Timestamp {
    instant.saturating_add(CLOCK_SKEW).unwrap_or(instant)
}

fn skew_millis() -> i64 {
    CLOCK_SKEW.as_secs() * 1000
}

fn instant(text: Option<&str>) -> Result<Option<Timestamp>, Refusal> {
    text.map(|text| text.trim().parse().map_err(|_| Refusal::NoTimes))
        .transpose()
}

/// The library's word for it in ours. Whatever it refuses is refused, by whichever name.
fn refusal(error: &SamlError) -> Refusal {
    match error {
        SamlError::Xml(_) | SamlError::Base64(_) => Refusal::NotXml,
        SamlError::StatusNotSuccess { .. } | SamlError::UndefinedStatus | SamlError::FailedStatus { .. } => {
            Refusal::StatusNotSuccess
        }
        SamlError::SignatureMissing => Refusal::Unsigned,
        SamlError::AlgorithmUnsupported => Refusal::WeakAlgorithm,
        SamlError::PotentialWrappingAttack
        | SamlError::SignedReferenceMismatch
        | SamlError::ReferenceResolution { .. }
        | SamlError::AssertionSignatureRequired => Refusal::Wrapped,
        SamlError::SignatureVerification { .. }
        | SamlError::CertificateMismatch
        | SamlError::NoTrustedCertificate
        | SamlError::Crypto(_) => Refusal::BadSignature,
        SamlError::IssuerMismatch { .. } => Refusal::OtherIssuer,
        SamlError::InResponseToMismatch { .. } => Refusal::OtherRequest,
        SamlError::DestinationMismatch { .. } => Refusal::OtherDestination,
        SamlError::SubjectConfirmationInvalid { .. } => Refusal::OtherRecipient,
        SamlError::AudienceMismatch { .. } => Refusal::OtherAudience,
        SamlError::TimeWindowInvalid { .. } | SamlError::UnrecognizedCondition { .. } => {
            Refusal::UnmetCondition
        }
        // The last thing that it does is to look for the name.
        SamlError::Invalid(_) => Refusal::NoNameId,
        _ => Refusal::NotAResponse,
    }
}
