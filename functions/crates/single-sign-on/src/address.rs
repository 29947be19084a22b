//! Addresses that are configured: https, or http on `localhost` and `127.0.0.1`.

use std::net::Ipv4Addr;

use url::{Host, Url};

/// A text that cannot be the address of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// It does not parse.
    #[error("not an absolute URL")]
    NotAUrl,
    /// A sign-in would cross a network in clear text.
    #[error("not https, and neither on localhost nor on 127.0.0.1")]
    NotHttps,
    /// It holds a user name, a password, a query or a fragment where there may be none.
    #[error("more than scheme, host, port and path")]
    MoreThanAnAddress,
}

/// Parses an address without user name, password and fragment: https, or http on `localhost` or `127.0.0.1`.
pub(crate) fn parse(text: &str) -> Result<Url, InvalidAddress> {
    let url = Url::parse(text).map_err(|_| InvalidAddress::NotAUrl)?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(_)) => false,
        None => return Err(InvalidAddress::NotAUrl),
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        return Err(InvalidAddress::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(InvalidAddress::MoreThanAnAddress);
    }
    Ok(url)
}

/// Like [`parse`], without a query too.
pub(crate) fn parse_plain(text: &str) -> Result<Url, InvalidAddress> {
    let url = parse(text)?;
    if url.query().is_some() {
        return Err(InvalidAddress::MoreThanAnAddress);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_text_is_for_this_machine_only() {
        for good in [
            "https://a.example/x",
            "http://localhost:8080",
            "http://127.0.0.1/y",
        ] {
            assert!(parse_plain(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", InvalidAddress::NotAUrl),
            ("/relative", InvalidAddress::NotAUrl),
            ("http://a.example", InvalidAddress::NotHttps),
            ("http://localhost.a.example", InvalidAddress::NotHttps),
            ("http://127.0.0.1.a.example", InvalidAddress::NotHttps),
            ("http://127.0.0.2", InvalidAddress::NotHttps),
            ("http://[::1]", InvalidAddress::NotHttps),
            ("ftp://localhost", InvalidAddress::NotHttps),
            ("javascript:alert(1)", InvalidAddress::NotAUrl),
            ("https://u@a.example", InvalidAddress::MoreThanAnAddress),
            ("https://:p@a.example", InvalidAddress::MoreThanAnAddress),
            ("https://a.example?q", InvalidAddress::MoreThanAnAddress),
            ("https://a.example#f", InvalidAddress::MoreThanAnAddress),
        ] {
            assert_eq!(parse_plain(bad), Err(why), "{bad}");
        }
    }
}
