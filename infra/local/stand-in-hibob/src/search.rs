//! The body of a people search and of a single read, with the rules HiBob checks it by.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{access::ServiceUser, company::Company, employee::Employee, field::Field, fields::FIELDS};

/// More field ids than this are refused.
pub(crate) const MOST_FIELDS: usize = 400;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Search {
    fields: Option<Vec<String>>,
    filters: Option<Vec<Filter>>,
    show_inactive: bool,
    human_readable: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Filter {
    field_path: String,
    operator: String,
    values: Vec<String>,
}

/// Which forms of a value a record carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Machine,
    /// Machine values, and the human ones beside them.
    Append,
    /// Human values in the place of machine values.
    Replace,
}

/// Why a search is refused with a 400.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadSearch {
    key: &'static str,
    error: String,
}

impl BadSearch {
    pub(crate) fn body(&self) -> Value {
        json!({ "key": self.key, "error": self.error, "args": [] })
    }
}

fn refuse<T>(key: &'static str, error: &str) -> Result<T, BadSearch> {
    Err(BadSearch {
        key,
        error: error.to_owned(),
    })
}

impl Search {
    /// An empty body asks for everybody with the default fields.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, BadSearch> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let search = serde_json::from_slice::<Self>(body)
            .or_else(|error| refuse("bad_request.body", &error.to_string()))?;
        if search
            .fields
            .as_ref()
            .is_some_and(|fields| fields.len() > MOST_FIELDS)
        {
            return refuse("bad_request.fields", "at most 400 fields can be requested");
        }
        if let Some(filters) = &search.filters {
            let [filter] = filters.as_slice() else {
                return refuse("bad_request.filters", "exactly one filter is expected");
            };
            if !matches!(filter.field_path.as_str(), "root.id" | "root.email") {
                return refuse(
                    "bad_request.filters.fieldPath",
                    "only root.id and root.email can be filtered by",
                );
            }
            if filter.operator != "equals" {
                return refuse("bad_request.filters.operator", "the only operator is equals");
            }
            if filter.values.is_empty() {
                return refuse("bad_request.filters.values", "values must not be empty");
            }
        }
        search.style().map(|_| search)
    }

    pub(crate) fn style(&self) -> Result<Style, BadSearch> {
        match self
            .human_readable
            .as_deref()
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str()
        {
            "" => Ok(Style::Machine),
            "APPEND" => Ok(Style::Append),
            "REPLACE" => Ok(Style::Replace),
            _ => refuse("bad_request.humanReadable", "humanReadable is APPEND or REPLACE"),
        }
    }

    /// The ids as asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.fields.iter().flatten().cloned().collect()
    }

    /// The fields an answer has: known, permitted, each once. What is not, is left out without a word.
    pub(crate) fn fields(&self, company: &Company, user: &ServiceUser) -> Vec<&'static Field> {
        let mut fields = match &self.fields {
            Some(ids) => ids.iter().filter_map(|id| Field::find(&dotted(id))).collect(),
            None => FIELDS
                .iter()
                .filter(|field| is_default(company, field))
                .collect::<Vec<_>>(),
        };
        let mut seen = std::collections::BTreeSet::new();
        fields.retain(|field| seen.insert(field.id) && user.sees_field(company, field));
        fields
    }

    /// Whether the filter and the plea for inactive people let a person into the answer.
    pub(crate) fn includes(&self, company: &Company, employee: &Employee) -> bool {
        let facts = company.facts(employee);
        let is_wanted = self.filters.iter().flatten().all(|filter| {
            if filter.field_path == "root.id" {
                return filter.values.contains(&employee.id().to_string());
            }
            let email = facts.text("root.email").to_lowercase();
            filter.values.iter().any(|value| value.to_lowercase() == email)
        });
        is_wanted && (self.show_inactive || facts.text("internal.status") == "Active")
    }
}

/// Some clients write `/root/email`.
fn dotted(id: &str) -> String {
    id.strip_prefix('/')
        .map_or_else(|| id.to_owned(), |path| path.replace('/', "."))
}

fn is_default(company: &Company, field: &Field) -> bool {
    const BASIC: [&str; 9] = [
        "root.id",
        "root.companyId",
        "root.email",
        "root.firstName",
        "root.surname",
        "root.displayName",
        "root.secondName",
        "root.creationDateTime",
        "root.avatarUrl",
    ];
    let in_category = matches!(company.category_of(field), "about" | "employment" | "work");
    BASIC.contains(&field.id) || (in_category && !field.is_custom())
}
