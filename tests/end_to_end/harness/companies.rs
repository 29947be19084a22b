//! Companies in the stand-in, the mapping of all tests, and what an account must look like under it.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use provisioning::{
    AccountId, AccountState, Category, FieldType, Mapping, MappingDocument, MappingDocumentEntry,
    SourceField, Target, TargetType, TenantId, Value, WhenEmpty,
};
use serde_json::Value as Json;
use stand_in_hibob::{Company, EmployeeId, Field, Kind, category_name, named_list};

use super::World;

/// The date of the first night.
pub(crate) const FIRST_DAY: Date = date(2026, 11, 24);

/// Targets with their sources in order of preference. No field that moves with the clock is among them.
pub(crate) const MAPPED: [(&str, &[&str]); 24] = [
    ("email", &["root.email"]),
    ("firstName", &["root.firstName"]),
    ("lastName", &["root.surname"]),
    ("displayName", &["root.displayName"]),
    ("employeeNumber", &["work.employeeIdInCompany"]),
    ("jobTitle", &["work.title"]),
    ("department", &["work.department"]),
    ("division", &["work.customColumns.column_1639496202710"]),
    ("location", &["work.siteId"]),
    ("country", &["address.siteCountry", "address.country"]),
    ("teams", &["work.customColumns.column_1712065124837"]),
    ("groups", &["payroll.employment.contract"]),
    ("birthday", &["personal.birthDate"]),
    ("startDate", &["work.startDate"]),
    ("endDate", &["internal.terminationDate"]),
    ("reportsTo", &["work.reportsTo"]),
    ("employeeStatus", &["internal.status"]),
    ("lifecycleStatus", &["internal.lifecycleStatus"]),
    ("employeeType", &["payroll.employment.type"]),
    ("personalEmail", &["home.privateEmail"]),
    ("custom:Shirt size", &["about.custom.field_1651169416679"]),
    ("custom:Cost centre", &["work.custom.field_1644932887286"]),
    ("custom:Share of full time", &["payroll.employment.fte"]),
    ("custom:Takes part", &["work.custom.field_1690000000005"]),
];

/// A company as HiBob shows it in the first night.
pub(crate) fn company(seed: u64, people: usize) -> Company {
    Company::generate(seed, people, FIRST_DAY)
}

/// Everybody's id.
pub(crate) fn ids(company: &Company) -> Vec<EmployeeId> {
    company.employees().map(stand_in_hibob::Employee::id).collect()
}

/// [`MAPPED`] as an admin saves it.
pub(crate) fn mapping() -> Mapping {
    let entry = |(target, sources): &(&str, &[&str])| MappingDocumentEntry {
        target: (*target).to_owned(),
        sources: sources.iter().map(|id| source(id)).collect(),
        when_empty: WhenEmpty::Clear,
    };
    let entries = MAPPED.iter().map(entry).collect();
    MappingDocument { entries }.try_into().unwrap()
}

/// A field as HiBob's metadata shows it.
pub(crate) fn source(id: &str) -> SourceField {
    let field = Field::named(id);
    let field_type = match field.kind {
        Kind::Text => FieldType::Text,
        Kind::Number => FieldType::Number,
        Kind::Date => FieldType::Date,
        Kind::Boolean => FieldType::Boolean,
        Kind::List(_) => FieldType::List,
        Kind::ListId(_) => FieldType::ListId,
        Kind::MultiList(_) => FieldType::MultiList,
        Kind::Employee => FieldType::Employee,
        other => panic!("{id} is mapped by no test: {other:?}"),
    };
    let category = Category {
        id: field.category.to_owned(),
        name: category_name(field.category).to_owned(),
    };
    SourceField {
        id: id.parse().unwrap(),
        field_type,
        category,
    }
}

/// Checks every account of a tenant against what HiBob shows on the company's own day, field by field.
pub(crate) async fn assert_team_equals_hibob(world: &World, tenant: &TenantId) {
    let company = world.hibob.company(tenant.as_str());
    let team = world.system.directory.team(tenant);
    let mut here = 0;
    for id in ids(&company) {
        let account = AccountId::of_employee(&id.to_string().parse().unwrap());
        let account = team.get(&account).await.unwrap();
        if !is_here(&company, id) {
            let state = account.map(|account| account.status.state);
            assert_ne!(state, Some(AccountState::Active), "{id} is not here");
            continue;
        }
        here += 1;
        let account = account.unwrap_or_else(|| panic!("{id} has no account"));
        assert_eq!(account.status.state, AccountState::Active, "{id}");
        let email = company.value(id, "root.email").as_str().unwrap().to_lowercase();
        assert_eq!(account.status.email.as_str(), email);
        let manager = account.status.manager.as_ref().map(ToString::to_string);
        assert_eq!(
            manager.as_deref(),
            company.value(id, "work.manager").as_str(),
            "{id}"
        );
        assert_eq!(account.profile, profile(&company, id), "{id}");
    }
    assert!(here > 0);
}

/// Whether somebody belongs into the team on the company's own day, by a policy of defaults.
fn is_here(company: &Company, id: EmployeeId) -> bool {
    let day = |field| -> Option<Date> { company.value(id, field).as_str()?.parse().ok() };
    match company.value(id, "internal.lifecycleStatus").as_str() {
        Some("terminated") => day("internal.terminationDate").is_some_and(|last| last >= company.today()),
        _ => day("work.startDate").is_some_and(|first| first <= company.today()),
    }
}

/// What the profile must hold: neither address nor manager, which are not in it.
fn profile(company: &Company, id: EmployeeId) -> BTreeMap<Target, Value> {
    let mut profile = BTreeMap::new();
    for (target, sources) in MAPPED {
        let target: Target = target.parse().unwrap();
        if target == Target::EMAIL || target == Target::REPORTS_TO {
            continue;
        }
        let value = sources.iter().find_map(|field| shown(company, id, field));
        let value = value.map(|value| match (target.target_type(), value) {
            (TargetType::TextList, Value::Text(text)) => Value::List(vec![text]),
            (TargetType::Email, Value::Text(text)) => Value::Text(text.to_lowercase()),
            (_, value) => value,
        });
        if let Some(value) = value {
            profile.insert(target, value);
        }
    }
    profile
}

/// A field's value as a person would read it: labels of lists, plain dates and numbers.
fn shown(company: &Company, id: EmployeeId, field: &str) -> Option<Value> {
    let text = |text: &str| Some(Value::Text(text.trim().into())).filter(|_| !text.trim().is_empty());
    match (Field::named(field).kind, company.value(id, field)) {
        (_, Json::Null) => None,
        (Kind::MultiList(list), Json::Array(items)) => {
            let list = named_list(list).unwrap();
            let labels = items.iter().map(|item| list.label(item).unwrap().into());
            Some(Value::List(labels.collect()))
        }
        (Kind::List(_) | Kind::ListId(_), _) => text(&company.human_value(id, field)?),
        (_, Json::String(plain)) => text(&plain),
        (_, other) => text(&other.to_string()),
    }
}
