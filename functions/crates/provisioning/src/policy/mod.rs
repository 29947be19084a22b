//! A tenant's choices about joiners, leavers and leave.

mod check;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scope::Scope;

pub use check::PolicyFault;

/// What becomes of the account of somebody who is away but has not left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WhenAway {
    /// The account stays active.
    #[default]
    StayActive,
    /// Active or inactive as HiBob's access status says.
    AsInHiBob,
    /// The account is deactivated until the person is back.
    Deactivate,
}

/// What becomes of the account of somebody who leaves the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WhenOutOfScope {
    /// The account stays as it is and is no longer updated.
    #[default]
    Keep,
    /// The account is deactivated, under the guards.
    Deactivate,
}

/// For how many healthy nights somebody must be missing before the account is deactivated: three at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schema(value_type = u8, minimum = 3, maximum = 30)]
pub struct MissingNights(u8);

/// Fewer than three nights, or more than thirty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("missing nights must be between 3 and 30, not {0}")]
pub struct InvalidMissingNights(u8);

impl TryFrom<u8> for MissingNights {
    type Error = InvalidMissingNights;

    fn try_from(nights: u8) -> Result<Self, InvalidMissingNights> {
        if (3..=30).contains(&nights) {
            Ok(Self(nights))
        } else {
            Err(InvalidMissingNights(nights))
        }
    }
}

impl From<MissingNights> for u8 {
    fn from(nights: MissingNights) -> Self {
        nights.0
    }
}

impl Default for MissingNights {
    fn default() -> Self {
        Self(3)
    }
}

/// A tenant's choices. Every member has a default, so that a policy saved by an older version stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    /// Whom the tenant wants in its team.
    pub scope: Scope,
    /// What becomes of somebody who leaves the scope.
    pub out_of_scope: WhenOutOfScope,
    /// Hours after the end of the termination date, in the tenant's time zone, before a leaver's account is deactivated.
    pub leavers_grace_hours: u16,
    /// People in garden leave: still employed, no longer working.
    pub garden_leave: WhenAway,
    /// People on parental, custom or other leave.
    pub leave: WhenAway,
    /// How many days before their start date future starters get an account.
    pub create_days_before_start: u8,
    /// When a person who vanished from HiBob's answer is given up.
    pub missing_nights: MissingNights,
}
