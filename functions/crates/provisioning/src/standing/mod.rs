//! What HiBob's lifecycle fields say about a person on the day of the run.

mod today;

use jiff::civil::Date;

use crate::employee::{Employee, FieldValue};
use crate::field::{FieldIndex, control};
use crate::policy::{Policy, WhenAway};
use crate::value::parse_date;

pub use today::Today;

/// Whether a person belongs into the team on the day of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Works here, or is away in a way the tenant keeps.
    Here,
    /// Starts later, or nobody knows when; no account is created yet, an existing one stays as it is.
    NotYet,
    /// HiBob says the person has left, and the termination date and the tenant's grace are over.
    Left,
    /// On leave, and the tenant wants the account inactive meanwhile.
    Away,
    /// HiBob does not say, or says something unknown: an existing account stays as it is. Whether a new one may be
    /// created depends on the access status.
    Unclear {
        /// Whether `internal.status` is known to be `Active`.
        has_access: bool,
    },
}

enum Lifecycle {
    Employed,
    Hired,
    GardenLeave,
    Leave,
    Terminated,
    Unknown,
}

/// The ids other than `employed` are known from third parties only, so case, spaces and separators are ignored and every
/// other kind of leave counts as leave.
fn lifecycle(text: &str) -> Lifecycle {
    let id: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    match id.as_str() {
        "employed" => Lifecycle::Employed,
        "hired" => Lifecycle::Hired,
        "gardenleave" => Lifecycle::GardenLeave,
        "terminated" => Lifecycle::Terminated,
        leave if leave.contains("leave") => Lifecycle::Leave,
        _ => Lifecycle::Unknown,
    }
}

enum DateField {
    Absent,
    Empty,
    Unreadable,
    On(Date),
}

fn date(employee: &Employee, index: FieldIndex) -> DateField {
    match (employee.get(index), employee.text(index)) {
        (FieldValue::Absent, _) => DateField::Absent,
        (FieldValue::Empty, _) => DateField::Empty,
        (FieldValue::Present(_), text) => match text.map(str::trim) {
            Some("") => DateField::Empty,
            Some(text) => parse_date(text).map_or(DateField::Unreadable, DateField::On),
            None => DateField::Unreadable,
        },
    }
}

/// Where an employee stands today. Without every lifecycle field in the record nobody is said to have left or be away.
#[must_use]
pub fn standing(employee: &Employee, policy: &Policy, today: &Today) -> Standing {
    let access = has_access(employee);
    let unclear = Standing::Unclear {
        has_access: access == Some(true),
    };
    if control::LIFECYCLE
        .iter()
        .any(|&index| *employee.get(index) == FieldValue::Absent)
    {
        return unclear;
    }
    let terminated_on = date(employee, control::TERMINATION_DATE);
    match employee
        .text(control::LIFECYCLE_STATUS)
        .map_or(Lifecycle::Unknown, lifecycle)
    {
        Lifecycle::Employed => here_or_not_yet(employee, policy, today),
        Lifecycle::Hired => match here_or_not_yet(employee, policy, today) {
            // HiBob turns a hired person into an employed one by itself; without a date there is nothing to wait for.
            Standing::Here if !matches!(date(employee, control::START_DATE), DateField::On(_)) => {
                Standing::NotYet
            }
            standing => standing,
        },
        Lifecycle::Leave => away(policy.leave, access),
        Lifecycle::GardenLeave => match terminated_on {
            DateField::On(day) if today.is_over(day, policy.leavers_grace_hours) => Standing::Left,
            _ => away(policy.garden_leave, access),
        },
        Lifecycle::Terminated => match terminated_on {
            DateField::On(day) if today.is_over(day, policy.leavers_grace_hours) => Standing::Left,
            // In notice, unless the work was called off before it began.
            DateField::On(_) => here_or_not_yet(employee, policy, today),
            DateField::Empty => Standing::Left,
            DateField::Absent | DateField::Unreadable => unclear,
        },
        Lifecycle::Unknown => unclear,
    }
}

fn here_or_not_yet(employee: &Employee, policy: &Policy, today: &Today) -> Standing {
    match date(employee, control::START_DATE) {
        DateField::On(start) if start > today.plus_days(policy.create_days_before_start) => Standing::NotYet,
        _ => Standing::Here,
    }
}

/// Whether HiBob says the person is employed, neither hired nor on leave nor gone; `None` when it does not say.
pub(crate) fn is_employed(employee: &Employee) -> Option<bool> {
    let status = employee.text(control::LIFECYCLE_STATUS)?;
    Some(matches!(lifecycle(status), Lifecycle::Employed))
}

/// What HiBob's access status says, if it says one of the two things it should.
pub(crate) fn has_access(employee: &Employee) -> Option<bool> {
    let status = employee.text(control::STATUS)?.trim();
    let is = |name| status.eq_ignore_ascii_case(name);
    if is("active") {
        Some(true)
    } else {
        is("inactive").then_some(false)
    }
}

fn away(when_away: WhenAway, access: Option<bool>) -> Standing {
    match (when_away, access) {
        (WhenAway::StayActive, _) | (WhenAway::AsInHiBob, Some(true)) => Standing::Here,
        (WhenAway::Deactivate, _) | (WhenAway::AsInHiBob, Some(false)) => Standing::Away,
        (WhenAway::AsInHiBob, None) => Standing::Unclear { has_access: false },
    }
}

#[cfg(test)]
mod tests;
