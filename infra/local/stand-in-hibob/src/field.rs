//! What a field is. Metadata, both machine forms, the human form and made-up values all come from this one definition.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Value, json};

use crate::{fields::FIELDS, values::Facts};

/// One of HiBob's fields.
#[derive(Debug)]
pub struct Field {
    /// In dot notation, such as `work.title`.
    pub id: &'static str,
    /// The category whose permission shows the field, which need not be the prefix of the id.
    pub category: &'static str,
    /// What the admin sees; two fields may share it.
    pub name: &'static str,
    /// The type of its values.
    pub kind: Kind,
    /// Whether HiBob keeps its past values by effective date.
    pub historical: bool,
    pub(crate) origin: Origin,
}

/// The types of HiBob's fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "HiBob's own words, one variant for each")]
pub enum Kind {
    Text,
    TextArea,
    Number,
    Date,
    ShortDate,
    Time,
    Boolean,
    List(&'static str),
    ListId(&'static str),
    MultiList(&'static str),
    HierarchyList(&'static str),
    EmployeeReference,
    Employee,
    Currency,
    Period,
    WorkingPattern,
    Avatar,
    Ssn,
}

/// Where a value comes from when nobody has written one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// Nowhere: the field is empty.
    Written,
    /// From other fields, and often from the date.
    Derived(fn(&Facts<'_>) -> Value),
    /// Made up from the person's id, the same every day.
    Sampled,
}

impl Field {
    pub(crate) const fn new(
        id: &'static str,
        category: &'static str,
        name: &'static str,
        kind: Kind,
    ) -> Self {
        Self {
            id,
            category,
            name,
            kind,
            historical: false,
            origin: Origin::Sampled,
        }
    }

    pub(crate) const fn historical(mut self) -> Self {
        self.historical = true;
        self
    }

    pub(crate) const fn written(mut self) -> Self {
        self.origin = Origin::Written;
        self
    }

    pub(crate) const fn derived(mut self, from: fn(&Facts<'_>) -> Value) -> Self {
        self.origin = Origin::Derived(from);
        self
    }

    /// The field with that id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        static BY_ID: LazyLock<HashMap<&str, &Field>> =
            LazyLock::new(|| FIELDS.iter().map(|field| (field.id, field)).collect());
        BY_ID.get(id).copied()
    }

    /// The field with that id.
    ///
    /// # Panics
    /// When there is none: a test that misspells a field has to fail.
    #[must_use]
    pub fn named(id: &str) -> &'static Self {
        Self::find(id).unwrap_or_else(|| panic!("no field `{id}`"))
    }

    /// Where the value stands in the nested form.
    #[must_use]
    pub fn json_path(&self) -> &'static str {
        self.id.strip_prefix("root.").unwrap_or(self.id)
    }

    /// Whether an admin of this company made it; such fields are never in the default set.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.id.contains(".custom.") || self.id.contains(".customColumns.")
    }

    /// Whether it is shown only to those who may also edit its category.
    pub(crate) fn needs_edit(&self) -> bool {
        matches!(
            self.id,
            "personal.birthDate" | "personal.age" | "identification.ssnSerialNumber"
        )
    }

    pub(crate) fn metadata(&self, category: &str) -> Value {
        let prefix = self.id.split('.').next();
        json!({
            "id": self.id, "category": prefix, "categoryId": category,
            "categoryDisplayName": category_name(category), "name": self.name,
            "description": null, "jsonPath": self.json_path(), "type": self.kind.name(),
            "typeData": self.kind.list().map_or_else(|| json!({}), |list| json!({ "listId": list })),
            "historical": self.historical,
        })
    }
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::TextArea => "text-area",
            Self::Number => "number",
            Self::Date => "date",
            Self::ShortDate => "short-date",
            Self::Time => "time",
            Self::Boolean => "boolean",
            Self::List(_) => "list",
            Self::ListId(_) => "list_id",
            Self::MultiList(_) => "multi-list",
            Self::HierarchyList(_) => "hierarchy-list",
            Self::EmployeeReference => "employee-reference",
            Self::Employee => "employee",
            Self::Currency => "currency",
            Self::Period => "period",
            Self::WorkingPattern => "working_pattern",
            Self::Avatar => "avatar",
            Self::Ssn => "ssn",
        }
    }

    pub(crate) fn list(self) -> Option<&'static str> {
        match self {
            Self::List(list) | Self::ListId(list) | Self::MultiList(list) | Self::HierarchyList(list) => {
                Some(list)
            }
            _ => None,
        }
    }
}

/// What admins call a category.
#[must_use]
pub fn category_name(id: &str) -> &str {
    CATEGORIES
        .iter()
        .find(|(known, _)| *known == id)
        .map_or(id, |(_, name)| name)
}

/// Every category: its id and what admins call it.
pub static CATEGORIES: [(&str, &str); 21] = [
    ("root", "Basic info"),
    ("about", "About"),
    ("address", "Address"),
    ("category_1720508362305", "Recognition & perks"),
    ("eeo", "EEO"),
    ("email", "Email"),
    ("emergency", "Emergency"),
    ("employment", "Employment"),
    ("financial", "Financial"),
    ("home", "Home"),
    ("identification", "Identification"),
    ("jobsCatalog", "Jobs"),
    ("lifecycle", "Lifecycle"),
    ("payroll", "Payroll"),
    ("peopleAnalytics", "People analytics"),
    ("personal", "Personal"),
    ("personalContact", "Personal contact details"),
    ("tax", "UK tax"),
    ("userData", "User data"),
    ("work", "Work"),
    ("workContact", "Work contact details"),
];
