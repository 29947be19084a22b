use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::date;
use provisioning::{AccountId, AccountState, Counts, DeactivationReason, StandardTarget, Target, Value};
use serde_json::json;
use team_directory::{Applied, slices};

use crate::team::{Company, Person, account, custom_field, person, text};

fn people(count: usize) -> Vec<Person> {
    (1..=count)
        .map(|number| person(&number.to_string(), &format!("p{number}@example.com")))
        .collect()
}

fn operations(company: &Company, name: &str) -> usize {
    company
        .faults
        .operations()
        .iter()
        .filter(|operation| *operation == name)
        .count()
}

#[tokio::test]
async fn a_first_night_creates_in_batches_and_a_later_one_on_a_condition() {
    let mut company = Company::start().await;
    let mut people = people(30);
    people[0].insert("work.teams", json!(["Blue", "Red"]));
    people[0].insert("about.shirt", json!("XL"));
    people[0].insert("work.reportsTo", json!("2"));
    let applied = company.night(date(2026, 11, 24), &people).await.unwrap();
    assert_eq!(
        applied,
        Applied {
            counts: Counts {
                created: 30,
                ..Counts::default()
            },
            changed_meanwhile: Vec::new()
        }
    );
    assert_eq!(
        (
            operations(&company, "BatchWriteItem"),
            operations(&company, "PutItem")
        ),
        (2, 0)
    );

    people.push(person("31", "p31@example.com"));
    assert_eq!(
        company
            .night(date(2026, 11, 25), &people)
            .await
            .unwrap()
            .counts
            .created,
        1
    );
    assert_eq!(
        (
            operations(&company, "BatchWriteItem"),
            operations(&company, "PutItem")
        ),
        (2, 1)
    );
    assert!(company.is_settled(date(2026, 11, 26), &people).await);

    let first = company.account("1").await;
    let profile: Vec<_> = first
        .profile
        .iter()
        .map(|(target, value)| (target.to_string(), value.clone()))
        .collect();
    let teams = Value::List(vec!["Blue".into(), "Red".into()]);
    let expected = [
        ("jobTitle", Value::Text("Analyst".into())),
        ("teams", teams),
        ("custom:Shirt size", Value::Text("XL".into())),
    ];
    assert_eq!(
        profile,
        expected.map(|(target, value)| (target.to_owned(), value))
    );
    assert_eq!(
        (first.status.revision, first.status.manager),
        (1, Some("2".parse().unwrap()))
    );

    let item = company.item(&account("1")).await;
    for (attribute, value) in [
        ("account_id", "hibob-1"),
        ("hibob_id", "1"),
        ("origin", "created"),
        ("email", "p1@example.com"),
        ("email_key", "acme#p1@example.com"),
        ("manager_key", "acme#2"),
        ("state", "active"),
        ("created_at", "2026-11-24T02:30:00Z"),
        ("updated_at", "2026-11-24T02:30:00Z"),
        ("last_run", "2026-11-24T02:30:00Z"),
    ] {
        assert_eq!(item[attribute], text(value), "{attribute}");
    }
    assert_eq!(item["source_fp"].as_b().unwrap().as_ref().len(), 16);
}

#[tokio::test]
async fn an_update_touches_its_own_attributes_alone() {
    let mut company = Company::start().await;
    let mut people = people(2);
    people[0].insert("about.shirt", json!("XL"));
    people[0].insert("work.reportsTo", json!("2"));
    company.night(date(2026, 11, 24), &people).await.unwrap();
    company.set(&account("1"), "roles", text("admin")).await;
    company.set(&account("1"), "override", text("active")).await;

    people[0].insert("work.title", json!("Chief Analyst"));
    people[0].remove("about.shirt");
    people[0].remove("work.reportsTo");
    let applied = company.night(date(2026, 11, 25), &people).await.unwrap();
    assert_eq!(
        applied.counts,
        Counts {
            updated: 1,
            ..Counts::default()
        }
    );
    assert!(company.is_settled(date(2026, 11, 25), &people).await);

    let item = company.item(&account("1")).await;
    let profile = HashMap::from([("jobTitle".to_owned(), text("Chief Analyst"))]);
    assert_eq!(item["profile"], AttributeValue::M(profile));
    assert_eq!(
        (&item["roles"], &item["override"]),
        (&text("admin"), &text("active"))
    );
    assert_eq!(
        (&item["revision"], &item["fence"]),
        (&AttributeValue::N("2".into()), &AttributeValue::N("2".into()))
    );
    assert!(!item.contains_key("manager_id") && !item.contains_key("manager_key"));
    assert_eq!(item["created_at"], text("2026-11-24T02:30:00Z"));
    assert_eq!(item["updated_at"], text("2026-11-25T02:30:00Z"));
}

#[tokio::test]
async fn more_fields_than_one_update_can_name_change_in_one_night() {
    let mut company = Company::start().await;
    company.map_custom_fields(390);
    let mut people = people(1);
    let all_fields = |value: &str, person: &mut Person| {
        person.extend((0..390).map(|number| (custom_field(number), json!(value))));
    };
    all_fields("before", &mut people[0]);
    company.night(date(2026, 11, 24), &people).await.unwrap();

    all_fields("after", &mut people[0]);
    let applied = company.night(date(2026, 11, 25), &people).await.unwrap();
    assert_eq!(applied.counts.updated, 1);
    assert!(company.is_settled(date(2026, 11, 25), &people).await);
    let account = company.account("1").await;
    assert_eq!(account.profile.len(), 390);
    assert!(
        account
            .profile
            .values()
            .all(|value| value.as_text() == Some("after"))
    );
    assert_eq!(account.status.revision, 2);
}

#[tokio::test]
async fn a_leaver_is_deactivated_with_a_reason_and_a_rehire_reactivated() {
    let mut company = Company::start().await;
    let mut people = people(3);
    company.night(date(2026, 11, 24), &people).await.unwrap();

    people[0].insert("internal.lifecycleStatus", json!("terminated"));
    people[0].insert("internal.terminationDate", json!("2026-11-24"));
    let applied = company.night(date(2026, 11, 25), &people).await.unwrap();
    assert_eq!(
        applied.counts,
        Counts {
            deactivated: 1,
            ..Counts::default()
        }
    );
    assert_eq!(
        company.account("1").await.status.state,
        AccountState::Inactive(Some(DeactivationReason::Left))
    );
    let item = company.item(&account("1")).await;
    assert_eq!(
        (&item["deactivated_by"], &item["deactivated_at"]),
        (&text("sync"), &text("2026-11-25T02:30:00Z"))
    );

    people[0].insert("internal.lifecycleStatus", json!("employed"));
    let applied = company.night(date(2026, 11, 26), &people).await.unwrap();
    assert_eq!(
        applied.counts,
        Counts {
            reactivated: 1,
            ..Counts::default()
        }
    );
    assert_eq!(company.account("1").await.status.state, AccountState::Active);
    let item = company.item(&account("1")).await;
    assert!(
        ["deactivated_by", "deactivation_reason", "deactivated_at"]
            .iter()
            .all(|name| !item.contains_key(*name))
    );
    assert!(company.is_settled(date(2026, 11, 27), &people).await);
}

#[tokio::test]
async fn missing_nights_are_marked_without_a_revision_and_forgotten_when_the_person_is_back() {
    let mut company = Company::start().await;
    let people = people(5);
    company.night(date(2026, 11, 24), &people).await.unwrap();

    let applied = company.night(date(2026, 11, 25), &people[1..]).await.unwrap();
    assert_eq!(applied.counts, Counts::default());
    let status = company.account("1").await.status;
    assert_eq!(
        (status.missing.nights, status.missing.last_on),
        (1, Some(date(2026, 11, 25)))
    );
    assert_eq!(status.revision, 1);

    company.night(date(2026, 11, 26), &people).await.unwrap();
    let item = company.item(&account("1")).await;
    assert!(!item.contains_key("missing_nights") && !item.contains_key("missing_on"));
    assert!(company.is_settled(date(2026, 11, 27), &people).await);
}

#[tokio::test]
async fn an_account_of_hithrive_s_own_is_adopted_by_its_address_with_or_without_a_profile() {
    let mut company = Company::start().await;
    let own: AccountId = "own-1".parse().unwrap();
    for (attribute, value) in [
        ("account_id", "own-1"),
        ("email", "p1@example.com"),
        ("state", "active"),
        ("roles", "admin"),
    ] {
        company.set(&own, attribute, text(value)).await;
    }
    let mut people = people(2);
    let applied = company.night(date(2026, 11, 24), &people).await.unwrap();
    assert_eq!(
        applied.counts,
        Counts {
            created: 1,
            updated: 1,
            ..Counts::default()
        }
    );

    let item = company.item(&own).await;
    let adopted = [
        ("hibob_id", "1"),
        ("origin", "adopted"),
        ("roles", "admin"),
        ("email", "p1@example.com"),
    ];
    assert!(
        adopted
            .iter()
            .all(|&(attribute, value)| item[attribute] == text(value)),
        "{item:?}"
    );
    let account = company.team.get(&own).await.unwrap().unwrap();
    let title = Target::Standard(StandardTarget::JobTitle);
    assert_eq!(account.profile[&title], Value::Text("Analyst".into()));
    assert!(company.is_settled(date(2026, 11, 25), &people).await);

    people[0].insert("work.title", json!("Director"));
    assert_eq!(
        company
            .night(date(2026, 11, 25), &people)
            .await
            .unwrap()
            .counts
            .updated,
        1
    );
}

#[tokio::test]
async fn two_people_who_swap_their_addresses_do_so_in_one_transaction() {
    let mut company = Company::start().await;
    let mut people = people(3);
    company.night(date(2026, 11, 24), &people).await.unwrap();
    people[0].insert("root.email", json!("p2@example.com"));
    people[1].insert("root.email", json!("p1@example.com"));

    let applied = company.night(date(2026, 11, 25), &people).await.unwrap();
    assert_eq!(applied.counts.updated, 2);
    assert_eq!(operations(&company, "TransactWriteItems"), 1);
    let by_address = company
        .team
        .find_by_email(&"p1@example.com".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        by_address
            .iter()
            .map(|found| found.status.id.clone())
            .collect::<Vec<_>>(),
        [account("2")]
    );
    assert!(company.is_settled(date(2026, 11, 26), &people).await);
}

#[tokio::test]
async fn slices_never_part_what_belongs_together() {
    let mut company = Company::start().await;
    let mut people = people(8);
    company.night(date(2026, 11, 24), &people).await.unwrap();
    for (at, other) in [(0, 5), (1, 6), (2, 7), (3, 8), (4, 1), (5, 2), (6, 3), (7, 4)] {
        people[at].insert("root.email", json!(format!("p{other}@example.com")));
    }
    people[0].insert("work.title", json!("Director"));
    let (changes, ..) = company
        .plan(&people, company.context(date(2026, 11, 25)).now)
        .await
        .into_parts();
    for size in [1, 2, 3, 5, 100] {
        let cut: Vec<_> = slices(&changes, size).collect();
        assert_eq!(cut.concat(), changes);
        for pair in cut.windows(2) {
            let (last, first) = (pair[0].last().unwrap(), pair[1].first().unwrap());
            assert!(last.together.is_none() || last.together != first.together);
        }
    }
    assert!(slices(&[], 5).next().is_none());
}

#[tokio::test]
async fn no_operation_is_tied_to_one_thread() {
    fn is_send<T: Send>(_: T) {}
    let company = Company::start().await;
    let context = company.context(date(2026, 11, 24));
    let (changes, targets, _) = company.plan(&people(3), context.now).await.into_parts();
    let mut applied = Applied::default();
    is_send(company.team.apply(&changes, &targets, &context, &mut applied));
    is_send(company.team.heads());
    is_send(company.team.read(&[]));
}
