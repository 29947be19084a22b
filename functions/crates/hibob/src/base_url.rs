//! Where HiBob is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

/// The address under which HiBob's API is reached: `https`, or `http` on this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// A text that cannot be a [`BaseUrl`]. It is not repeated, for it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBaseUrl {
    /// It does not parse.
    #[error("the base address of HiBob is not an absolute URL")]
    NotAUrl,
    /// The token would cross a network in clear text.
    #[error("the base address of HiBob must use https unless it is on this machine")]
    NotHttps,
    /// It holds a user name, a password, a query or a fragment.
    #[error("the base address of HiBob may hold scheme, host, port and path only")]
    MoreThanAnAddress,
}

impl BaseUrl {
    /// HiBob's production API.
    pub const PRODUCTION: &'static str = "https://api.hibob.com/v1";

    /// The address of a resource, or `None` if a segment cannot stand in a path: empty, `.` or `..`.
    pub(crate) fn join(&self, segments: &[&str]) -> Option<Url> {
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return None;
        }
        let mut url = self.0.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
        Some(url)
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(url: &str) -> Result<Self, InvalidBaseUrl> {
        let url = Url::parse(url).map_err(|_| InvalidBaseUrl::NotAUrl)?;
        match (url.scheme(), url.host_str()) {
            ("https", Some(_)) => {}
            ("http", Some(host)) if is_loopback(host) => {}
            _ => return Err(InvalidBaseUrl::NotHttps),
        }
        let more = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if more {
            Err(InvalidBaseUrl::MoreThanAnAddress)
        } else {
            Ok(Self(url))
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_text_is_for_this_machine_only() {
        for good in [
            BaseUrl::PRODUCTION,
            "http://127.0.0.1:8080/v1",
            "http://[::1]:80",
            "http://localhost/v1/",
        ] {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://api.hibob.com/v1",
            "http://127.0.0.1.example.com",
            "ftp://localhost",
            "data:text/plain,x",
        ] {
            assert_eq!(bad.parse::<BaseUrl>(), Err(InvalidBaseUrl::NotHttps), "{bad}");
        }
    }

    #[test]
    fn an_address_that_carries_a_password_is_refused_and_not_repeated() {
        let error = "https://me:hunter2@api.hibob.com/v1"
            .parse::<BaseUrl>()
            .unwrap_err();

        assert_eq!(error, InvalidBaseUrl::MoreThanAnAddress);
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }

    #[test]
    fn a_segment_cannot_leave_its_place_in_the_path() {
        let base: BaseUrl = "https://api.hibob.com/v1/".parse().unwrap();

        let address = base.join(&["people", "a/b?c#d%2e é@x.com"]).unwrap();
        assert_eq!(
            address.as_str(),
            "https://api.hibob.com/v1/people/a%2Fb%3Fc%23d%252e%20%C3%A9@x.com"
        );
        for segment in ["", ".", ".."] {
            assert_eq!(base.join(&["people", segment]), None);
        }
    }
}
