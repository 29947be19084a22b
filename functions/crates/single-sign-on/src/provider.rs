//! A tenant's identity provider.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Certificate, InvalidAddress, InvalidCertificate, address, provider_metadata};

/// Who signs a tenant's people in, and by which certificates it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Unchecked")]
pub struct IdentityProvider {
    entity_id: String,
    sign_on_url: String,
    certificates: Vec<Certificate>,
}

/// Why something is no [`IdentityProvider`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFault {
    /// The metadata is longer than 256 KiB, or has more than 10,000 elements.
    #[error("the metadata is longer than that of one provider can be")]
    MetadataTooLarge,
    /// The metadata is not well-formed XML, or holds a document type, entities or processing instructions.
    #[error("the metadata is not plain, well-formed XML")]
    MetadataNotXml,
    /// It is XML, but not SAML 2.0 metadata.
    #[error("the metadata is not SAML 2.0 metadata")]
    NotMetadata,
    /// It describes no identity provider.
    #[error("the metadata describes no identity provider")]
    NoIdentityProvider,
    /// It describes more than one identity provider.
    #[error("the metadata describes more than one identity provider")]
    SeveralIdentityProviders,
    /// The identity provider takes no requests by HTTP-Redirect.
    #[error("the metadata names no sign-on address for HTTP-Redirect")]
    NoRedirectBinding,
    /// The entity id is empty, longer than 1024 characters, or holds spaces or control characters.
    #[error("the entity id is not an identifier")]
    EntityId,
    /// The sign-on address cannot be used.
    #[error("the sign-on address cannot be used")]
    SignOnUrl(#[source] InvalidAddress),
    /// There is no certificate to verify with.
    #[error("there is no signing certificate")]
    NoCertificate,
    /// There are more certificates than two; of metadata, more that have not expired.
    #[error("there are more than two certificates")]
    TooManyCertificates,
    /// A certificate cannot be used.
    #[error("a certificate cannot be used")]
    Certificate(#[source] InvalidCertificate),
    /// A certificate has expired; of metadata, every one.
    #[error("a certificate has expired")]
    CertificateExpired,
    /// Certificates shall be kept of a provider with another entity id.
    #[error("the present provider is another one")]
    OtherProvider,
    /// With the certificates to be kept there are more than two.
    #[error("there are more than two certificates with those to be kept")]
    TooManyKept,
}

impl ProviderFault {
    /// The input that it is about, when values are given by hand; metadata as a whole is `metadataXml`.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::MetadataTooLarge
            | Self::MetadataNotXml
            | Self::NotMetadata
            | Self::NoIdentityProvider
            | Self::SeveralIdentityProviders
            | Self::NoRedirectBinding => "metadataXml",
            Self::EntityId => "entityId",
            Self::SignOnUrl(_) => "signOnUrl",
            Self::NoCertificate
            | Self::TooManyCertificates
            | Self::Certificate(_)
            | Self::CertificateExpired => "certificates",
            Self::OtherProvider | Self::TooManyKept => "keepCurrent",
        }
    }
}

impl IdentityProvider {
    /// As many certificates are pinned at once, so that a provider can change its key.
    const MOST_CERTIFICATES: usize = 2;

    /// Reads SAML 2.0 metadata of one identity provider: its HTTP-Redirect address, and its one or two signing certificates
    /// that have not expired, those that are valid already before those that will be. Which of more it signs with, nobody
    /// can tell.
    pub fn from_metadata(xml: &str, now: Timestamp) -> Result<Self, ProviderFault> {
        let described = provider_metadata::read(xml)?;
        let entity_id = entity_id(described.entity_id)?;
        let sign_on_url = sign_on_url(&described.sign_on_url)?;
        let mut unusable = ProviderFault::NoCertificate;
        let mut certificates: Vec<Certificate> = Vec::new();
        for text in described.certificates {
            match text.parse::<Certificate>() {
                Err(fault) => unusable = ProviderFault::Certificate(fault),
                Ok(certificate) if certificate.not_after() < now => {
                    unusable = ProviderFault::CertificateExpired;
                }
                Ok(certificate) if certificates.contains(&certificate) => {}
                Ok(certificate) => certificates.push(certificate),
            }
        }
        certificates
            .sort_by_key(|certificate| (certificate.not_before() > now, Reverse(certificate.not_before())));
        match certificates.len() {
            0 => return Err(unusable),
            1..=Self::MOST_CERTIFICATES => {}
            _ => return Err(ProviderFault::TooManyCertificates),
        }
        Ok(Self {
            entity_id,
            sign_on_url,
            certificates,
        })
    }

    /// Takes the values given by hand: one or two certificates, none of them expired. Reports every fault at once.
    pub fn from_values(
        entity_id: &str,
        sign_on_url: &str,
        certificates: &[String],
        now: Timestamp,
    ) -> Result<Self, Vec<ProviderFault>> {
        let provider = Self::checked(entity_id, sign_on_url, certificates)?;
        if provider
            .certificates
            .iter()
            .any(|certificate| certificate.not_after() < now)
        {
            return Err(vec![ProviderFault::CertificateExpired]);
        }
        Ok(provider)
    }

    /// With the certificates of the same provider that are pinned at present and valid now, until it has changed over.
    pub fn keeping(mut self, present: &Self, now: Timestamp) -> Result<Self, ProviderFault> {
        if self.entity_id != present.entity_id {
            return Err(ProviderFault::OtherProvider);
        }
        let mut certificates = present.certificates.clone();
        certificates
            .retain(|certificate| certificate.is_valid_at(now) && !self.certificates.contains(certificate));
        certificates.append(&mut self.certificates);
        if certificates.len() > Self::MOST_CERTIFICATES {
            return Err(ProviderFault::TooManyKept);
        }
        Ok(Self { certificates, ..self })
    }

    /// What it calls itself.
    #[must_use]
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Where requests go, by HTTP-Redirect.
    #[must_use]
    pub fn sign_on_url(&self) -> &str {
        &self.sign_on_url
    }

    /// The pinned certificates, one or two.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    fn checked(name: &str, address: &str, certificates: &[String]) -> Result<Self, Vec<ProviderFault>> {
        let mut faults = Vec::new();
        let entity_id = entity_id(name.trim().to_owned()).map_err(|fault| faults.push(fault));
        let sign_on_url = sign_on_url(address).map_err(|fault| faults.push(fault));
        let certificates = pinned(certificates).map_err(|fault| faults.push(fault));
        match (entity_id, sign_on_url, certificates) {
            (Ok(entity_id), Ok(sign_on_url), Ok(certificates)) => Ok(Self {
                entity_id,
                sign_on_url,
                certificates,
            }),
            _ => Err(faults),
        }
    }
}

fn pinned(texts: &[String]) -> Result<Vec<Certificate>, ProviderFault> {
    if texts.len() > IdentityProvider::MOST_CERTIFICATES {
        return Err(ProviderFault::TooManyCertificates);
    }
    let mut certificates: Vec<Certificate> = texts
        .iter()
        .map(|text| text.parse().map_err(ProviderFault::Certificate))
        .collect::<Result<_, _>>()?;
    certificates.dedup();
    if certificates.is_empty() {
        Err(ProviderFault::NoCertificate)
    } else {
        Ok(certificates)
    }
}

fn entity_id(text: String) -> Result<String, ProviderFault> {
    let fits =
        (1..=1024).contains(&text.len()) && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if fits {
        Ok(text)
    } else {
        Err(ProviderFault::EntityId)
    }
}

fn sign_on_url(text: &str) -> Result<String, ProviderFault> {
    let mut url = address::parse(text.trim()).map_err(ProviderFault::SignOnUrl)?;
    // The library would put its own question mark behind one that nothing follows.
    if url.query() == Some("") {
        url.set_query(None);
    }
    Ok(url.into())
}

/// What was stored, before it is believed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unchecked {
    entity_id: String,
    sign_on_url: String,
    certificates: Vec<String>,
}

impl TryFrom<Unchecked> for IdentityProvider {
    type Error = ProviderFault;

    fn try_from(stored: Unchecked) -> Result<Self, ProviderFault> {
        Self::checked(&stored.entity_id, &stored.sign_on_url, &stored.certificates)
            .map_err(|faults| faults.first().copied().unwrap_or(ProviderFault::EntityId))
    }
}
