//! Generated companies: repeatable, lifelike, and moving on by days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use serde_json::{Value, json};
use stand_in_hibob::{
    CANARY_DATE, CANARY_NUMBER, CLOCK_DRIVEN, Company, Day, EmployeeId, FIELDS, Field, Kind, ServiceUser,
    canary_text,
};

use crate::client::{Caller, TODAY};

fn ids() -> Vec<&'static str> {
    FIELDS.iter().map(|field| field.id).collect()
}

/// The fields that differ between two days, for everybody there on both.
fn changes(before: &Company, after: &Company) -> BTreeMap<EmployeeId, BTreeSet<&'static str>> {
    let both = before
        .employees()
        .map(stand_in_hibob::Employee::id)
        .filter(|id| after.employee(*id).is_some());
    both.map(|id| {
        let differs = |field: &&'static str| before.value(id, field) != after.value(id, field);
        (id, ids().into_iter().filter(differs).collect())
    })
    .collect()
}

fn everybody(day: &Day) -> Vec<EmployeeId> {
    let Day {
        announced,
        joined,
        started,
        moved,
        renamed,
        gave_notice,
        on_leave,
        returned,
        left,
        rehired,
    } = day;
    [
        announced,
        joined,
        started,
        moved,
        renamed,
        gave_notice,
        on_leave,
        returned,
        left,
        rehired,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect()
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let bytes = async |seed| {
        let user = ServiceUser::all_seeing("SERVICE-1", "secret");
        let caller = Caller::with(Company::generate(seed, 80, TODAY), user);
        caller
            .search(json!({ "fields": ids(), "showInactive": true, "humanReadable": "APPEND" }))
            .await
            .body
    };

    assert_eq!(bytes(1).await, bytes(1).await);
    assert_ne!(bytes(1).await, bytes(2).await);
}

#[test]
fn sixty_people_are_enough_for_every_state() {
    let company = Company::generate(5, 60, TODAY);
    let people = company
        .employees()
        .map(stand_in_hibob::Employee::id)
        .collect::<Vec<_>>();
    let count = |field: &str, value: Value| {
        people
            .iter()
            .filter(|id| company.value(**id, field) == value)
            .count()
    };

    for state in [
        "employed",
        "hired",
        "garden leave",
        "leave",
        "parentalLeave",
        "sabbaticalLeave",
        "terminated",
    ] {
        assert!(count("internal.lifecycleStatus", state.into()) > 0, "{state}");
    }
    assert!(count("personal.birthDate", "1988-02-29".into()) > 0);
    assert!(count("work.employeeIdInCompany", Value::Null) > 0);
    assert_eq!(count("work.manager", Value::Null), 1);
    let text =
        |id: &EmployeeId, field: &str| company.value(*id, field).as_str().unwrap_or_default().to_owned();
    let rehired = |id: &&EmployeeId| {
        text(id, "internal.lifecycleStatus") == "employed"
            && !text(id, "internal.terminationDate").is_empty()
            && text(id, "internal.terminationDate") < text(id, "work.startDate")
    };
    assert!(people.iter().any(|id| rehired(&id)));
    assert!(people.iter().any(|id| !text(id, "root.surname").is_ascii()));
    assert_eq!(
        people
            .iter()
            .map(|id| id.to_string().len())
            .collect::<BTreeSet<_>>(),
        BTreeSet::from([19])
    );
}

#[test]
fn a_larger_company_has_addresses_of_every_kind_and_no_two_alike() {
    let company = Company::generate(5, 3000, TODAY);
    let email =
        |it: &stand_in_hibob::Employee| company.value(it.id(), "root.email").as_str().unwrap().to_owned();
    let emails = company.employees().map(email).collect::<BTreeSet<_>>();

    assert!(emails.iter().any(|it| it.contains('+')));
    assert!(emails.iter().any(|it| it.contains('\'')));
    assert!(emails.iter().any(|it| *it == it.to_uppercase()));
    assert_eq!(
        emails
            .iter()
            .map(|it| it.to_lowercase())
            .collect::<BTreeSet<_>>()
            .len(),
        3000
    );
}

#[test]
fn managers_stand_in_chains_up_to_one_chief() {
    let company = Company::generate(5, 1000, TODAY);
    let above = |id: &EmployeeId| {
        company
            .value(*id, "work.manager")
            .as_str()
            .and_then(|id| id.parse().ok())
    };
    let heads = company
        .employees()
        .map(|it| {
            let chain = std::iter::successors(Some(it.id()), above).collect::<Vec<_>>();
            assert!(chain.len() <= 6);
            *chain.last().unwrap()
        })
        .collect::<BTreeSet<_>>();

    assert_eq!(heads.len(), 1);
    let chief = *heads.first().unwrap();
    let reports =
        ["work.directReports", "work.indirectReports"].map(|it| company.value(chief, it).as_u64().unwrap());
    assert_eq!(reports.iter().sum::<u64>(), 999);
    assert_eq!(
        company.human_value(chief, "work.title").as_deref(),
        Some("Chief Executive Officer")
    );
}

#[test]
fn metadata_has_many_fields_of_every_type_and_each_has_a_value_for_somebody() {
    let company = Company::generate(5, 400, TODAY);
    let people = company
        .employees()
        .map(stand_in_hibob::Employee::id)
        .collect::<Vec<_>>();

    assert!(FIELDS.len() >= 80);
    assert_eq!(ids().iter().collect::<BTreeSet<_>>().len(), FIELDS.len());
    for field in &FIELDS {
        assert!(
            people.iter().any(|id| !company.value(*id, field.id).is_null()),
            "{}",
            field.id
        );
    }
}

#[test]
fn a_day_is_repeatable_and_does_what_it_says_and_nothing_else() {
    let before = Company::generate(11, 250, TODAY);
    let (mut after, mut again) = (before.clone(), before.clone());

    let day = after.advance_day();

    assert_eq!(again.advance_day(), day);
    assert_eq!(after.today(), TODAY.saturating_add(1.day()));
    let people = everybody(&day);
    assert_eq!(
        people.iter().collect::<BTreeSet<_>>().len(),
        people.len(),
        "nobody stands in two lists"
    );
    for (list, name) in [
        (&day.joined, "joined"),
        (&day.moved, "moved"),
        (&day.renamed, "renamed"),
        (&day.left, "left"),
        (&day.rehired, "rehired"),
    ] {
        assert!(!list.is_empty(), "{name}");
    }
    let others = after
        .employees()
        .filter(|it| before.employee(it.id()).is_none())
        .map(stand_in_hibob::Employee::id);
    assert_eq!(
        others.collect::<BTreeSet<_>>(),
        day.joined.iter().chain(&day.announced).copied().collect()
    );
    // How many people report to somebody follows from who joined.
    let follows = ["work.isManager", "work.directReports", "work.indirectReports"];
    for (id, mut fields) in changes(&before, &after) {
        fields.retain(|field| !CLOCK_DRIVEN.contains(field) && !follows.contains(field));
        assert_eq!(fields.is_empty(), !people.contains(&id), "{id}: {fields:?}");
    }
    for id in &day.renamed {
        assert_ne!(before.value(*id, "root.email"), after.value(*id, "root.email"));
    }
    for id in &day.left {
        assert_eq!(after.value(*id, "internal.status"), "Inactive");
    }
}

#[test]
fn a_quiet_day_moves_the_clock_and_nobody() {
    let before = Company::generate(11, 100, TODAY);
    let mut after = before.clone();

    assert_eq!(after.advance_quiet_day(), Day::default());
    for (id, mut fields) in changes(&before, &after) {
        fields.retain(|field| !CLOCK_DRIVEN.contains(field));
        assert!(fields.is_empty(), "{id}: {fields:?}");
    }
}

#[test]
fn clock_driven_fields_move_for_everybody_every_day() {
    let before = Company::generate(11, 50, TODAY);
    let mut after = before.clone();
    after.advance_day();

    assert!(
        changes(&before, &after)
            .values()
            .all(|fields| fields.contains("root.avatarUrl"))
    );
    assert!(
        changes(&before, &after)
            .values()
            .filter(|fields| fields.contains("work.tenureDuration"))
            .count()
            > 40
    );
}

#[test]
fn lifecycles_follow_their_dates() {
    let mut company = Company::generate(11, 60, TODAY);
    let [starter, leaver, rehire, away] = std::array::from_fn(|_| company.add_employee());
    let yesterday = TODAY.saturating_sub(1.day()).to_string();
    let tomorrow = TODAY.saturating_add(1.day()).to_string();
    company
        .edit(starter)
        .set("internal.lifecycleStatus", "hired")
        .set("work.startDate", tomorrow);
    company
        .edit(leaver)
        .set("internal.lifecycleStatus", "garden leave")
        .set("internal.terminationDate", TODAY.to_string());
    company.edit(rehire).set("internal.terminationDate", yesterday);
    company
        .edit(away)
        .set("internal.lifecycleStatus", "leave")
        .set("employee.recentLeaveEndDate", TODAY.to_string());

    let day = company.advance_day();

    assert!(day.started.contains(&starter) && day.left.contains(&leaver) && day.returned.contains(&away));
    assert_eq!(company.value(starter, "internal.lifecycleStatus"), "employed");
    assert_eq!(company.value(leaver, "internal.lifecycleStatus"), "terminated");
    assert_eq!(company.value(rehire, "internal.lifecycleStatus"), "employed");
    assert_eq!(company.value(away, "internal.status"), "Active");
}

#[test]
fn edits_are_seen_where_they_follow_and_not_by_an_earlier_clone() {
    let mut company = Company::generate(11, 30, TODAY);
    let earlier = company.clone();
    let id = company
        .employees()
        .find(|it| company.value(it.id(), "work.isManager") == true)
        .unwrap()
        .id();
    let report = company
        .employees()
        .find(|it| company.value(it.id(), "work.manager") == id.to_string())
        .unwrap()
        .id();

    company
        .edit(id)
        .set("root.firstName", "Renée")
        .set("root.surname", "O'Neil")
        .set("root.email", "renee@new.example");

    assert_eq!(company.value(id, "root.displayName"), "Renée O'Neil");
    assert_eq!(company.value(report, "work.reportsTo.email"), "renee@new.example");
    assert_eq!(
        company.human_value(report, "work.manager").as_deref(),
        Some("Renée O'Neil")
    );
    assert_eq!(company.employee_by_email("RENEE@new.example").unwrap().id(), id);
    assert_ne!(earlier.value(id, "root.firstName"), "Renée");
    assert!(company.delete(id).is_some() && company.employee(id).is_none());
}

#[test]
fn canaries_sit_in_every_field_that_is_not_spared() {
    let mut company = Company::generate(11, 30, TODAY);
    let genuine = company.clone();
    company.plant_canaries(&["root.email", "work.title"]);
    let id = company.employees().next().unwrap().id();

    for field in &FIELDS {
        let value = company.value(id, field.id);
        if ["root.id", "root.email", "work.title"].contains(&field.id) || field.kind == Kind::Boolean {
            assert_eq!(value, genuine.value(id, field.id), "{}", field.id);
        } else {
            let planted = [
                canary_text(field.id, id),
                CANARY_NUMBER.to_string(),
                CANARY_DATE.to_owned(),
                "02-31".to_owned(),
            ];
            assert!(
                planted.iter().any(|canary| value.to_string().contains(canary)),
                "{}: {value}",
                field.id
            );
        }
    }
    assert_eq!(
        company.human_value(id, "work.department"),
        Some(canary_text("work.department", id))
    );
    assert_eq!(Field::named("work.department").name, "Department");
}

#[test]
fn the_smallest_companies_live_through_a_month() {
    for people in 0..12 {
        let mut company = Company::generate(11, people, TODAY);
        assert_eq!(company.headcount(), people);
        for _ in 0..30 {
            company.advance_day();
        }
        assert_eq!(company.headcount(), people + 60);
    }
}
