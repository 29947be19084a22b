//! The page below a portal that a link may name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::form_urlencoded;

/// A path below a portal's address, perhaps with a query. It can lead nowhere else: the rules hold for the text and for
/// what it says once its percent signs are decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeepLink(String);

/// A text that is no [`DeepLink`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a path below a portal")]
pub struct InvalidDeepLink;

impl DeepLink {
    const LONGEST: usize = 512;

    /// The link as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split_once('?').map_or(&self.0, |(path, _)| path)
    }

    /// The part after the first `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.0.split_once('?').map(|(_, query)| query)
    }
}

impl FromStr for DeepLink {
    type Err = InvalidDeepLink;

    fn from_str(text: &str) -> Result<Self, InvalidDeepLink> {
        let decoded = percent_decoded(text).ok_or(InvalidDeepLink)?;
        let harmless = text.len() <= Self::LONGEST
            && text.starts_with('/')
            && is_harmless(text)
            && is_harmless(&decoded)
            // A second layer of percent signs would be decoded by somebody else.
            && !decoded.contains('%');
        let link = Self(text.to_owned());
        let query_is_ours = link.query().is_none_or(|query| {
            form_urlencoded::parse(query.as_bytes()).all(|(name, _)| !name.eq_ignore_ascii_case("code"))
        });
        if harmless && query_is_ours {
            Ok(link)
        } else {
            Err(InvalidDeepLink)
        }
    }
}

impl TryFrom<String> for DeepLink {
    type Error = InvalidDeepLink;

    fn try_from(text: String) -> Result<Self, InvalidDeepLink> {
        text.parse()
    }
}

impl From<DeepLink> for String {
    fn from(link: DeepLink) -> Self {
        link.0
    }
}

impl fmt::Display for DeepLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_harmless(text: &str) -> bool {
    let forbidden = |c: char| !c.is_ascii_graphic() || matches!(c, '\\' | '@' | ':' | '#' | ';');
    !text.contains(forbidden)
        && !text.contains("//")
        && !text.contains("..")
        && !text.split(['/', '?']).any(|segment| segment == ".")
}

/// The text with its percent signs decoded, unless one of them is not followed by two hexadecimal digits, or one of them
/// stands for something outside printable ASCII.
fn percent_decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut decoded = parts.next()?.to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let byte = digits
            .bytes()
            .all(|b| b.is_ascii_hexdigit())
            .then(|| u8::from_str_radix(digits, 16).ok())??;
        decoded.push(char::from(byte));
        decoded.push_str(rest);
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_query_is_a_link() {
        for good in [
            "/",
            "/teams/7",
            "/teams/7?tab=goals&decoded=1",
            "/a-b_c~d.html",
            "/search?q=a%20b".replace("%20", "+").as_str(),
            "/file.v1.2/x",
            "/caf%41",
        ] {
            assert_eq!(good.parse::<DeepLink>().unwrap().as_str(), good);
        }
        assert_eq!("/a?b?c".parse::<DeepLink>().unwrap().query(), Some("b?c"));
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_link() {
        for bad in [
            "",
            "teams",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/%5cevil.example",
            "/%2fevil.example",
            "/%2F%2Fevil.example",
            "/a//evil.example",
            "/../admin",
            "/a/../../b",
            "/.",
            "/a/./b",
            "/%2e%2e/admin",
            "/%2e./admin",
            "/a/%2E/b",
            "/..;/admin",
            "/%252e%252e/admin",
            "https://evil.example",
            "https:/evil.example",
            "javascript:alert(1)",
            "/javascript:alert(1)",
            "/@evil.example",
            "/%40evil.example",
            "/a?next=https://evil.example",
            "/a?next=https%3a%2f%2fevil.example",
            "/a#b",
            "/a%23b",
            "/a b",
            "/a%20b",
            "/a\tb",
            "/a\r\nLocation: https://evil.example",
            "/a%0d%0aSet-Cookie",
            "/a\u{0}",
            "/a%00",
            "/ä",
            "/%c3%a4",
            "/%",
            "/%4",
            "/%zz",
            "/%+1",
            "/a?code=1",
            "/a?b=1&code=2",
            "/a?CODE=1",
            "/a?c%6fde=1",
            "/a?code",
            "/a?b;code=1",
            &format!("/{}", "x".repeat(512)),
        ] {
            assert_eq!(bad.parse::<DeepLink>(), Err(InvalidDeepLink), "{bad:?}");
        }
    }
}
