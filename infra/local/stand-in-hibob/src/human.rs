//! Values as people read them: what `humanReadable` shows.

use jiff::civil::Date;
use serde_json::Value;

use crate::{
    canary,
    company::Company,
    employee::EmployeeId,
    field::{Field, Kind},
    lists,
};

/// `None` for null, and for an id that no list or person stands behind.
pub(crate) fn text(company: &Company, field: &Field, value: &Value) -> Option<String> {
    if let Value::String(text) = value
        && (field.id == "root.id" || canary::is_planted(text))
    {
        return Some(text.clone());
    }
    match (field.kind, value) {
        (_, Value::Null) => None,
        (Kind::List(list) | Kind::ListId(list) | Kind::HierarchyList(list), item) => label(list, item),
        (Kind::MultiList(list), Value::Array(items)) => Some(
            items
                .iter()
                .filter_map(|item| label(list, item))
                .collect::<Vec<_>>()
                .join(","),
        ),
        (Kind::EmployeeReference, Value::String(id)) => {
            let employee = company.employee(id.parse::<EmployeeId>().ok()?)?;
            plain(&company.shown(employee, Field::named("root.displayName")))
        }
        (Kind::Date | Kind::Time, Value::String(text)) => Some(day_first(text)),
        (Kind::ShortDate, Value::String(text)) => Some(
            text.split_once('-')
                .map_or_else(|| text.clone(), |(month, day)| format!("{day}/{month}")),
        ),
        (_, other) => plain(other),
    }
}

fn label(list: &str, item: &Value) -> Option<String> {
    if let Value::String(text) = item
        && canary::is_planted(text)
    {
        return Some(text.clone());
    }
    lists::named_list(list)?.label(item).map(ToOwned::to_owned)
}

/// Dates come in the calling user's display format. Text that is no date is shown as it is.
fn day_first(text: &str) -> String {
    let day = text.get(..10).unwrap_or(text);
    day.parse::<Date>()
        .map_or_else(|_| text.to_owned(), |date| date.strftime("%d/%m/%Y").to_string())
}

/// By the JSON type alone: for plain fields, and for values that do not fit their field.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(true) => Some("Yes".to_owned()),
        Value::Bool(false) => Some("No".to_owned()),
        Value::Number(number) => number.as_f64().map(|number| format!("{number:.2}")),
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(plain).collect::<Vec<_>>().join(",")),
        Value::Object(parts) => match (parts.get("currency"), parts.get("value")) {
            (Some(Value::String(currency)), Some(amount)) => Some(format!("{currency} {}", plain(amount)?)),
            _ => ["displayName", "humanize", "type"]
                .iter()
                .find_map(|key| parts.get(*key))
                .and_then(plain),
        },
    }
}
