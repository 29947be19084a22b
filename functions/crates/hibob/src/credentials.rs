//! A service user's id and token.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// What HiBob knows a caller by. Shows neither of its parts.
#[derive(Clone)]
pub struct Credentials {
    service_user_id: String,
    token: SecretString,
}

impl Credentials {
    /// The id and the token as HiBob displays them when a service user is created.
    #[must_use]
    pub fn new(service_user_id: impl Into<String>, token: impl Into<SecretString>) -> Self {
        Self {
            service_user_id: service_user_id.into(),
            token: token.into(),
        }
    }

    /// User name and password of the HTTP Basic scheme.
    pub(crate) fn expose(&self) -> (&str, &str) {
        (&self.service_user_id, self.token.expose_secret())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}
