//! What the worker keeps about a tenant from run to run.

use jiff::Timestamp;
use provisioning::History;
use serde::{Deserialize, Serialize};

use crate::{Shard, Trigger};

/// The state of a tenant's runs, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunState {
    /// Where the tenant is found when it is due; absent while its connection is disabled.
    pub due_shard: Option<Shard>,
    /// When it is due.
    pub next_due_at: Option<Timestamp>,
    /// The run that an admin has asked for and no worker has begun.
    pub requested_due_at: Option<Timestamp>,
    /// Rises with every lease, and when an admin voids a lease.
    pub fence: u64,
    /// The fence since which the service user has its token; absent while the tenant is not connected.
    pub token_fence: Option<u64>,
    /// Who holds the lease.
    pub lease_owner: Option<String>,
    /// When the lease ends by itself, in milliseconds since 1970.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::optional")]
    pub lease_expires_at: Option<Timestamp>,
    /// When the last night was due that a lease was taken for.
    pub last_night_at: Option<Timestamp>,
    /// Which run a lease was last taken for.
    pub run_due_at: Option<Timestamp>,
    /// What led to it.
    pub run_trigger: Trigger,
    /// How often a lease was taken for it, without the times that did not count.
    pub run_attempts: u32,
    /// Whether that run is over.
    pub run_done: bool,
    /// What the guards remember.
    pub history: History,
    /// The mapping's version of the last run that did not have to wait for its removals to be seen.
    pub cleared_mapping_version: Option<u64>,
    /// A first refusal by HiBob, until the next answer.
    pub suspicion: Option<Suspicion>,
    /// Set while only a person can mend the connection.
    pub attention: Option<Attention>,
}

/// HiBob refused the service user for the first time. It is asked once more, later, before anybody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspicion {
    /// When it refused.
    pub first_at: Timestamp,
    /// The status it answered with.
    pub status: u16,
}

/// Why and since when only a person can mend a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// What is wrong.
    pub cause: AttentionCause,
    /// Since when.
    pub since: Timestamp,
}

/// What only a person can mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttentionCause {
    /// HiBob refuses the service user's token.
    TokenRefused,
    /// HiBob denies the service user what the sync reads.
    AccessDenied,
    /// There is no token.
    TokenMissing,
    /// The token belongs to another company than the one that was connected.
    OtherCompany,
    /// There is no mapping, or one that is no longer valid.
    MappingUnusable,
}

impl AttentionCause {
    /// The cause's name on every wire and in keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::TokenRefused => "tokenRefused",
            Self::AccessDenied => "accessDenied",
            Self::TokenMissing => "tokenMissing",
            Self::OtherCompany => "otherCompany",
            Self::MappingUnusable => "mappingUnusable",
        }
    }
}
