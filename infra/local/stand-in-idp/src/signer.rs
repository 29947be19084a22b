use std::fmt;
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use rcgen::{CertificateParams, DnType};
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::DecodePrivateKey as _;
use sha1::Sha1;

use crate::Algorithm;
use crate::signature::digest;

/// How long a certificate of [`Signer::generate`] lasts: longer than anything that uses it.
const FROM: &str = "2020-01-01T00:00:00Z";
const UNTIL: &str = "2045-01-01T00:00:00Z";

/// An RSA key of 2048 bits with its self-signed certificate.
pub struct Signer {
    pair: KeyPair,
    private_key: Vec<u8>,
    certificate: Vec<u8>,
}

/// Why there is no signer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key could be made.
    #[error("could not generate an RSA key")]
    Key,
    /// No certificate could be made for it.
    #[error("could not write the certificate")]
    Certificate(#[from] rcgen::Error),
    /// The certificate would be valid before 1970.
    #[error("a certificate cannot begin before 1970")]
    Validity,
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// A new key whose certificate is valid from 2020 to 2045.
    pub fn generate() -> Result<Self, Error> {
        let instant = |text: &str| text.parse::<Timestamp>().map_err(|_| Error::Validity);
        Self::with_validity(instant(FROM)?, instant(UNTIL)?)
    }

    /// A new key whose certificate is valid between these instants.
    pub fn with_validity(not_before: Timestamp, not_after: Timestamp) -> Result<Self, Error> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| Error::Key)?;
        let private_key = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)
            .map_err(|_| Error::Key)?
            .as_ref()
            .to_vec();

        let since_1970 = |instant: Timestamp| {
            let seconds = u64::try_from(instant.as_second()).map_err(|_| Error::Validity)?;
            Ok::<_, Error>(rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds))
        };
        let mut parameters = CertificateParams::default();
        parameters.not_before = since_1970(not_before)?;
        parameters.not_after = since_1970(not_after)?;
        parameters
            .distinguished_name
            .push(DnType::CommonName, "Stand-in identity provider");
        let certificate = parameters.self_signed(&rcgen::KeyPair::try_from(private_key.as_slice())?)?;

        Ok(Self {
            pair,
            private_key,
            certificate: certificate.der().to_vec(),
        })
    }

    /// The certificate as a PEM file.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// The certificate as it stands in metadata and signatures.
    #[must_use]
    pub fn certificate_base64(&self) -> String {
        BASE64_STANDARD.encode(&self.certificate)
    }

    /// The private key as a PEM file in PKCS #8.
    #[must_use]
    pub fn private_key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.private_key)
    }

    /// The signature over these bytes, in base64.
    ///
    /// # Panics
    ///
    /// If the key that was generated here cannot sign.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a key of 2048 bits that was made here signs a digest of any size it is asked for"
    )]
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> String {
        let encoding: &'static dyn RsaEncoding = match algorithm {
            Algorithm::Sha1 => return BASE64_STANDARD.encode(self.sign_sha1(message)),
            Algorithm::Sha256 => &RSA_PKCS1_SHA256,
            Algorithm::Sha384 => &RSA_PKCS1_SHA384,
            Algorithm::Sha512 => &RSA_PKCS1_SHA512,
        };
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(encoding, &SystemRandom::new(), message, &mut signature)
            .expect("the key signs");
        BASE64_STANDARD.encode(signature)
    }

    /// With another library, since the first one only verifies this.
    #[expect(clippy::expect_used, reason = "as in `sign`")]
    fn sign_sha1(&self, message: &[u8]) -> Vec<u8> {
        RsaPrivateKey::from_pkcs8_der(&self.private_key)
            .expect("the key is in PKCS #8")
            .sign(Pkcs1v15Sign::new::<Sha1>(), &digest(Algorithm::Sha1, message))
            .expect("the key signs")
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for (index, letter) in BASE64_STANDARD.encode(der).chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text + "\n-----END " + label + "-----\n"
}
