use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::*;
use crate::employee::Reading;

const ABSENT: &str = "absent";

fn person(status: &str, lifecycle: &str, terminated_on: &str, starts_on: &str) -> Employee {
    let value = |text: &str| match text {
        ABSENT => FieldValue::Absent,
        "" => FieldValue::Empty,
        text => FieldValue::Present(Reading {
            machine: Json::String(text.to_owned()),
            human: None,
        }),
    };
    let id = FieldValue::Present(Reading {
        machine: json!("1"),
        human: None,
    });
    Employee::new(vec![
        id.clone(),
        id,
        value(status),
        value(lifecycle),
        value(terminated_on),
        value(starts_on),
    ])
}

/// 24 November 2026, 03:30 in London; already 16:30 in Auckland, still the evening of the 23rd in Los Angeles.
fn today_in(zone: &str) -> Today {
    Today::new(
        "2026-11-24T03:30:00Z".parse().unwrap(),
        TimeZone::get(zone).unwrap(),
    )
}

fn on(policy: &Policy, employee: &Employee) -> Standing {
    standing(employee, policy, &today_in("Europe/London"))
}

#[test]
fn a_leaver_leaves_after_the_termination_date_in_the_tenants_time_zone() {
    let leaver = person("Inactive", "terminated", "2026-11-23", "2020-01-01");
    let policy = Policy::default();
    assert_eq!(
        standing(&leaver, &policy, &today_in("Europe/London")),
        Standing::Left
    );
    assert_eq!(
        standing(&leaver, &policy, &today_in("America/Los_Angeles")),
        Standing::Here
    );
    let future = person("Active", "terminated", "2026-11-24", "2020-01-01");
    assert_eq!(
        standing(&future, &policy, &today_in("Europe/London")),
        Standing::Here
    );
}

#[test]
fn grace_hours_postpone_the_end() {
    let leaver = person("Inactive", "terminated", "2026-11-23", "2020-01-01");
    let grace = |hours| Policy {
        leavers_grace_hours: hours,
        ..Policy::default()
    };
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
    assert_eq!(
        on(&policy, &person("Active", "employed", "2025-01-31", "2026-02-01")),
        Standing::Here
    );
    assert_eq!(
        on(&policy, &person("Active", "employed", "2027-01-31", "2020-02-01")),
        Standing::Here
    );
}

#[test]
fn a_future_starter_is_here_on_the_start_date_or_the_chosen_days_before() {
    let starter = |date| person("Inactive", "hired", "", date);
    let policy = Policy::default();
    assert_eq!(on(&policy, &starter("2026-11-25")), Standing::NotYet);
    assert_eq!(on(&policy, &starter("2026-11-24")), Standing::Here);
    let early = Policy {
        create_days_before_start: 7,
        ..Policy::default()
    };
    assert_eq!(on(&early, &starter("2026-12-01")), Standing::Here);
    assert_eq!(on(&early, &starter("2026-12-02")), Standing::NotYet);
    for unknown in ["", ABSENT, "soon"] {
        assert_eq!(on(&policy, &starter(unknown)), Standing::NotYet, "{unknown:?}");
    }
}

#[test]
fn leave_of_any_kind_follows_the_tenants_choice() {
    let choice = |leave| Policy {
        leave,
        ..Policy::default()
    };
    for kind in ["leave", "Parental Leave", "parentalLeave", "sabbatical-leave"] {
        let active = person("Active", kind, "", "2020-01-01");
        let inactive = person("Inactive", kind, "", "2020-01-01");
        assert_eq!(
            on(&choice(WhenAway::StayActive), &inactive),
            Standing::Here,
            "{kind}"
        );
        assert_eq!(
            on(&choice(WhenAway::AsInHiBob), &active),
            Standing::Here,
            "{kind}"
        );
        assert_eq!(
            on(&choice(WhenAway::AsInHiBob), &inactive),
            Standing::Away,
            "{kind}"
        );
        assert_eq!(
            on(&choice(WhenAway::Deactivate), &active),
            Standing::Away,
            "{kind}"
        );
    }
}

#[test]
fn garden_leave_stays_until_the_termination_date_unless_the_tenant_says_otherwise() {
    let in_garden = |date| person("Active", "gardenLeave", date, "2020-01-01");
    assert_eq!(on(&Policy::default(), &in_garden("2026-12-31")), Standing::Here);
    assert_eq!(on(&Policy::default(), &in_garden("2026-11-23")), Standing::Left);
    let strict = Policy {
        garden_leave: WhenAway::Deactivate,
        ..Policy::default()
    };
    assert_eq!(on(&strict, &in_garden("2026-12-31")), Standing::Away);
}

#[test]
fn nobody_is_removed_on_an_absent_or_unknown_lifecycle() {
    let policy = Policy {
        leave: WhenAway::Deactivate,
        ..Policy::default()
    };
    assert_eq!(
        on(&policy, &person("Active", "onMoon", "", "2020-01-01")),
        Standing::Unclear { has_access: true }
    );
    assert_eq!(
        on(&policy, &person("Inactive", "", "", "2020-01-01")),
        Standing::Unclear { has_access: false }
    );
    assert_eq!(
        on(&policy, &person("Inactive", ABSENT, "", "")),
        Standing::Unclear { has_access: false }
    );
    assert_eq!(
        on(&policy, &person(ABSENT, "terminated", "", "")),
        Standing::Unclear { has_access: false }
    );
    assert_eq!(
        on(&policy, &person("Inactive", "leave", ABSENT, "")),
        Standing::Unclear { has_access: false }
    );
}
