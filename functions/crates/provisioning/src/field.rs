//! Fields of HiBob: their ids, types and permission categories, and the set of them that one request names.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A HiBob field id in dot notation, such as `work.title` or `work.custom.field_1651169416679`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 200, pattern = r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$", example = "work.title")]
pub struct FieldId(CompactString);

/// A text that cannot be a field id: dot-separated, non-empty segments of letters, digits, `_` and `-`, 200 bytes at most.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a HiBob field id")]
pub struct InvalidFieldId(String);

impl FieldId {
    /// The id as HiBob's metadata spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The segments of the id in a person's nested record. HiBob drops `root` there: `root.email` is at `email`.
    pub fn json_path(&self) -> impl Iterator<Item = &str> {
        self.0.strip_prefix("root.").unwrap_or(&self.0).split('.')
    }

    /// The key under which HiBob repeats the field at the top of a record, when it has a value: `/work/title`.
    #[must_use]
    pub fn slash_key(&self) -> String {
        format!("/{}", self.0.replace('.', "/"))
    }
}

impl FromStr for FieldId {
    type Err = InvalidFieldId;

    fn from_str(id: &str) -> Result<Self, InvalidFieldId> {
        let segment = |s: &str| {
            !s.is_empty()
                && s.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        if id.len() <= 200 && id.contains('.') && id.split('.').all(segment) {
            Ok(Self(id.into()))
        } else {
            Err(InvalidFieldId(
                id.chars().take(80).flat_map(char::escape_default).collect(),
            ))
        }
    }
}

impl TryFrom<String> for FieldId {
    type Error = InvalidFieldId;

    fn try_from(id: String) -> Result<Self, InvalidFieldId> {
        id.parse()
    }
}

impl From<FieldId> for String {
    fn from(id: FieldId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The `type` of a field in HiBob's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Several lines of text.
    TextArea,
    /// A JSON number.
    Number,
    /// `YYYY-MM-DD`.
    Date,
    /// `MM-DD`.
    ShortDate,
    /// A time stamp without a zone.
    Time,
    /// `true` or `false`.
    Boolean,
    /// One item of a named list, as item id or label.
    List,
    /// One item of a named list, always as item id.
    #[serde(rename = "list_id")]
    ListId,
    /// Several items of a named list.
    MultiList,
    /// One item of a nested list.
    HierarchyList,
    /// Another employee, as id.
    EmployeeReference,
    /// Another employee, as an object with id, names and e-mail.
    Employee,
    /// An image address.
    Avatar,
    /// A social security number. Never offered.
    Ssn,
    /// Anything else; it can be shown but fills no target.
    #[serde(other)]
    Other,
}

impl FieldType {
    /// Every type.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::TextArea,
        Self::Number,
        Self::Date,
        Self::ShortDate,
        Self::Time,
        Self::Boolean,
        Self::List,
        Self::ListId,
        Self::MultiList,
        Self::HierarchyList,
        Self::EmployeeReference,
        Self::Employee,
        Self::Avatar,
        Self::Ssn,
        Self::Other,
    ];
}

/// The permission category that a field belongs to in the customer's HiBob. Permissions attach to it, not to the
/// field's prefix, and admins may rename it and move fields between categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// HiBob's `categoryId`.
    pub id: String,
    /// HiBob's `categoryDisplayName`, as the admin sees it.
    pub name: String,
}

/// A field of the source with what the metadata said about it when it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceField {
    /// The field.
    pub id: FieldId,
    /// Its type, which decides whether the machine or the human form of a value is read.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Whose permission opens it.
    pub category: Category,
}

/// The position of a field in a [`FieldSet`], and of its value in every employee read with that set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldIndex(u16);

impl FieldIndex {
    /// As an index into [`FieldSet::ids`] and an employee's values.
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// The fields that every run reads besides the mapped ones, because its rules need them. The admin is shown this list.
pub mod control {
    use super::FieldIndex;

    /// HiBob's id of the employee.
    pub const ID: FieldIndex = FieldIndex(0);
    /// The work e-mail address.
    pub const EMAIL: FieldIndex = FieldIndex(1);
    /// `Active` or `Inactive`.
    pub const STATUS: FieldIndex = FieldIndex(2);
    /// `employed`, `terminated`, …
    pub const LIFECYCLE_STATUS: FieldIndex = FieldIndex(3);
    /// The date somebody leaves or left.
    pub const TERMINATION_DATE: FieldIndex = FieldIndex(4);
    /// The first day of work.
    pub const START_DATE: FieldIndex = FieldIndex(5);

    /// The control fields' ids in the order of the constants, with id and standard name of their category.
    pub const FIELDS: [(&str, &str, &str); 6] = [
        ("root.id", "root", "Basic info"),
        ("root.email", "root", "Basic info"),
        ("internal.status", "lifecycle", "Lifecycle"),
        ("internal.lifecycleStatus", "lifecycle", "Lifecycle"),
        ("internal.terminationDate", "lifecycle", "Lifecycle"),
        ("work.startDate", "work", "Work"),
    ];

    /// Without these nobody can be said to have left.
    pub const LIFECYCLE: [FieldIndex; 3] = [STATUS, LIFECYCLE_STATUS, TERMINATION_DATE];
}

/// The fields one people search asks for: the control fields first, then every mapped and scope field once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSet {
    ids: Vec<FieldId>,
    categories: Vec<Category>,
}

impl FieldSet {
    /// HiBob refuses a request that names more fields.
    pub const MAX: usize = 400;

    /// The control fields and `fields`, without repetition.
    #[must_use]
    pub fn new<'a>(fields: impl IntoIterator<Item = &'a SourceField>) -> Self {
        let mut set = Self {
            ids: Vec::new(),
            categories: Vec::new(),
        };
        for (id, category_id, category_name) in control::FIELDS {
            set.ids.push(FieldId(id.into()));
            set.categories.push(Category {
                id: category_id.to_owned(),
                name: category_name.to_owned(),
            });
        }
        for field in fields {
            if let Some(index) = set.index_of(&field.id) {
                set.categories[index.get()] = field.category.clone();
            } else {
                set.ids.push(field.id.clone());
                set.categories.push(field.category.clone());
            }
        }
        set
    }

    /// The ids in order.
    #[must_use]
    pub fn ids(&self) -> &[FieldId] {
        &self.ids
    }

    /// Where a field stands in the set.
    #[must_use]
    pub fn index_of(&self, id: &FieldId) -> Option<FieldIndex> {
        let position = self.ids.iter().position(|known| known == id)?;
        u16::try_from(position).ok().map(FieldIndex)
    }

    /// A field's id and permission category.
    #[must_use]
    pub fn get(&self, index: FieldIndex) -> (&FieldId, &Category) {
        (&self.ids[index.get()], &self.categories[index.get()])
    }

    /// Every position of the set.
    pub fn indexes(&self) -> impl Iterator<Item = FieldIndex> + use<> {
        (0..u16::try_from(self.ids.len()).unwrap_or(u16::MAX)).map(FieldIndex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_dropped_from_the_nested_path_but_not_from_the_slash_key() {
        let email: FieldId = "root.email".parse().unwrap();
        assert_eq!(email.json_path().collect::<Vec<_>>(), ["email"]);
        assert_eq!(email.slash_key(), "/root/email");
        let custom: FieldId = "work.custom.field_1".parse().unwrap();
        assert_eq!(
            custom.json_path().collect::<Vec<_>>(),
            ["work", "custom", "field_1"]
        );
    }

    #[test]
    fn a_set_names_every_field_once_and_the_control_fields_first() {
        let field = |id: &str| SourceField {
            id: id.parse().unwrap(),
            field_type: FieldType::Text,
            category: Category {
                id: "c".to_owned(),
                name: "C".to_owned(),
            },
        };
        let fields = [field("work.title"), field("root.email"), field("work.title")];
        let set = FieldSet::new(&fields);
        assert_eq!(set.ids().len(), 7);
        assert_eq!(set.ids()[control::START_DATE.get()].as_str(), "work.startDate");
        assert_eq!(
            set.get(control::EMAIL).1.name,
            "C",
            "the customer's own category wins over the standard one"
        );
    }

    #[test]
    fn types_are_spelled_as_hibob_spells_them() {
        let read = |s: &str| serde_json::from_str::<FieldType>(&format!("\"{s}\"")).unwrap();
        assert_eq!(read("list_id"), FieldType::ListId);
        assert_eq!(read("employee-reference"), FieldType::EmployeeReference);
        assert_eq!(read("duration_with_unit"), FieldType::Other);
    }
}
