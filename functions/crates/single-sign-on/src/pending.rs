//! What a browser carries between our request and the provider's answer: a cookie that only we can make.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use provisioning::TenantId;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{DeepLink, Portal, RelayState, RequestId};

/// For how long an answer to a request is waited for.
pub const PENDING_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What a request is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "camelCase")]
pub enum Purpose {
    /// To open a portal.
    #[serde(rename_all = "camelCase")]
    Open {
        /// Which one.
        portal: Portal,
        /// The page below it, if the link named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deep_link: Option<DeepLink>,
    },
    /// An admin tries the settings.
    Test,
}

/// A request whose answer is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    /// Whose provider was asked.
    pub tenant: TenantId,
    /// What for.
    pub purpose: Purpose,
    /// The request's id, which the answer must name.
    pub request_id: RequestId,
    /// The relay state that was sent with it.
    pub relay: RelayState,
    /// When the answer is no longer waited for: [`PENDING_LIFETIME`] after the request.
    pub expires_at: Timestamp,
}

/// Seals and opens [`Pending`] with HMAC-SHA-256. What is sealed can be read by the browser, but not changed.
#[derive(Clone)]
pub struct PendingSeal(hmac::Key);

/// A secret of fewer than 32 bytes seals nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret is shorter than 32 bytes")]
pub struct SecretTooShort;

/// Why a cookie is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PendingFault {
    /// We did not make it, or not for this relay state.
    #[error("the cookie is not ours, or of another request")]
    Forged,
    /// It is of a request to another tenant's provider.
    #[error("the cookie is of another tenant's request")]
    OtherTenant,
    /// The answer came too late.
    #[error("the request has expired")]
    Expired,
}

impl PendingSeal {
    /// A seal whose key is derived from the secret, which must hold 32 bytes or more.
    pub fn new(secret: &SecretString) -> Result<Self, SecretTooShort> {
        let secret = secret.expose_secret().as_bytes();
        if secret.len() < 32 {
            return Err(SecretTooShort);
        }
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derived = hmac::sign(&secret, b"single sign-on: pending requests, version 1");
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())))
    }

    /// The cookie's name, one per request, so that two tabs do not take each other's.
    #[must_use]
    pub fn cookie_name(relay: &RelayState) -> String {
        format!("__Host-sso-{relay}")
    }

    /// The cookie's value: letters, digits, `-`, `_` and one `.`.
    #[must_use]
    pub fn seal(&self, pending: &Pending) -> String {
        // It holds texts and an instant only, so that serializing it cannot fail; an empty text would not open.
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(pending).unwrap_or_default());
        let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, text.as_bytes()));
        format!("{text}.{tag}")
    }

    /// What was sealed, if it is ours, of this relay state and this tenant, and not too old.
    pub fn open(
        &self,
        relay: &RelayState,
        tenant: &TenantId,
        value: &str,
        now: Timestamp,
    ) -> Result<Pending, PendingFault> {
        let pending = self.unsealed(value).ok_or(PendingFault::Forged)?;
        if pending.relay != *relay {
            return Err(PendingFault::Forged);
        }
        if pending.tenant != *tenant {
            return Err(PendingFault::OtherTenant);
        }
        if now >= pending.expires_at {
            return Err(PendingFault::Expired);
        }
        Ok(pending)
    }

    fn unsealed(&self, value: &str) -> Option<Pending> {
        let (text, tag) = value.split_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(&self.0, text.as_bytes(), &tag).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

impl fmt::Debug for PendingSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSeal").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
