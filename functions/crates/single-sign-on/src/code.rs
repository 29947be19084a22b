//! The one-time code that a portal's backend redeems.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};

use crate::certificate::hex;

/// For how long a code can be redeemed.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// 256 random bits that stand for one finished sign-in. Shown to nobody but the browser that carries it.
#[derive(Clone)]
pub struct Code(SecretString);

/// What is kept of a [`Code`]: its SHA-256 in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CodeHash(String);

/// A text that is no code. It is not repeated, for it may nearly be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code")]
pub struct InvalidCode;

impl Code {
    /// Made of bits from a secure source.
    #[must_use]
    pub fn from_random(bits: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bits).into())
    }

    /// The 43 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What to keep of it.
    #[must_use]
    pub fn hash(&self) -> CodeHash {
        CodeHash(hex(digest(&SHA256, self.expose().as_bytes()).as_ref()))
    }
}

impl FromStr for Code {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bits) if bits.len() == 32 => Ok(Self(text.into())),
            _ => Err(InvalidCode),
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code").finish_non_exhaustive()
    }
}

impl CodeHash {
    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_as_itself_and_hashes_alike() {
        let code = Code::from_random([0x5a; 32]);
        let read: Code = code.expose().parse().unwrap();
        assert_eq!(code.expose().len(), 43);
        assert_eq!(read.hash(), code.hash());
        assert_ne!(Code::from_random([0x5b; 32]).hash(), code.hash());
        assert_eq!(code.hash().as_str().len(), 64);
    }

    #[test]
    fn what_is_not_43_characters_of_a_code_is_refused() {
        let good = Code::from_random([0; 32]);
        for bad in [
            "",
            "guess",
            &good.expose()[1..],
            &format!("{}A", good.expose()),
            &format!("{}=", good.expose()),
        ] {
            assert!(bad.parse::<Code>().is_err(), "{bad}");
        }
        // The last character holds four bits only: another spelling of the same bits is another text, and refused.
        assert!(format!("{}B", &good.expose()[..42]).parse::<Code>().is_err());
    }

    #[test]
    fn nothing_shows_a_code() {
        assert_eq!(format!("{:?}", Code::from_random([1; 32])), "Code { .. }");
    }
}
