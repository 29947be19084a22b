//! The variables of this function.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;
use startup::{Environment, InvalidEnvironment};

/// What this function needs to know of where it runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// `LOGIN_URL`: where a signed-out admin is sent, with `return_to` added.
    pub login_url: LoginUrl,
    /// `ADMIN_ORIGIN`: the only other origin that may frame the page.
    pub admin_origin: Origin,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    /// Names every variable that is missing or unreadable.
    pub fn read(mut environment: Environment<'_>) -> Result<Self, InvalidEnvironment> {
        let login_url = environment.required("LOGIN_URL");
        let admin_origin = environment.required("ADMIN_ORIGIN");
        let config = (|| {
            Some(Self {
                login_url: login_url?,
                admin_origin: admin_origin?,
            })
        })();
        environment.finish(config)
    }
}

/// A web address with scheme and host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginUrl(String);

/// Scheme, host and port of a web address, and nothing else of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// A text that is no web address, or more than an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not {0}")]
pub struct InvalidAddress(&'static str);

impl FromStr for LoginUrl {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        origin(text)
            .map(|_| Self(text.to_owned()))
            .ok_or(InvalidAddress("a web address"))
    }
}

impl FromStr for Origin {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        origin(text)
            .filter(|origin| origin == text)
            .map(Self)
            .ok_or(InvalidAddress("an origin, such as https://app.example.com"))
    }
}

/// The origin becomes part of a header: only what a host name and a port are made of may be in it.
fn origin(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let authority = uri.authority()?.as_str();
    authority
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
        .then(|| format!("{scheme}://{authority}"))
}

impl fmt::Display for LoginUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port_alone() {
        for fine in ["https://app.example.com", "http://localhost:8080"] {
            assert_eq!(
                fine.parse::<Origin>().map(|origin| origin.to_string()),
                Ok(fine.to_owned())
            );
        }
        for not in [
            "",
            "*",
            "app.example.com",
            "https://app.example.com/",
            "https://app.example.com; script-src *",
            "https://*.example.com",
            "https://me@app.example.com",
            "ftp://app.example.com",
        ] {
            assert!(not.parse::<Origin>().is_err(), "{not}");
        }
    }

    #[test]
    fn a_login_may_have_a_path_and_a_query_but_no_other_scheme() {
        assert!(
            "https://app.example.com/login?app=hibob"
                .parse::<LoginUrl>()
                .is_ok()
        );
        assert!("javascript:alert(1)".parse::<LoginUrl>().is_err());
        assert!("/login".parse::<LoginUrl>().is_err());
    }
}
