//! Identifiers, each a type of its own, so that one can never stand in for another.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;
use utoipa::ToSchema;

/// An identifier was empty, too long, or held characters that its kind does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a valid {kind}")]
pub struct InvalidId {
    kind: &'static str,
    value: String,
}

impl InvalidId {
    fn new(kind: &'static str, value: &str) -> Self {
        Self {
            kind,
            value: value.chars().take(80).flat_map(char::escape_default).collect(),
        }
    }
}

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $pattern:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, pattern = $pattern)]
        pub struct $name(CompactString);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(value: &str) -> Result<Self, InvalidId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(value) { Ok(Self(value.into())) } else { Err(InvalidId::new($kind, value)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(value: String) -> Result<Self, InvalidId> {
                value.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

string_id! {
    /// A customer company of HiThrive: 1 to 64 ASCII letters, digits, `-` or `_`. Part of every partition key.
    TenantId, "tenant id", "^[A-Za-z0-9_-]{1,64}$",
    |s| (1..=64).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

string_id! {
    /// HiBob's `root.id`, the identity of an employee. 19 digits beyond 2^53 today, so it is text, never a number.
    EmployeeId, "employee id", "^[!-\"$-~]{1,64}$",
    |s| (1..=64).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
}

string_id! {
    /// An account's own identifier within its tenant.
    AccountId, "account id", "^[!-\"$-~]{1,80}$",
    |s| (1..=80).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
}

impl EmployeeId {
    /// A 64-bit hash of the id, to compare many without keeping them.
    #[must_use]
    pub(crate) fn hash64(&self) -> u64 {
        XxHash3_64::oneshot(self.0.as_bytes())
    }
}

impl AccountId {
    /// The account that a run creates for an employee. Derived, so that creating twice makes one account.
    #[must_use]
    pub fn of_employee(employee: &EmployeeId) -> Self {
        Self(compact_str::format_compact!("hibob-{employee}"))
    }
}

/// One tenant's sync for one due instant. A message that arrives twice names the same run twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunId {
    /// Whose run it is.
    pub tenant: TenantId,
    /// The instant the run was due, in UTC.
    pub due_at: Timestamp,
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.due_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_id_cannot_carry_a_key_separator() {
        assert!("acme-2_x".parse::<TenantId>().is_ok());
        for bad in ["", "a#b", "a/b", "a b", "ä", &"x".repeat(65)] {
            assert!(bad.parse::<TenantId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_error_shows_a_bounded_escaped_value() {
        let error = format!("a\n{}", "x".repeat(500))
            .parse::<TenantId>()
            .unwrap_err()
            .to_string();
        assert!(error.len() < 120 && error.contains("a\\n"), "{error}");
    }
}
