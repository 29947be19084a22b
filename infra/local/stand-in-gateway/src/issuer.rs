use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use serde_json::{Value, json};

use crate::Error;

/// The name of an issuer's only key.
const KEY_ID: &str = "1";

/// An identity provider with a key of its own.
pub struct TokenIssuer {
    issuer: String,
    audience: String,
    pair: KeyPair,
}

/// The key that an issuer's tokens are checked with.
#[derive(Clone)]
pub struct PublicKey {
    pub(crate) id: &'static str,
    pub(crate) key: DecodingKey,
}

impl fmt::Debug for TokenIssuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TokenIssuer")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("PublicKey").field(&self.id).finish()
    }
}

impl TokenIssuer {
    /// Makes a new key pair; its tokens name this issuer and this audience.
    pub fn new(issuer: &str, audience: &str) -> Result<Self, Error> {
        Ok(Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            pair: KeyPair::generate(KeySize::Rsa2048).map_err(|_| Error::Key)?,
        })
    }

    /// What an authorizer that trusts this issuer has to know.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let key = self.pair.public_key();
        PublicKey {
            id: KEY_ID,
            key: DecodingKey::from_rsa_raw_components(
                key.modulus().big_endian_without_leading_zero(),
                key.exponent().big_endian_without_leading_zero(),
            ),
        }
    }

    /// The claims that a signed-in user's token carries, from now on for a while.
    #[must_use]
    pub fn claims(&self, tenant: &str, role: &str, now: Timestamp, lifetime: SignedDuration) -> Value {
        let mut claims = self.backend_claims(&format!("{role}-of-{tenant}"), now, lifetime);
        claims["tenant"] = tenant.into();
        claims["role"] = role.into();
        claims
    }

    /// The claims of a token by which a part of HiThrive itself, and no user, is let in.
    #[must_use]
    pub fn backend_claims(&self, subject: &str, now: Timestamp, lifetime: SignedDuration) -> Value {
        json!({
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "role": "backend",
            "iat": now.as_second(),
            "exp": (now + lifetime).as_second(),
        })
    }

    /// Signs any claims.
    pub fn sign(&self, claims: &Value) -> Result<String, Error> {
        let encoded = |part: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(part);
        let header = json!({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"});
        let signed = format!(
            "{}.{}",
            encoded(header.to_string().as_bytes()),
            encoded(claims.to_string().as_bytes())
        );
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| Error::Key)?;
        Ok(format!("{signed}.{}", encoded(&signature)))
    }
}
