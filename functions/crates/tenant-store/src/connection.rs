//! A tenant's connection: what its admin has decided, besides the mapping.

use jiff::civil::Time;
use provisioning::{EmailAddress, Policy};
use serde::{Deserialize, Serialize};

use crate::{InvalidNight, Night};

/// A tenant's link to HiBob. The service user is not here: it lies in the vault with its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Connection {
    /// Whether nights are run.
    pub enabled: bool,
    /// HiBob's id of the company, kept at the first connect: a token of another company is refused.
    pub company_id: Option<String>,
    /// When nights are, and where "today" is.
    pub night: Night,
    /// Who is told when the connection needs attention.
    pub contacts: Vec<EmailAddress>,
    /// The tenant's choices about joiners, leavers and leave.
    pub policy: Policy,
}

/// A value with the version that an admin's next save must name, so that two admins do not overwrite each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// From 1; rises with every save.
    pub version: u64,
    /// What was saved.
    pub value: T,
}

/// The attributes of a connection.
#[derive(Serialize, Deserialize)]
struct Stored {
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company_id: Option<String>,
    time_zone: String,
    /// To the minute.
    night_at: Time,
    contacts: Vec<EmailAddress>,
    #[serde(default)]
    policy: Policy,
}

impl TryFrom<Stored> for Connection {
    type Error = InvalidNight;

    fn try_from(stored: Stored) -> Result<Self, InvalidNight> {
        Ok(Self {
            enabled: stored.enabled,
            company_id: stored.company_id,
            night: Night::new(&stored.time_zone, stored.night_at)?,
            contacts: stored.contacts,
            policy: stored.policy,
        })
    }
}

impl From<Connection> for Stored {
    fn from(connection: Connection) -> Self {
        Self {
            enabled: connection.enabled,
            company_id: connection.company_id,
            time_zone: connection.night.time_zone_name().to_owned(),
            night_at: connection.night.at(),
            contacts: connection.contacts,
            policy: connection.policy,
        }
    }
}
