use serde_json::json;

use super::*;
use crate::field::{Category, FieldType};
use crate::mapping::{MappingDocument, MappingDocumentEntry, WhenEmpty};
use crate::scope::{Condition, Effect, ScopeRule};

/// Id, category and type of what the made-up company has.
const FIELDS: [(&str, &str, FieldType); 17] = [
    ("root.id", "root", FieldType::EmployeeReference),
    ("root.companyId", "root", FieldType::Number),
    ("root.email", "root", FieldType::Text),
    ("root.firstName", "root", FieldType::Text),
    ("work.title", "work", FieldType::List),
    ("work.department", "work", FieldType::List),
    ("work.startDate", "work", FieldType::Date),
    ("work.reportsTo", "work", FieldType::Employee),
    ("internal.status", "lifecycle", FieldType::List),
    ("internal.lifecycleStatus", "lifecycle", FieldType::List),
    ("internal.terminationDate", "lifecycle", FieldType::Date),
    ("home.legalGender", "home", FieldType::List),
    ("payroll.salary.payment", "payroll", FieldType::Other),
    ("financial.iban", "financial", FieldType::Text),
    ("work.custom.field_1", "category_7", FieldType::Other),
    ("work.custom.field_2", "category_7", FieldType::Boolean),
    ("address.country", "address", FieldType::List),
];

fn metadata() -> Vec<KnownField> {
    let known = |&(id, category, field_type): &(&str, &str, FieldType)| KnownField {
        field: SourceField {
            id: id.parse().unwrap(),
            field_type,
            category: Category {
                id: category.to_owned(),
                name: format!("The {category}"),
            },
        },
        name: id.to_owned(),
    };
    FIELDS.iter().map(known).collect()
}

fn field(id: &str) -> SourceField {
    let known = metadata().into_iter().find(|known| known.field.id.as_str() == id);
    known.unwrap().field
}

fn mapping(entries: &[(&str, &str)]) -> Mapping {
    let entry = |&(target, source): &(&str, &str)| MappingDocumentEntry {
        target: target.to_owned(),
        sources: vec![field(source)],
        when_empty: WhenEmpty::Clear,
    };
    let entries = entries.iter().map(entry).collect();
    MappingDocument { entries }.try_into().unwrap()
}

/// Somebody whose record shows everything that is asked for, but for what `others` say.
fn person(proof: &AccessProof, id: &str, others: &[(&str, FieldValue)]) -> Employee {
    let shown = |machine| FieldValue::Present(Reading { machine, human: None });
    let value = |field: &str| match field {
        "root.id" => shown(json!(id)),
        "root.email" => shown(json!(format!("p{id}@example.com"))),
        "root.companyId" => shown(json!(7007)),
        "internal.status" => shown(json!("Active")),
        "internal.lifecycleStatus" => shown(json!("employed")),
        "work.reportsTo" => shown(json!({"id": "1"})),
        _ => shown(json!(null)),
    };
    let of_field = |field: &str| {
        let other = others.iter().find(|(other, _)| field.starts_with(other));
        other.map_or_else(|| value(field), |(_, value)| value.clone())
    };
    Employee::new(
        proof
            .fields()
            .ids()
            .iter()
            .map(|id| of_field(id.as_str()))
            .collect(),
    )
}

fn text(text: &str) -> FieldValue {
    FieldValue::Present(Reading {
        machine: json!(text),
        human: None,
    })
}

fn proof() -> AccessProof {
    AccessProof::new(&metadata(), None, &Policy::default())
}

fn report(people: &[(&str, &[(&str, FieldValue)])]) -> ProofReport {
    let mut proof = proof();
    for (id, others) in people {
        proof.observe(&person(&proof, id, others));
    }
    proof.finish()
}

fn outcome(report: &ProofReport, step: Step) -> (Outcome, u32) {
    let found = report.steps.iter().find(|found| found.step == step).unwrap();
    (found.outcome, found.affected)
}

fn category<'a>(report: &'a ProofReport, id: &str) -> &'a CategoryAccess {
    report
        .categories
        .iter()
        .find(|category| category.id == id)
        .unwrap()
}

#[test]
fn one_or_two_plain_fields_are_asked_for_in_each_category_and_none_that_is_never_read() {
    let proof = proof();
    let asked: Vec<_> = proof.fields().ids().iter().map(ToString::to_string).collect();
    let beyond_control = &asked[control::FIELDS.len()..];
    let probes = [
        "root.companyId",
        "work.reportsTo",
        "root.firstName",
        "home.legalGender",
        "work.title",
    ];
    assert_eq!(beyond_control[..5], probes);
    assert_eq!(
        beyond_control[5..],
        ["work.department", "address.country", "work.custom.field_2"]
    );
    let looked_at: Vec<_> = proof
        .values()
        .iter()
        .map(|&index| asked[index.get()].as_str())
        .collect();
    let needed = [
        "root.id",
        "root.email",
        "internal.status",
        "internal.lifecycleStatus",
        "root.companyId",
        "work.reportsTo",
    ];
    assert_eq!(looked_at, needed);
}

#[test]
fn a_service_user_with_every_permission_passes_every_step_that_can_be_checked() {
    let gone = [
        ("internal.lifecycleStatus", text("terminated")),
        ("internal.status", text("Inactive")),
    ];
    let report = report(&[("1", &[]), ("2", &[]), ("3", &gone)]);
    let steps = [
        Step::Credentials,
        Step::People,
        Step::InactivePeople,
        Step::Categories,
        Step::Emails,
        Step::Duplicates,
        Step::Managers,
    ];
    for step in steps {
        assert_eq!(outcome(&report, step), (Outcome::Passed, 0), "{step:?}");
    }
    assert_eq!(outcome(&report, Step::Directory), (Outcome::CannotCheck, 0));
    assert_eq!((report.people, report.inactive), (3, 1));
    assert_eq!(report.emails.present, 2, "who has left needs no address");
    assert_eq!(
        report.managers,
        ManagerCoverage {
            named: 2,
            resolvable: 2
        }
    );
}

#[test]
fn a_category_is_granted_as_soon_as_one_of_its_fields_is_there_for_anybody() {
    let hidden = [("work.", FieldValue::Absent), ("home.", FieldValue::Absent)];
    let empty = [("home.", FieldValue::Empty), ("work.", FieldValue::Absent)];
    let report = report(&[("1", &hidden), ("2", &empty)]);
    assert_eq!(category(&report, "root").state, CategoryState::Granted);
    assert_eq!(category(&report, "home").state, CategoryState::NoValues);
    assert_eq!(category(&report, "work").state, CategoryState::NotGranted);
    assert_eq!(category(&report, "financial").state, CategoryState::NotAsked);
    assert_eq!(category(&report, "payroll").state, CategoryState::NotAsked);
    assert_eq!(
        outcome(&report, Step::Categories),
        (Outcome::Failed, 1),
        "every run reads the start date"
    );
    assert_eq!(outcome(&report, Step::Managers), (Outcome::CannotCheck, 0));
}

#[test]
fn a_missing_permission_is_told_with_the_way_to_it_in_the_customers_own_words() {
    let report = report(&[("1", &[("home.", FieldValue::Absent)])]);
    let home = category(&report, "home");
    let path = [
        "Settings",
        "Permission groups",
        "<the group>",
        "People's data",
        "People",
        "The home",
    ];
    assert_eq!(home.screen_path, path);
    assert_eq!(home.tick_box, "View selected employees' The home sections");
    assert!(home.standard && !home.needed);
    assert_eq!(outcome(&report, Step::Categories), (Outcome::Warning, 1));
}

#[test]
fn hithrives_list_comes_first_and_the_customers_own_categories_by_name() {
    let shown: Vec<_> = report(&[])
        .categories
        .into_iter()
        .map(|category| category.id)
        .collect();
    let order = [
        "root",
        "home",
        "lifecycle",
        "work",
        "address",
        "category_7",
        "financial",
        "payroll",
    ];
    assert_eq!(shown, order);
}

#[test]
fn what_a_mapping_or_a_rule_reads_is_needed_and_the_rest_can_be_unticked() {
    let mapping = mapping(&[("email", "root.email"), ("country", "address.country")]);
    let mut policy = Policy::default();
    policy.scope.rules.push(ScopeRule {
        effect: Effect::Include,
        field: field("work.custom.field_2"),
        condition: Condition::Equals("true".to_owned()),
    });
    let mut proof = AccessProof::new(&metadata(), Some(&mapping), &policy);
    proof.observe(&person(&proof, "1", &[]));
    let report = proof.finish();
    assert_eq!(category(&report, "address").needed_for, ["country"]);
    assert_eq!(category(&report, "root").needed_for, ["email"]);
    let rule = category(&report, "category_7");
    assert!(rule.needed && rule.needed_for.is_empty());
    assert_eq!(report.can_be_unticked, ["home"]);
}

#[test]
fn nothing_is_said_to_be_superfluous_before_there_is_a_mapping() {
    assert!(report(&[("1", &[])]).can_be_unticked.is_empty());
}

#[test]
fn an_answer_with_nobody_proves_nothing_else() {
    let report = report(&[]);
    assert_eq!(outcome(&report, Step::People), (Outcome::Failed, 0));
    assert_eq!(outcome(&report, Step::Categories), (Outcome::CannotCheck, 0));
    assert_eq!(outcome(&report, Step::Emails), (Outcome::CannotCheck, 0));
    assert_eq!(category(&report, "root").state, CategoryState::NotAsked);
}

#[test]
fn a_group_of_employed_people_alone_is_warned_about() {
    assert_eq!(
        outcome(&report(&[("1", &[])]), Step::InactivePeople),
        (Outcome::Warning, 0)
    );
    let hidden = [("internal.", FieldValue::Absent)];
    assert_eq!(
        outcome(&report(&[("1", &hidden)]), Step::InactivePeople),
        (Outcome::CannotCheck, 0)
    );
}

#[test]
fn addresses_are_counted_by_what_is_wrong_with_them() {
    let report = report(&[
        ("1", &[]),
        ("2", &[("root.email", FieldValue::Empty)]),
        ("3", &[("root.email", FieldValue::Absent)]),
        ("4", &[("root.email", text("nobody"))]),
        ("5", &[("root.email", text("P1@example.com"))]),
    ]);
    let counted = EmailCoverage {
        present: 2,
        empty: 1,
        withheld: 1,
        malformed: 1,
        duplicates: 1,
    };
    assert_eq!(report.emails, counted);
    assert_eq!(outcome(&report, Step::Emails), (Outcome::Warning, 3));
    assert_eq!(outcome(&report, Step::Duplicates), (Outcome::Warning, 1));
}

#[test]
fn without_any_address_nobody_can_be_synced() {
    let hidden = [("root.email", FieldValue::Absent)];
    let report = report(&[("1", &hidden), ("2", &hidden)]);
    assert_eq!(outcome(&report, Step::Emails), (Outcome::Failed, 2));
    assert_eq!(outcome(&report, Step::Duplicates), (Outcome::CannotCheck, 0));
}

#[test]
fn a_manager_whom_the_service_user_may_not_see_cannot_be_linked() {
    let report = report(&[("2", &[]), ("3", &[("work.reportsTo", text("p2@example.com"))])]);
    assert_eq!(
        report.managers,
        ManagerCoverage {
            named: 2,
            resolvable: 1
        }
    );
    assert_eq!(outcome(&report, Step::Managers), (Outcome::Warning, 1));
}

#[test]
fn the_company_is_known_by_the_first_record_that_tells() {
    let mut proof = proof();
    proof.observe(&person(&proof, "1", &[("root.companyId", FieldValue::Absent)]));
    assert_eq!(proof.company_id(), None);
    proof.observe(&person(&proof, "2", &[]));
    assert_eq!(proof.company_id(), Some("7007"));
}

#[test]
fn a_field_that_was_moved_counts_where_it_is_today() {
    let mapping = mapping(&[("email", "root.email"), ("country", "address.country")]);
    let mut metadata = metadata();
    let country = metadata
        .iter_mut()
        .find(|known| known.field.id.as_str() == "address.country");
    country.unwrap().field.category = field("home.legalGender").category;
    let proof = AccessProof::new(&metadata, Some(&mapping), &Policy::default());
    assert_eq!(category(&proof.finish(), "home").needed_for, ["country"]);
}
