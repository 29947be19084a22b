//! Dates and birthdays in HiBob's machine form.

use compact_str::{CompactString, ToCompactString};
use jiff::civil::Date;

/// A date in exactly HiBob's machine form, `YYYY-MM-DD`.
#[must_use]
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    if shape { text.parse().ok() } else { None }
}

/// A birthday as `MM-DD` or `YYYY-MM-DD`. 29 February needs no leap year when there is no year.
pub(super) fn canonical_birthday(text: &str) -> Option<CompactString> {
    if let Some(date) = parse_date(text) {
        return Some(date.to_compact_string());
    }
    let has_shape = text.len() == 5 && text.as_bytes()[2] == b'-';
    // Any leap year will do.
    (has_shape && parse_date(&format!("2000-{text}")).is_some()).then(|| text.into())
}
