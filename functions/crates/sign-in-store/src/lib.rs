//! What is kept for single sign-on, in DynamoDB: a tenant's settings, and the one-time records of its sign-ins.
//!
//! # Layout
//!
//! | table | key | holds | written by |
//! | --- | --- | --- | --- |
//! | `SsoSettings` | `pk` `TENANT#<tenant>`, `sk` `SSO` | `document` S, the settings as JSON; `version` N; `updated_at` S | admin |
//! | `SignIns` | `pk` `ASSERTION#<tenant>#<key>` | that an assertion was used | sign-in |
//! | `SignIns` | `pk` `CODE#<hash>` | `tenant`, `account_id`, `email`, `portal`, all S; `good_until` N; `redeemed_at`, `redeemed_by` S once it is | sign-in, redemption |
//!
//! `good_until` and `expires_at`, the time to live of `SignIns`, are seconds since 1970. Whether a code is still good is
//! judged by the first against the clock; what DynamoDB has swept, and when, never matters.

mod error;
mod keys;
mod settings;
mod sign_ins;

pub use error::{Disposition, Error, SaveError};
pub use settings::{SsoSettingsStore, Versioned};
pub use sign_ins::{Accepted, Grant, Redemption, SignIns};
