//! What a run meets when others write too, or when the table or the network fails it.

use aws_sdk_dynamodb::types::AttributeValue;
use embedded_aws::Fault;
use jiff::civil::{Date, date};
use provisioning::Counts;
use serde_json::json;
use team_directory::{Applied, Disposition, Error};

use crate::team::{Company, Person, account, person};

const FIRST: Date = date(2026, 11, 24);
const SECOND: Date = date(2026, 11, 25);

fn people(count: usize) -> Vec<Person> {
    (1..=count)
        .map(|number| person(&number.to_string(), &format!("p{number}@example.com")))
        .collect()
}

async fn after_a_first_night(count: usize) -> (Company, Vec<Person>) {
    let mut company = Company::start().await;
    let people = people(count);
    company.night(FIRST, &people).await.unwrap();
    (company, people)
}

fn void(applied: &Applied) -> Vec<String> {
    let mut ids: Vec<String> = applied
        .changed_meanwhile
        .iter()
        .map(|void| void.account.to_string())
        .collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn an_account_that_moved_on_since_it_was_read_is_left_alone() {
    let (company, mut people) = after_a_first_night(3).await;
    people[0].insert("work.title", json!("Director"));
    people[1].insert("work.title", json!("Director"));
    let context = company.context(SECOND);
    let (changes, targets, _) = company.plan(&people, context.now).await.into_parts();
    company
        .set(&account("1"), "revision", AttributeValue::N("7".into()))
        .await;

    let mut applied = Applied::default();
    company
        .team
        .apply(&changes, &targets, &context, &mut applied)
        .await
        .unwrap();
    assert_eq!(
        (applied.counts.updated, void(&applied)),
        (1, vec!["hibob-1".to_owned()])
    );
    assert_eq!(company.account("1").await.status.revision, 7);
}

#[tokio::test]
async fn a_worker_with_an_outdated_fence_writes_nothing_over_a_later_one() {
    let (company, mut people) = after_a_first_night(3).await;
    people[0].insert("work.title", json!("Director"));
    people[1].insert("internal.lifecycleStatus", json!("terminated"));
    people[1].insert("internal.terminationDate", json!("2026-11-23"));
    let context = company.context(SECOND);
    let (changes, targets, _) = company.plan(&people, context.now).await.into_parts();
    assert_eq!(changes.len(), 2);
    for id in ["1", "2"] {
        company
            .set(&account(id), "fence", AttributeValue::N("9".into()))
            .await;
    }

    let mut applied = Applied::default();
    company
        .team
        .apply(&changes, &targets, &context, &mut applied)
        .await
        .unwrap();
    assert_eq!(
        (applied.counts, void(&applied)),
        (
            Counts::default(),
            vec!["hibob-1".to_owned(), "hibob-2".to_owned()]
        )
    );
}

#[tokio::test]
async fn of_a_swap_with_one_account_moved_on_nothing_is_carried_out() {
    let (company, mut people) = after_a_first_night(3).await;
    people[0].insert("root.email", json!("p2@example.com"));
    people[1].insert("root.email", json!("p1@example.com"));
    let context = company.context(SECOND);
    let (changes, targets, _) = company.plan(&people, context.now).await.into_parts();
    company
        .set(&account("2"), "revision", AttributeValue::N("7".into()))
        .await;

    let mut applied = Applied::default();
    company
        .team
        .apply(&changes, &targets, &context, &mut applied)
        .await
        .unwrap();
    assert_eq!(
        (applied.counts, void(&applied)),
        (
            Counts::default(),
            vec!["hibob-1".to_owned(), "hibob-2".to_owned()]
        )
    );
    assert_eq!(company.account("1").await.status.email.as_str(), "p1@example.com");
}

#[tokio::test]
async fn a_plan_that_is_carried_out_twice_under_one_lease_counts_twice_and_writes_once() {
    let (company, mut people) = after_a_first_night(4).await;
    people[0].insert("work.title", json!("Director"));
    people[1].insert("root.email", json!("p3@example.com"));
    people[2].insert("root.email", json!("p2@example.com"));
    people.push(person("5", "p5@example.com"));
    let mut context = company.context(SECOND);
    context.fence = 2;
    let (changes, targets, _) = company.plan(&people, context.now).await.into_parts();

    for _ in 0..2 {
        let mut applied = Applied::default();
        company
            .team
            .apply(&changes, &targets, &context, &mut applied)
            .await
            .unwrap();
        assert_eq!(
            applied.counts,
            Counts {
                created: 1,
                updated: 3,
                ..Counts::default()
            }
        );
        assert!(applied.changed_meanwhile.is_empty());
    }
    assert_eq!(company.account("1").await.status.revision, 2);
    assert!(company.is_settled(SECOND, &people).await);
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_recognised_as_done() {
    for (operation, expected) in [
        (
            "UpdateItem",
            Counts {
                updated: 1,
                ..Counts::default()
            },
        ),
        (
            "PutItem",
            Counts {
                created: 1,
                ..Counts::default()
            },
        ),
        (
            "TransactWriteItems",
            Counts {
                updated: 2,
                ..Counts::default()
            },
        ),
    ] {
        let (mut company, mut people) = after_a_first_night(4).await;
        match operation {
            "UpdateItem" => drop(people[0].insert("work.title", json!("Director"))),
            "PutItem" => people.push(person("5", "p5@example.com")),
            _ => {
                people[1].insert("root.email", json!("p3@example.com"));
                people[2].insert("root.email", json!("p2@example.com"));
            }
        }
        company.faults.fail_next(operation, 1, Fault::AnswerLost);
        let applied = company.night(SECOND, &people).await.unwrap();
        assert_eq!(
            applied,
            Applied {
                counts: expected,
                changed_meanwhile: Vec::new()
            },
            "{operation}"
        );
        assert!(company.is_settled(SECOND, &people).await, "{operation}");
    }
}

#[tokio::test]
async fn items_that_a_throttled_table_left_over_are_written_later() {
    let mut company = Company::start().await;
    let people = people(60);
    company.faults.fail_next("BatchWriteItem", 3, Fault::Unprocessed);
    company.faults.fail_next("BatchWriteItem", 4, Fault::Throttled);
    assert_eq!(company.night(FIRST, &people).await.unwrap().counts.created, 60);
    assert!(company.is_settled(SECOND, &people).await);
}

#[tokio::test]
async fn single_writes_and_transactions_outlast_a_throttled_table_too() {
    let (mut company, mut people) = after_a_first_night(4).await;
    people[0].insert("work.title", json!("Director"));
    people[1].insert("root.email", json!("p3@example.com"));
    people[2].insert("root.email", json!("p2@example.com"));
    company.faults.fail_next("UpdateItem", 5, Fault::Throttled);
    company
        .faults
        .fail_next("TransactWriteItems", 5, Fault::Throttled);
    assert_eq!(company.night(SECOND, &people).await.unwrap().counts.updated, 3);
    assert!(company.is_settled(SECOND, &people).await);
}

#[tokio::test]
async fn a_table_that_throttles_without_end_is_an_error_to_come_back_for() {
    let (company, mut people) = after_a_first_night(3).await;
    people[0].insert("work.title", json!("Director"));
    let context = company.context(SECOND);
    let (changes, targets, _) = company.plan(&people, context.now).await.into_parts();

    company.faults.fail_next("UpdateItem", 1000, Fault::Throttled);
    // No request leaves this process any more, so nothing but waiting takes time.
    tokio::time::pause();
    let mut applied = Applied::default();
    let error = company
        .team
        .apply(&changes, &targets, &context, &mut applied)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Throttled { .. }));
    assert_eq!(
        (error.disposition(), applied),
        (Disposition::Retry, Applied::default())
    );
}

#[tokio::test]
async fn what_was_done_before_a_failure_is_counted_and_the_next_night_does_the_rest() {
    let mut company = Company::start().await;
    let people = people(500);
    company.faults.fail_next("BatchWriteItem", 3, Fault::Denied);
    let context = company.context(FIRST);
    let (changes, targets, _) = company.plan(&people, context.now).await.into_parts();
    let mut context = context;
    context.team_was_empty = true;
    let mut applied = Applied::default();
    let error = company
        .team
        .apply(&changes, &targets, &context, &mut applied)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Denied { .. }));
    let there = company.team.heads().await.unwrap().len();
    assert_eq!(applied.counts.created as usize, there);
    assert!(there < 500);

    assert_eq!(
        company.night(SECOND, &people).await.unwrap().counts.created as usize,
        500 - there
    );
    assert!(company.is_settled(SECOND, &people).await);
}
