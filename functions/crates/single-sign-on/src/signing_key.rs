//! The deployment's own key, for requests to providers that want them signed.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256};
use secrecy::{ExposeSecret, SecretString};

use crate::{Certificate, InvalidCertificate};

/// An RSA key and its certificate.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<rsa::KeyPair>,
    certificate: Certificate,
}

/// Why two texts are no [`SigningKey`]. They are not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// The key is not an RSA key of 2048 to 4096 bits in PKCS #8 PEM.
    #[error("the private key is not an RSA key in PKCS #8 PEM")]
    PrivateKey,
    /// The certificate cannot be used.
    #[error("the certificate cannot be used")]
    Certificate(#[source] InvalidCertificate),
    /// The certificate is of another key.
    #[error("the certificate is not of this key")]
    NotAPair,
}

impl SigningKey {
    /// A private key in PKCS #8 PEM and its certificate in PEM.
    pub fn from_pem(private_key: &SecretString, certificate: &str) -> Result<Self, InvalidKey> {
        let certificate: Certificate = certificate.parse().map_err(InvalidKey::Certificate)?;
        let pair = key_pair(private_key.expose_secret()).ok_or(InvalidKey::PrivateKey)?;
        if pair.public_key().as_ref() != certificate.public_key() {
            return Err(InvalidKey::NotAPair);
        }
        Ok(Self {
            pair: Arc::new(pair),
            certificate,
        })
    }

    /// The certificate that providers are told about.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The RSA-SHA256 signature over the message, in base64.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<String> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .ok()?;
        Some(STANDARD.encode(signature))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

fn key_pair(pem: &str) -> Option<rsa::KeyPair> {
    let body = pem
        .trim()
        .strip_prefix("-----BEGIN PRIVATE KEY-----")?
        .strip_suffix("-----END PRIVATE KEY-----")?;
    let base64: String = body.split_ascii_whitespace().collect();
    rsa::KeyPair::from_pkcs8(&STANDARD.decode(base64).ok()?).ok()
}
