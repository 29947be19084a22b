//! What the OpenAPI document shows of each body that is not described by its parts.

use std::collections::BTreeMap;

use serde_json::Value;
use single_sign_on::Portal;

use crate::redeem::SignIn;

/// Examples by the names of their schemas.
pub(crate) fn examples() -> BTreeMap<&'static str, Value> {
    sign_in()
        .and_then(|sign_in| serde_json::to_value(sign_in).ok())
        .map(|sign_in| ("SignIn", sign_in))
        .into_iter()
        .collect()
}

fn sign_in() -> Option<SignIn> {
    Some(SignIn {
        tenant: "acme".parse().ok()?,
        account_id: "hibob-2735482639".parse().ok()?,
        email: "ada@example.com".parse().ok()?,
        portal: Portal::Rewards,
    })
}
