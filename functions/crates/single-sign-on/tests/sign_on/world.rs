//! A tenant, its provider, a request, and answers to it.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use provisioning::TenantId;
use single_sign_on::{
    Assertion, Expected, IdentityProvider, Refusal, RelayState, RequestId, ServiceProvider,
};
use stand_in_idp::{Answer, Signer};

pub(crate) const ISSUER: &str = "http://www.provider.example/exk1fcia6d6EMsf331d8";
pub(crate) const SIGN_ON_URL: &str = "https://acme.provider.example/app/exk1fcia6d6EMsf331d8/sso/saml";

/// The provider's key, the one that it rolls to, and somebody else's.
pub(crate) static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::generate().unwrap());
pub(crate) static NEXT: LazyLock<Signer> = LazyLock::new(|| Signer::generate().unwrap());
pub(crate) static STRANGER: LazyLock<Signer> = LazyLock::new(|| Signer::generate().unwrap());

pub(crate) fn now() -> Timestamp {
    at("2026-11-24T09:00:00Z")
}

pub(crate) fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

pub(crate) fn tenant() -> TenantId {
    "acme".parse().unwrap()
}

pub(crate) fn service() -> ServiceProvider {
    ServiceProvider::new("https://hibob.hithrive.example", None).unwrap()
}

pub(crate) fn request_id() -> RequestId {
    "_0b5c1b6e-1f7d-4f3c-9f7e-0d6f3f1f8f11".parse().unwrap()
}

pub(crate) fn relay() -> RelayState {
    RelayState::from_random([7; 16])
}

pub(crate) fn provider_with(signers: &[&Signer]) -> IdentityProvider {
    let certificates: Vec<String> = signers.iter().map(|signer| signer.certificate_pem()).collect();
    IdentityProvider::from_values(ISSUER, SIGN_ON_URL, &certificates, at("2020-06-01T00:00:00Z")).unwrap()
}

/// A good answer to the request, to bend.
pub(crate) fn answer() -> Answer {
    unsolicited().answering(request_id().as_str())
}

/// A good answer to no request.
pub(crate) fn unsolicited() -> Answer {
    let service = service();
    Answer::to(
        &service.entity_id(&tenant()),
        &service.acs_url(&tenant()),
        ISSUER,
        "ada@acme.example",
        now(),
    )
}

/// What becomes of an answer to the request, at the instant.
pub(crate) fn consumed_at(
    provider: &IdentityProvider,
    posted: &str,
    now: Timestamp,
) -> Result<Assertion, Refusal> {
    let (request_id, relay) = (request_id(), relay());
    let expected = Expected::AnswerTo {
        request_id: &request_id,
        relay: &relay,
    };
    service().consume(&tenant(), provider, posted, expected, now)
}

/// What becomes of XML as the answer to the request, with the provider's key pinned.
pub(crate) fn consumed_xml(xml: &str) -> Result<Assertion, Refusal> {
    consumed_at(&provider_with(&[&SIGNER]), &STANDARD.encode(xml), now())
}

/// What becomes of an answer to the request, with the provider's key pinned.
pub(crate) fn consumed(answer: &Answer) -> Result<Assertion, Refusal> {
    consumed_xml(&answer.xml(&SIGNER))
}

pub(crate) fn refused(answer: &Answer) -> Option<Refusal> {
    consumed(answer).err()
}

pub(crate) fn consumed_unsolicited(answer: &Answer) -> Result<Assertion, Refusal> {
    let provider = provider_with(&[&SIGNER]);
    service().consume(
        &tenant(),
        &provider,
        &answer.post(&SIGNER),
        Expected::Unsolicited,
        now(),
    )
}
