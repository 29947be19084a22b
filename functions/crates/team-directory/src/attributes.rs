//! The names of an account's attributes, and of the table's indexes.

pub(crate) const PK: &str = "pk";
pub(crate) const SK: &str = "sk";
pub(crate) const ACCOUNT_ID: &str = "account_id";
pub(crate) const HIBOB_ID: &str = "hibob_id";
pub(crate) const ORIGIN: &str = "origin";
pub(crate) const EMAIL: &str = "email";
pub(crate) const EMAIL_KEY: &str = "email_key";
pub(crate) const PROFILE: &str = "profile";
pub(crate) const MANAGER_ID: &str = "manager_id";
pub(crate) const MANAGER_KEY: &str = "manager_key";
pub(crate) const STATE: &str = "state";
pub(crate) const DEACTIVATED_BY: &str = "deactivated_by";
pub(crate) const DEACTIVATION_REASON: &str = "deactivation_reason";
pub(crate) const DEACTIVATED_AT: &str = "deactivated_at";
pub(crate) const OVERRIDE: &str = "override";
pub(crate) const SOURCE_FP: &str = "source_fp";
pub(crate) const REVISION: &str = "revision";
pub(crate) const FENCE: &str = "fence";
pub(crate) const MISSING_NIGHTS: &str = "missing_nights";
pub(crate) const MISSING_ON: &str = "missing_on";
pub(crate) const OUT_OF_SCOPE: &str = "out_of_scope";
pub(crate) const CREATED_AT: &str = "created_at";
pub(crate) const UPDATED_AT: &str = "updated_at";
pub(crate) const LAST_RUN: &str = "last_run";

/// What an account's status and the values of a plan are read from, in a projection.
pub(crate) const STATUS: [&str; 13] = [
    ACCOUNT_ID,
    HIBOB_ID,
    EMAIL,
    MANAGER_ID,
    STATE,
    DEACTIVATED_BY,
    DEACTIVATION_REASON,
    OVERRIDE,
    SOURCE_FP,
    REVISION,
    MISSING_NIGHTS,
    MISSING_ON,
    OUT_OF_SCOPE,
];
pub(crate) const VALUES: [&str; 4] = [ACCOUNT_ID, REVISION, EMAIL, PROFILE];

pub(crate) const ACTIVE: &str = "active";
pub(crate) const INACTIVE: &str = "inactive";
/// In `deactivated_by`: a run did it, so a run may undo it.
pub(crate) const SYNC: &str = "sync";
pub(crate) const CREATED: &str = "created";
pub(crate) const ADOPTED: &str = "adopted";

pub(crate) const BY_EMAIL: &str = "by-email";
pub(crate) const BY_MANAGER: &str = "by-manager";
