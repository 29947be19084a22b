//! Values that nobody could have written by chance, to be looked for where they must not be.

use serde_json::{Value, json};

use crate::{
    employee::EmployeeId,
    field::{Field, Kind},
};

/// What every planted text begins with.
pub const CANARY: &str = "CANARY-";
/// Planted where only a number fits.
pub const CANARY_NUMBER: u64 = 770_077_007_700;
/// Planted where only a date fits.
pub const CANARY_DATE: &str = "1777-07-07";
/// Planted where only a month and a day fit: a day no calendar has.
pub const CANARY_SHORT_DATE: &str = "02-31";

/// The text planted in a field of a person.
#[must_use]
pub fn canary_text(field: &str, employee: EmployeeId) -> String {
    format!("{CANARY}{field}-{employee}")
}

pub(crate) fn is_planted(text: &str) -> bool {
    text.starts_with(CANARY)
}

/// `None` for yes and no, which cannot be told from a genuine one.
pub(crate) fn planted(field: &Field, employee: EmployeeId) -> Option<Value> {
    let text = canary_text(field.id, employee);
    Some(match field.kind {
        Kind::Boolean => return None,
        Kind::Number => CANARY_NUMBER.into(),
        Kind::Date => CANARY_DATE.into(),
        Kind::ShortDate => CANARY_SHORT_DATE.into(),
        Kind::Time => format!("{CANARY_DATE}T07:07:07.070707").into(),
        Kind::MultiList(_) => json!([text]),
        Kind::Currency => json!({ "value": CANARY_NUMBER, "currency": text }),
        Kind::Period => json!({ "periodISO": text, "sortFactor": CANARY_NUMBER, "humanize": text }),
        Kind::WorkingPattern => json!({ "type": text }),
        Kind::Employee => {
            json!({ "id": text, "firstName": text, "surname": text, "email": text, "displayName": text })
        }
        _ => text.into(),
    })
}
