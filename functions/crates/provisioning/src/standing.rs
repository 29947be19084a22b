//! What HiBob's lifecycle fields say about a person on the day of the run.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::employee::{Employee, FieldValue};
use crate::field::{FieldIndex, control};
use crate::policy::{Policy, WhenAway};
use crate::value::parse_date;

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

/// The instant of a run, seen from the tenant's time zone.
#[derive(Debug, Clone)]
pub struct Today {
    now: Timestamp,
    time_zone: TimeZone,
    date: Date,
}

impl Today {
    /// The local day at an instant.
    #[must_use]
    pub fn new(now: Timestamp, time_zone: TimeZone) -> Self {
        let date = now.to_zoned(time_zone.clone()).date();
        Self { now, time_zone, date }
    }

    /// The tenant's local date.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    /// Whether a day, and some hours after its end, are over for the tenant.
    fn is_over(&self, day: Date, hours_after: u16) -> bool {
        let end = day.tomorrow().and_then(|next| next.to_zoned(self.time_zone.clone()));
        let until = end.and_then(|end| end.timestamp().checked_add(i64::from(hours_after).hours()));
        until.is_ok_and(|until| self.now >= until)
    }

    fn plus_days(&self, days: u8) -> Date {
        self.date.checked_add(i64::from(days).days()).unwrap_or(Date::MAX)
    }
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
    let id: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
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
    let access = access(employee);
    let unclear = Standing::Unclear { has_access: access == Some(true) };
    if control::LIFECYCLE.iter().any(|&index| *employee.get(index) == FieldValue::Absent) {
        return unclear;
    }
    let terminated_on = date(employee, control::TERMINATION_DATE);
    match employee.text(control::LIFECYCLE_STATUS).map_or(Lifecycle::Unknown, lifecycle) {
        Lifecycle::Employed => here_or_not_yet(employee, policy, today),
        Lifecycle::Hired => match here_or_not_yet(employee, policy, today) {
            // HiBob turns a hired person into an employed one by itself; without a date there is nothing to wait for.
            Standing::Here if !matches!(date(employee, control::START_DATE), DateField::On(_)) => Standing::NotYet,
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

/// What HiBob's access status says, if it says one of the two things it should.
fn access(employee: &Employee) -> Option<bool> {
    let status = employee.text(control::STATUS)?.trim();
    let is = |name| status.eq_ignore_ascii_case(name);
    if is("active") { Some(true) } else { is("inactive").then_some(false) }
}

fn away(when_away: WhenAway, access: Option<bool>) -> Standing {
    match (when_away, access) {
        (WhenAway::StayActive, _) | (WhenAway::AsInHiBob, Some(true)) => Standing::Here,
        (WhenAway::Deactivate, _) | (WhenAway::AsInHiBob, Some(false)) => Standing::Away,
        (WhenAway::AsInHiBob, None) => Standing::Unclear { has_access: false },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::employee::Reading;

    const ABSENT: &str = "absent";

    fn person(status: &str, lifecycle: &str, terminated_on: &str, starts_on: &str) -> Employee {
        let value = |text: &str| match text {
            ABSENT => FieldValue::Absent,
            "" => FieldValue::Empty,
            text => FieldValue::Present(Reading { machine: Json::String(text.to_owned()), human: None }),
        };
        let id = FieldValue::Present(Reading { machine: json!("1"), human: None });
        Employee::new(vec![id.clone(), id, value(status), value(lifecycle), value(terminated_on), value(starts_on)])
    }

    /// 24 November 2026, 03:30 in London; already 16:30 in Auckland, still the evening of the 23rd in Los Angeles.
    fn today_in(zone: &str) -> Today {
        Today::new("2026-11-24T03:30:00Z".parse().unwrap(), TimeZone::get(zone).unwrap())
    }

    fn on(policy: &Policy, employee: &Employee) -> Standing {
        standing(employee, policy, &today_in("Europe/London"))
    }

    #[test]
    fn a_leaver_leaves_after_the_termination_date_in_the_tenants_time_zone() {
        let leaver = person("Inactive", "terminated", "2026-11-23", "2020-01-01");
        let policy = Policy::default();
        assert_eq!(standing(&leaver, &policy, &today_in("Europe/London")), Standing::Left);
        assert_eq!(standing(&leaver, &policy, &today_in("America/Los_Angeles")), Standing::Here);
        let future = person("Active", "terminated", "2026-11-24", "2020-01-01");
        assert_eq!(standing(&future, &policy, &today_in("Europe/London")), Standing::Here);
    }

    #[test]
    fn grace_hours_postpone_the_end() {
        let leaver = person("Inactive", "terminated", "2026-11-23", "2020-01-01");
        let grace = |hours| Policy { leavers_grace_hours: hours, ..Policy::default() };
        assert_eq!(on(&grace(3), &leaver), Standing::Left);
        assert_eq!(on(&grace(4), &leaver), Standing::Here);
    }

    #[test]
    fn terminated_without_a_date_is_a_leaver_at_once_but_an_unreadable_or_absent_date_is_unclear() {
        let policy = Policy::default();
        let terminated = |date| on(&policy, &person("Inactive", "terminated", date, "2020-01-01"));
        assert_eq!(terminated(""), Standing::Left);
        assert_eq!(terminated(ABSENT), Standing::Unclear { has_access: false });
        assert_eq!(terminated("23/11/2026"), Standing::Unclear { has_access: false });
    }

    #[test]
    fn employed_with_a_past_termination_date_is_a_rehire_and_with_a_future_one_in_notice() {
        let policy = Policy::default();
        assert_eq!(on(&policy, &person("Active", "employed", "2025-01-31", "2026-02-01")), Standing::Here);
        assert_eq!(on(&policy, &person("Active", "employed", "2027-01-31", "2020-02-01")), Standing::Here);
    }

    #[test]
    fn a_future_starter_is_here_on_the_start_date_or_the_chosen_days_before() {
        let starter = |date| person("Inactive", "hired", "", date);
        let policy = Policy::default();
        assert_eq!(on(&policy, &starter("2026-11-25")), Standing::NotYet);
        assert_eq!(on(&policy, &starter("2026-11-24")), Standing::Here);
        let early = Policy { create_days_before_start: 7, ..Policy::default() };
        assert_eq!(on(&early, &starter("2026-12-01")), Standing::Here);
        assert_eq!(on(&early, &starter("2026-12-02")), Standing::NotYet);
        for unknown in ["", ABSENT, "soon"] {
            assert_eq!(on(&policy, &starter(unknown)), Standing::NotYet, "{unknown:?}");
        }
    }

    #[test]
    fn leave_of_any_kind_follows_the_tenants_choice() {
        let choice = |leave| Policy { leave, ..Policy::default() };
        for kind in ["leave", "Parental Leave", "parentalLeave", "sabbatical-leave"] {
            let active = person("Active", kind, "", "2020-01-01");
            let inactive = person("Inactive", kind, "", "2020-01-01");
            assert_eq!(on(&choice(WhenAway::StayActive), &inactive), Standing::Here, "{kind}");
            assert_eq!(on(&choice(WhenAway::AsInHiBob), &active), Standing::Here, "{kind}");
            assert_eq!(on(&choice(WhenAway::AsInHiBob), &inactive), Standing::Away, "{kind}");
            assert_eq!(on(&choice(WhenAway::Deactivate), &active), Standing::Away, "{kind}");
        }
    }

    #[test]
    fn garden_leave_stays_until_the_termination_date_unless_the_tenant_says_otherwise() {
        let in_garden = |date| person("Active", "gardenLeave", date, "2020-01-01");
        assert_eq!(on(&Policy::default(), &in_garden("2026-12-31")), Standing::Here);
        assert_eq!(on(&Policy::default(), &in_garden("2026-11-23")), Standing::Left);
        let strict = Policy { garden_leave: WhenAway::Deactivate, ..Policy::default() };
        assert_eq!(on(&strict, &in_garden("2026-12-31")), Standing::Away);
    }

    #[test]
    fn nobody_is_removed_on_an_absent_or_unknown_lifecycle() {
        let policy = Policy { leave: WhenAway::Deactivate, ..Policy::default() };
        assert_eq!(on(&policy, &person("Active", "onMoon", "", "2020-01-01")), Standing::Unclear { has_access: true });
        assert_eq!(on(&policy, &person("Inactive", "", "", "2020-01-01")), Standing::Unclear { has_access: false });
        assert_eq!(on(&policy, &person("Inactive", ABSENT, "", "")), Standing::Unclear { has_access: false });
        assert_eq!(on(&policy, &person(ABSENT, "terminated", "", "")), Standing::Unclear { has_access: false });
        assert_eq!(on(&policy, &person("Inactive", "leave", ABSENT, "")), Standing::Unclear { has_access: false });
    }
}
