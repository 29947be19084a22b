use super::*;
use crate::field::{Category, FieldType, SourceField};
use crate::mapping::{MappingDocument, MappingDocumentEntry, WhenEmpty};
use crate::scope::{Effect, NeverSync};

fn field(id: &str) -> SourceField {
    SourceField {
        id: id.parse().unwrap(),
        field_type: FieldType::Text,
        category: Category {
            id: "c".to_owned(),
            name: "C".to_owned(),
        },
    }
}

fn rule(id: &str, condition: Condition) -> ScopeRule {
    ScopeRule {
        effect: Effect::Include,
        field: field(id),
        condition,
    }
}

fn site(condition: Condition) -> ScopeRule {
    rule("work.site", condition)
}

fn places(policy: &Policy, mapping: Option<&Mapping>) -> Vec<String> {
    policy
        .check(mapping)
        .into_iter()
        .map(|fault| fault.pointer)
        .collect()
}

fn with_rules(rules: Vec<ScopeRule>) -> Policy {
    let mut policy = Policy::default();
    policy.scope.rules = rules;
    policy
}

#[test]
fn nothing_is_wrong_with_what_everybody_starts_with() {
    assert_eq!(Policy::default().check(None), []);
}

#[test]
fn ninety_days_are_the_limit() {
    let mut policy = Policy {
        leavers_grace_hours: 2160,
        create_days_before_start: 90,
        ..Policy::default()
    };
    assert_eq!(policy.check(None), []);
    policy.leavers_grace_hours += 1;
    policy.create_days_before_start += 1;
    assert_eq!(
        places(&policy, None),
        ["/leaversGraceHours", "/createDaysBeforeStart"]
    );
}

#[test]
fn there_are_only_so_many_rules_and_people() {
    let mut policy = with_rules(vec![site(Condition::Equals("London".to_owned())); 51]);
    let person = |n: u32| NeverSync::Employee(n.to_string().parse().unwrap());
    policy.scope.never_sync = (0..1001).map(person).collect();
    assert_eq!(places(&policy, None), ["/scope/rules", "/scope/neverSync"]);
}

#[test]
fn a_condition_without_a_text_is_pointed_at() {
    let policy = with_rules(vec![
        site(Condition::Equals(" ".to_owned())),
        site(Condition::OneOf(Vec::new())),
        site(Condition::OneOf(vec!["London".to_owned(), String::new()])),
        site(Condition::EmailDomain(String::new())),
        site(Condition::OneOf(vec!["London".to_owned()])),
    ]);
    let expected = [
        "/scope/rules/0/condition/equals",
        "/scope/rules/1/condition/oneOf",
        "/scope/rules/2/condition/oneOf",
        "/scope/rules/3/condition/emailDomain",
    ];
    assert_eq!(places(&policy, None), expected);
}

#[test]
fn a_rule_cannot_look_at_what_is_never_read() {
    let policy = with_rules(vec![rule("financial.iban", Condition::Equals("x".to_owned()))]);
    assert_eq!(places(&policy, None), ["/scope/rules/0/field/id"]);
}

#[test]
fn mapping_and_rules_share_one_request() {
    let entry = |target: String, id: &str| MappingDocumentEntry {
        target,
        sources: vec![field(id)],
        when_empty: WhenEmpty::Clear,
    };
    let custom = (0..394).map(|n| entry(format!("custom:{n}"), &format!("work.custom.field_{n}")));
    let email = entry("email".to_owned(), "root.email");
    let entries = std::iter::once(email).chain(custom).collect();
    let mapping: Mapping = MappingDocument { entries }.try_into().unwrap();
    let policy = with_rules(vec![site(Condition::Equals("London".to_owned()))]);
    assert_eq!(places(&policy, None), [""; 0]);
    assert_eq!(places(&policy, Some(&mapping)), ["/scope/rules"]);
}
