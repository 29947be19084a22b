use embedded_aws::Fault;
use jiff::civil::date;
use provisioning::AccountId;
use serde_json::json;
use team_directory::{Disposition, TeamDirectory};

use crate::team::{Company, Person, account, person, tenant, text};

fn crowd(count: usize) -> Vec<Person> {
    (1..=count)
        .map(|number| person(&number.to_string(), &format!("p{number}@example.com")))
        .collect()
}

#[tokio::test]
async fn thousands_of_heads_come_in_many_pages_and_lead_to_an_empty_plan() {
    let mut company = Company::start().await;
    let people = crowd(5000);
    let applied = company.night(date(2026, 11, 24), &people).await.unwrap();
    assert_eq!(applied.counts.created, 5000);

    let queries = || {
        company
            .faults
            .operations()
            .iter()
            .filter(|operation| *operation == "Query")
            .count()
    };
    let before = queries();
    assert_eq!(company.team.heads().await.unwrap().len(), 5000);
    assert!(queries() - before > 1);
    assert!(company.is_settled(date(2026, 11, 25), &people).await);
}

#[tokio::test]
async fn any_number_of_accounts_is_read_and_unknown_ones_are_left_out() {
    let mut company = Company::start().await;
    company.night(date(2026, 11, 24), &crowd(250)).await.unwrap();

    let ids: Vec<AccountId> = (1..=260).map(|number| account(&number.to_string())).collect();
    company.faults.fail_next("BatchGetItem", 2, Fault::Unprocessed);
    company.faults.fail_next("BatchGetItem", 3, Fault::Throttled);
    assert_eq!(company.team.read(&ids).await.unwrap().len(), 250);
    assert!(company.team.read(&[]).await.unwrap().is_empty());
    assert_eq!(company.team.get(&account("260")).await.unwrap(), None);
}

#[tokio::test]
async fn accounts_are_found_by_address_and_by_manager() {
    let mut company = Company::start().await;
    let mut people = crowd(4);
    for report in [1, 3] {
        people[report].insert("work.reportsTo", json!("1"));
    }
    company.night(date(2026, 11, 24), &people).await.unwrap();

    let found = company
        .team
        .find_by_email(&"P2@Example.com".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].status.id, account("2"));
    let reports = company.team.reports_of(&"1".parse().unwrap()).await.unwrap();
    let reports: Vec<AccountId> = reports.into_iter().map(|report| report.status.id).collect();
    assert_eq!(reports, [account("2"), account("4")]);

    people[1].insert("root.email", json!("renamed@example.com"));
    people[3].remove("work.reportsTo");
    company.night(date(2026, 11, 25), &people).await.unwrap();
    assert!(
        company
            .team
            .find_by_email(&"p2@example.com".parse().unwrap())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        company
            .team
            .find_by_email(&"renamed@example.com".parse().unwrap())
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        company
            .team
            .reports_of(&"1".parse().unwrap())
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_team_sees_no_account_of_another() {
    let mut company = Company::start().await;
    company.night(date(2026, 11, 24), &crowd(3)).await.unwrap();
    let other = TeamDirectory::new(company.client.clone(), &company.table).team(&tenant("acm"));
    assert!(other.heads().await.unwrap().is_empty());
    assert_eq!(other.get(&account("1")).await.unwrap(), None);
    assert!(
        other
            .find_by_email(&"p1@example.com".parse().unwrap())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(other.reports_of(&"1".parse().unwrap()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_malformed_account_is_named_and_waits_for_a_person() {
    let mut company = Company::start().await;
    company.night(date(2026, 11, 24), &crowd(3)).await.unwrap();
    company.set(&account("2"), "state", text("asleep")).await;
    let error = company.team.heads().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "attribute `state` of `hibob-2` is missing or malformed"
    );
    assert_eq!(error.disposition(), Disposition::GiveUp);
}

#[tokio::test]
async fn an_account_of_hithrive_s_own_with_an_address_nobody_can_have_stops_no_run() {
    let mut company = Company::start().await;
    company.night(date(2026, 11, 24), &crowd(2)).await.unwrap();
    let own = "own-1".parse().unwrap();
    for (attribute, value) in [
        ("account_id", "own-1"),
        ("email", "admin@localhost"),
        ("state", "active"),
    ] {
        company.set(&own, attribute, text(value)).await;
    }
    assert_eq!(company.team.heads().await.unwrap().len(), 2);
    assert!(company.is_settled(date(2026, 11, 24), &crowd(2)).await);
}

#[tokio::test]
async fn a_denied_table_is_for_whoever_is_on_call() {
    let company = Company::start().await;
    company.faults.fail_next("Query", 1, Fault::Denied);
    assert_eq!(
        company.team.heads().await.unwrap_err().disposition(),
        Disposition::Retry
    );
}
