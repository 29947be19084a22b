//! The two identifiers of a request that travel with it: the provider sends both back.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// SAML's `RelayState`: 128 random bits that name the browser's cookie for this request, and nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelayState(String);

/// A text that we never sent as `RelayState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a relay state of ours")]
pub struct InvalidRelayState;

/// The `ID` of a request, which its answer names as `InResponseTo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestId(String);

/// A text that is not the id of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a request")]
pub struct InvalidRequestId;

impl RelayState {
    /// Made of bits from a secure source.
    #[must_use]
    pub fn from_random(bits: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bits))
    }

    /// The 22 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RequestId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RelayState {
    type Err = InvalidRelayState;

    fn from_str(text: &str) -> Result<Self, InvalidRelayState> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bits) if bits.len() == 16 => Ok(Self(text.to_owned())),
            _ => Err(InvalidRelayState),
        }
    }
}

impl FromStr for RequestId {
    type Err = InvalidRequestId;

    fn from_str(text: &str) -> Result<Self, InvalidRequestId> {
        let fits = (2..=64).contains(&text.len())
            && text.starts_with('_')
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRequestId)
        }
    }
}

macro_rules! as_text {
    ($($name:ty => $error:ty),*) => {$(
        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

as_text!(RelayState => InvalidRelayState, RequestId => InvalidRequestId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_state_is_22_characters_that_name_16_bytes() {
        let relay = RelayState::from_random([0xa5; 16]);
        assert_eq!(relay.as_str().len(), 22);
        assert_eq!(relay.as_str().parse(), Ok(relay));
        for bad in [
            "",
            "https://evil.example",
            "AAAAAAAAAAAAAAAAAAAAAA==",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "a;b=c",
        ] {
            assert_eq!(bad.parse::<RelayState>(), Err(InvalidRelayState), "{bad}");
        }
    }

    #[test]
    fn a_request_id_is_an_xml_name_of_plain_letters() {
        assert!("_0a1b-2c".parse::<RequestId>().is_ok());
        for bad in [
            "",
            "_",
            "1a",
            "a",
            "_a\"",
            "_a b",
            &format!("_{}", "a".repeat(64)),
        ] {
            assert_eq!(bad.parse::<RequestId>(), Err(InvalidRequestId), "{bad}");
        }
    }
}
