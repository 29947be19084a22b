//! What the worker tells the e-mails.

use jiff::Timestamp;
use provisioning::TenantId;
use serde::{Deserialize, Serialize};

use crate::AttentionCause;

/// A message of the failure e-mails' queue: a connection needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttentionNotice {
    /// Whose connection.
    pub tenant: TenantId,
    /// What is wrong.
    pub cause: AttentionCause,
    /// Since when.
    pub since: Timestamp,
}
