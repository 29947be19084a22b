//! What a tenant sets for single sign-on.

use std::collections::BTreeSet;

use provisioning::AccountId;
use serde::{Deserialize, Deserializer, Serialize};

use crate::IdentityProvider;

/// A tenant's settings, as they are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SsoSettings {
    /// Who signs the tenant's people in. One that was stored and is not acceptable any more reads as none, so that it can
    /// be replaced: nobody signs in with it, and the other settings stay.
    #[serde(deserialize_with = "acceptable")]
    pub provider: Option<IdentityProvider>,
    /// Who may open the admin portal.
    pub admins: BTreeSet<AccountId>,
    /// Whether an answer that nobody asked for, as a provider's tile sends, starts a sign-in.
    pub allow_unsolicited: bool,
    /// Whether requests are signed.
    pub sign_requests: bool,
    /// Whether people can sign in at all.
    pub enabled: bool,
}

fn acceptable<'de, D: Deserializer<'de>>(stored: D) -> Result<Option<IdentityProvider>, D::Error> {
    let stored = serde_json::Value::deserialize(stored)?;
    Ok(serde_json::from_value(stored).unwrap_or_default())
}
