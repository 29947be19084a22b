//! The fields of a HiThrive account that a mapping can fill.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::field::FieldType;

/// What a target holds; decides how a source value is read and which source types can fill it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetType {
    /// An e-mail address.
    Email,
    /// One line of text.
    Text,
    /// Several short texts.
    TextList,
    /// A web address.
    Url,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// `MM-DD`, or `YYYY-MM-DD` when the year is known.
    Birthday,
    /// The account of another employee.
    Person,
}

impl TargetType {
    /// Whether a source field of a type can fill a target of this type at all.
    #[must_use]
    pub fn accepts(self, source: FieldType) -> bool {
        use FieldType as F;
        match self {
            Self::Email => source == F::Text,
            Self::Text => !matches!(source, F::Avatar | F::Ssn | F::Other),
            Self::TextList => matches!(
                source,
                F::Text | F::List | F::ListId | F::MultiList | F::HierarchyList
            ),
            Self::Url => matches!(source, F::Avatar | F::Text),
            Self::Date => source == F::Date,
            Self::Birthday => matches!(source, F::Date | F::ShortDate),
            Self::Person => matches!(source, F::Employee | F::EmployeeReference | F::Text),
        }
    }
}

/// The name of a custom field of HiThrive: 1 to 80 characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomFieldName(CompactString);

/// A field of an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    /// One of HiThrive's own profile fields.
    Standard(StandardTarget),
    /// A field the customer added under Settings → User Settings, by its name.
    Custom(CustomFieldName),
}

/// A text that names no field of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a field of HiThrive")]
pub struct UnknownTarget(String);

impl UnknownTarget {
    /// What was named, shortened and escaped.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

macro_rules! standard_targets {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $kind:ident;)*) => {
        /// HiThrive's own profile fields.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StandardTarget {
            $($(#[$doc])* $name,)*
        }

        impl StandardTarget {
            /// Every profile field.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The field's name on every wire and in the accounts table.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What the field holds.
            #[must_use]
            pub fn target_type(self) -> TargetType {
                match self { $(Self::$name => TargetType::$kind,)* }
            }
        }
    };
}

standard_targets! {
    /// The work address: HiThrive's key for a person, required in every mapping.
    Email = "email", Email;
    /// Given name.
    FirstName = "firstName", Text;
    /// Family name.
    LastName = "lastName", Text;
    /// The name shown to colleagues.
    DisplayName = "displayName", Text;
    /// Profile picture.
    PictureUrl = "pictureUrl", Url;
    /// The customer's own number for the employee.
    EmployeeNumber = "employeeNumber", Text;
    /// Job title.
    JobTitle = "jobTitle", Text;
    /// Department.
    Department = "department", Text;
    /// Division or organisation.
    Division = "division", Text;
    /// Site or location.
    Location = "location", Text;
    /// Country, which decides the gifts on offer.
    Country = "country", Text;
    /// Teams of the person.
    Teams = "teams", TextList;
    /// Groups of the person.
    Groups = "groups", TextList;
    /// Date of birth or birthday without a year.
    Birthday = "birthday", Birthday;
    /// First day of work, which decides the anniversaries.
    StartDate = "startDate", Date;
    /// Last day of employment.
    EndDate = "endDate", Date;
    /// The manager's account.
    ReportsTo = "reportsTo", Person;
    /// Active or inactive, for segments.
    EmployeeStatus = "employeeStatus", Text;
    /// Lifecycle status, for segments.
    LifecycleStatus = "lifecycleStatus", Text;
    /// Employee type or worker category, for segments.
    EmployeeType = "employeeType", Text;
    /// A private address, for rewards after somebody left.
    PersonalEmail = "personalEmail", Email;
    /// The time zone of the person.
    TimeZone = "timeZone", Text;
}

impl Target {
    /// The required target.
    pub const EMAIL: Self = Self::Standard(StandardTarget::Email);
    /// The manager link.
    pub const REPORTS_TO: Self = Self::Standard(StandardTarget::ReportsTo);

    /// What the key of a custom field begins with; its name follows.
    pub const CUSTOM_PREFIX: &str = "custom:";
    /// Characters that the name of a custom field may have.
    pub const LONGEST_CUSTOM_NAME: usize = 80;

    /// What the target holds.
    #[must_use]
    pub fn target_type(&self) -> TargetType {
        match self {
            Self::Standard(target) => target.target_type(),
            Self::Custom(_) => TargetType::Text,
        }
    }

    /// The target's name on every wire and in the accounts table: `jobTitle`, `custom:Shirt size`.
    #[must_use]
    pub fn key(&self) -> CompactString {
        match self {
            Self::Standard(target) => target.key().into(),
            Self::Custom(name) => compact_str::format_compact!("{}{}", Self::CUSTOM_PREFIX, name.0),
        }
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(key: &str) -> Result<Self, UnknownTarget> {
        if let Some(name) = key.strip_prefix(Self::CUSTOM_PREFIX) {
            let usable = !name.trim().is_empty()
                && name.chars().count() <= Self::LONGEST_CUSTOM_NAME
                && !name.chars().any(char::is_control);
            if usable {
                return Ok(Self::Custom(CustomFieldName(name.trim().into())));
            }
        } else if let Some(&target) = StandardTarget::ALL.iter().find(|target| target.key() == key) {
            return Ok(Self::Standard(target));
        }
        Err(UnknownTarget(
            key.chars().take(80).flat_map(char::escape_default).collect(),
        ))
    }
}

impl TryFrom<String> for Target {
    type Error = UnknownTarget;

    fn try_from(key: String) -> Result<Self, UnknownTarget> {
        key.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.key().into()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_read_back_from_its_key() {
        for &target in StandardTarget::ALL {
            assert_eq!(target.key().parse(), Ok(Target::Standard(target)));
        }
        assert_eq!(
            "custom: Shirt size ".parse::<Target>().unwrap().key(),
            "custom:Shirt size"
        );
    }

    #[test]
    fn an_unknown_target_is_named_in_the_error() {
        assert_eq!(
            "shoeSize".parse::<Target>().unwrap_err().to_string(),
            "`shoeSize` is not a field of HiThrive"
        );
        for bad in ["custom:", "custom: ", "custom:a\nb", ""] {
            assert!(bad.parse::<Target>().is_err(), "{bad:?}");
        }
    }
}
