//! E-mail addresses, HiThrive's key for a person.

use std::fmt;
use std::str::FromStr;

use compact_str::{CompactString, ToCompactString};
use email_address::Options;
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;
use utoipa::ToSchema;

/// A valid address in lower case: HiThrive compares addresses without regard to case, so one spelling is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Email, example = "ada@example.com")]
pub struct EmailAddress(CompactString);

/// A text that is not an e-mail address. It does not repeat the text, which may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit('@').next().unwrap_or_default()
    }

    /// A 64-bit hash, to compare many addresses without keeping them.
    #[must_use]
    pub fn hash(&self) -> EmailHash {
        EmailHash(XxHash3_64::oneshot(self.0.as_bytes()))
    }
}

/// A 64-bit hash of an [`EmailAddress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailHash(u64);

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let address = text.trim().to_lowercase();
        let rules = Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        match email_address::EmailAddress::parse_with_options(&address, rules) {
            Ok(_) => Ok(Self(address.to_compact_string())),
            Err(_) => Err(InvalidEmail),
        }
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0.into()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_surrounding_space_do_not_make_another_address() {
        let plain: EmailAddress = "jane.o'neil+bob@example.com".parse().unwrap();
        let shouted: EmailAddress = "  Jane.O'Neil+Bob@EXAMPLE.com ".parse().unwrap();
        assert_eq!(plain, shouted);
        assert_eq!(plain.hash(), shouted.hash());
        assert_eq!(plain.domain(), "example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "jane",
            "jane@",
            "@example.com",
            "jane@example",
            "a b@example.com",
            "a@b@c.com",
            "Jane <jane@example.com>",
            "a\u{0}@example.com",
        ] {
            assert_eq!(bad.parse::<EmailAddress>(), Err(InvalidEmail), "{bad:?}");
        }
    }

    #[test]
    fn addresses_outside_ascii_are_kept() {
        assert_eq!(
            "ZOË@bücher.example.com".parse::<EmailAddress>().unwrap().as_str(),
            "zoë@bücher.example.com"
        );
    }
}
