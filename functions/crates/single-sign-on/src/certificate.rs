//! The certificates that an identity provider signs with.

use std::fmt::{self, Write};
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use pkcs1::RsaPublicKey;
use pkcs1::der::asn1::ObjectIdentifier;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use x509_cert::der::{Decode, Encode};
use x509_cert::time::Time;

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Fewer bits than this are no longer safe to sign with.
const FEWEST_BITS: usize = 2048;

/// More bytes than this no certificate has that a provider signs with.
const LONGEST: usize = 16 * 1024;

/// An X.509 certificate with an RSA key of 2048 bits or more. It is pinned: its issuer and its chain mean nothing, its key
/// and its dates do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Certificate {
    der: Vec<u8>,
    public_key: Vec<u8>,
    subject: String,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// Why a text is no [`Certificate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCertificate {
    /// It is neither PEM nor base64 of an X.509 certificate, or more than one.
    #[error("not one X.509 certificate in PEM or base64")]
    Unreadable,
    /// Its key is of another kind.
    #[error("not a certificate of an RSA key")]
    NotRsa,
    /// Its key is too short.
    #[error("an RSA key of fewer than 2048 bits")]
    WeakKey,
}

impl Certificate {
    /// The SHA-256 of the certificate: 32 pairs of capital hexadecimal digits, with colons between them.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = digest(&SHA256, &self.der);
        let pairs: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }

    /// Whose it is, as the certificate writes it: `CN=…,O=…`.
    #[must_use]
    pub fn subject(&self) -> String {
        self.subject.clone()
    }

    /// From when it is valid.
    #[must_use]
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Until when it is valid.
    #[must_use]
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether it is valid at the instant.
    #[must_use]
    pub fn is_valid_at(&self, instant: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&instant)
    }

    /// The certificate in base64, without the lines of PEM.
    pub(crate) fn to_base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// The public key as PKCS #1 writes it.
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    fn from_der(der: Vec<u8>) -> Result<Self, InvalidCertificate> {
        use InvalidCertificate::{NotRsa, Unreadable, WeakKey};
        let parsed = x509_cert::Certificate::from_der(&der).map_err(|_| Unreadable)?;
        // What is stored must be what was read, to the byte.
        if parsed.to_der().ok().as_ref() != Some(&der) {
            return Err(Unreadable);
        }
        let certificate = &parsed.tbs_certificate;
        let key = &certificate.subject_public_key_info;
        if key.algorithm.oid != RSA_ENCRYPTION {
            return Err(NotRsa);
        }
        let public_key = key.subject_public_key.as_bytes().ok_or(Unreadable)?.to_vec();
        let rsa = RsaPublicKey::from_der(&public_key).map_err(|_| Unreadable)?;
        let modulus = rsa.modulus.as_bytes();
        let bits = modulus.len() * 8 - modulus.first().map_or(0, |first| first.leading_zeros() as usize);
        if bits < FEWEST_BITS {
            return Err(WeakKey);
        }
        Ok(Self {
            public_key,
            subject: certificate.subject.to_string(),
            not_before: instant(certificate.validity.not_before).ok_or(Unreadable)?,
            not_after: instant(certificate.validity.not_after).ok_or(Unreadable)?,
            der,
        })
    }
}

fn instant(time: Time) -> Option<Timestamp> {
    Timestamp::try_from(time.to_system_time()).ok()
}

impl FromStr for Certificate {
    type Err = InvalidCertificate;

    fn from_str(text: &str) -> Result<Self, InvalidCertificate> {
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &ALPHABET,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let text = text.trim();
        let body = match text.strip_prefix("-----BEGIN CERTIFICATE-----") {
            Some(rest) => rest
                .strip_suffix("-----END CERTIFICATE-----")
                .ok_or(InvalidCertificate::Unreadable)?,
            None => text,
        };
        if body.len() > LONGEST {
            return Err(InvalidCertificate::Unreadable);
        }
        let base64: String = body.split_ascii_whitespace().collect();
        let der = LENIENT
            .decode(base64)
            .map_err(|_| InvalidCertificate::Unreadable)?;
        Self::from_der(der)
    }
}

impl TryFrom<String> for Certificate {
    type Error = InvalidCertificate;

    fn try_from(text: String) -> Result<Self, InvalidCertificate> {
        text.parse()
    }
}

impl From<Certificate> for String {
    fn from(certificate: Certificate) -> Self {
        certificate.to_base64()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Certificate").field(&self.fingerprint()).finish()
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut digits, byte| {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}
