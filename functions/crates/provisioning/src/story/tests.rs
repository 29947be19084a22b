use jiff::tz::TimeZone;
use serde_json::json;

use super::*;
use crate::employee::{FieldValue, Reading};
use crate::field::{Category, FieldType, SourceField};
use crate::scope::{Condition, Effect, NeverSync, ScopeRule};

fn rule(effect: Effect, id: &str, text: &str) -> ScopeRule {
    ScopeRule {
        effect,
        field: SourceField {
            id: id.parse().unwrap(),
            field_type: FieldType::Text,
            category: Category {
                id: "work".to_owned(),
                name: "Work".to_owned(),
            },
        },
        condition: Condition::Equals(text.to_owned()),
    }
}

fn explained(policy: &Policy, record: &[(&str, &str)]) -> Explanation {
    let fields = FieldSet::new(policy.scope.rules.iter().map(|rule| &rule.field));
    let value = |id: &str| match record.iter().find(|(field, _)| *field == id) {
        None => FieldValue::Absent,
        Some((_, "")) => FieldValue::Empty,
        Some((_, text)) => FieldValue::Present(Reading {
            machine: json!(text),
            human: None,
        }),
    };
    let employee = Employee::new(fields.ids().iter().map(|id| value(id.as_str())).collect());
    let today = Today::new("2026-11-24T03:30:00Z".parse().unwrap(), TimeZone::UTC);
    explain(&employee, &fields, policy, &today)
}

const ADA: [(&str, &str); 6] = [
    ("root.id", "77"),
    ("root.email", "ada@example.com"),
    ("internal.status", "Active"),
    ("internal.lifecycleStatus", "employed"),
    ("internal.terminationDate", ""),
    ("work.startDate", "2020-01-01"),
];

#[test]
fn somebody_who_is_wanted_is_here_in_scope_and_reachable() {
    let explanation = explained(&Policy::default(), &ADA);
    let expected = json!({"standing": "here", "scope": {"verdict": "in", "rule": null}, "email": "usable"});
    assert_eq!(serde_json::to_value(explanation).unwrap(), expected);
}

#[test]
fn the_rule_that_decides_is_named_by_its_place() {
    let mut policy = Policy::default();
    policy.scope.rules = vec![
        rule(Effect::Include, "work.site", "London"),
        rule(Effect::Exclude, "work.department", "Board"),
    ];
    let at = |site: &str, department: &str| {
        let place = [("work.site", site), ("work.department", department)];
        let record: Vec<_> = ADA.into_iter().chain(place).collect();
        let ExplainedScope { verdict, rule } = explained(&policy, &record).scope;
        (verdict, rule)
    };
    assert_eq!(at("London", "Sales"), (ScopeVerdict::In, None));
    assert_eq!(at("London", "Board"), (ScopeVerdict::Out, Some(1)));
    assert_eq!(at("Paris", "Board"), (ScopeVerdict::Out, Some(0)));
    let unknown = explained(&policy, &ADA).scope;
    assert_eq!((unknown.verdict, unknown.rule), (ScopeVerdict::Unknown, Some(0)));
}

#[test]
fn somebody_never_to_sync_is_out_by_no_rule() {
    let mut policy = Policy::default();
    policy
        .scope
        .never_sync
        .push(NeverSync::Employee("77".parse().unwrap()));
    let scope = explained(&policy, &ADA).scope;
    assert_eq!((scope.verdict, scope.rule), (ScopeVerdict::Never, None));
}

#[test]
fn an_address_is_usable_empty_withheld_or_malformed() {
    let with = |address: Option<&str>| {
        let others = ADA.into_iter().filter(|(field, _)| *field != "root.email");
        let record: Vec<_> = others
            .chain(address.map(|address| ("root.email", address)))
            .collect();
        explained(&Policy::default(), &record).email
    };
    assert_eq!(with(Some("ada@example.com")), EmailState::Usable);
    assert_eq!(with(Some("")), EmailState::Empty);
    assert_eq!(with(Some(" ")), EmailState::Empty);
    assert_eq!(with(Some("ada")), EmailState::Malformed);
    assert_eq!(with(None), EmailState::Withheld);
}
