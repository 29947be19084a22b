use aws_sdk_dynamodb::types::AttributeValue;
use embedded_aws::Fault;
use jiff::civil::date;
use provisioning::{AccountId, AccountState};
use serde_json::json;
use team_directory::{Disposition, Origin, Tally, TeamDirectory};

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

/// Somebody of HiThrive's own, or an account that a run adopted.
async fn put(company: &Company, id: &str, hibob_id: Option<&str>, names: [&str; 2]) {
    let [first, last] = names.map(text);
    let profile = [("firstName", first), ("lastName", last)].map(|(name, value)| (name.to_owned(), value));
    let put = company
        .client
        .put_item()
        .table_name(&company.table)
        .item("pk", text("TENANT#acme"))
        .item("sk", text(&format!("ACCOUNT#{id}")))
        .item("account_id", text(id))
        .item("email", text(&format!("{id}@example.com")))
        .item("state", text("active"))
        .item("profile", AttributeValue::M(profile.into()));
    let put = hibob_id.into_iter().fold(put, |put, hibob_id| {
        put.item("hibob_id", text(hibob_id))
            .item("origin", text("adopted"))
    });
    put.send().await.unwrap();
}

#[tokio::test]
async fn people_are_found_by_a_part_of_their_name_their_address_or_their_hibob_id() {
    let mut company = Company::start().await;
    company.night(date(2026, 11, 24), &crowd(30)).await.unwrap();
    put(&company, "own", None, ["Zoë", "O'Hara"]).await;
    put(&company, "adopted", Some("777"), ["Ada", "Lovelace"]).await;
    let find = async |query, limit| {
        let mut found = company.team.find_by_name(query, limit, 5).await.unwrap().found;
        found.sort_by(|a, b| a.account.cmp(&b.account));
        found
            .into_iter()
            .map(|found| found.account.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(find("LOVE", 20).await, ["adopted"]);
    assert_eq!(find(" ada love ", 20).await, ["adopted"]);
    assert_eq!(find("zoë", 20).await, ["own"]);
    assert_eq!(find("777", 20).await, ["adopted"]);
    assert_eq!(find("p17@EXAMPLE", 20).await, ["hibob-17"]);
    assert_eq!(find("example.com", 20).await.len(), 20);
    assert!(find("nobody", 20).await.is_empty());

    let search = company.team.find_by_name("ada", 1, 5).await.unwrap();
    assert!(search.is_complete);
    let ada = search.found.into_iter().next().unwrap();
    assert_eq!(ada.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(
        (ada.employee, ada.state),
        (Some("777".parse().unwrap()), AccountState::Active)
    );
}

#[tokio::test]
async fn an_employee_s_account_is_found_whether_it_was_made_or_adopted() {
    let mut company = Company::start().await;
    company.night(date(2026, 11, 24), &crowd(3)).await.unwrap();
    put(&company, "adopted", Some("777"), ["Ada", "Lovelace"]).await;

    let made = company.team.get(&account("2")).await.unwrap().unwrap();
    assert_eq!(
        (made.status.id, made.trace.origin),
        (account("2"), Some(Origin::Created))
    );
    let due_at = Some("2026-11-24T02:30:00Z".parse().unwrap());
    assert_eq!((made.trace.created_at, made.trace.last_run), (due_at, due_at));

    let find = async |id: &str| company.team.find_adopted(&id.parse().unwrap(), 5).await.unwrap();
    let adopted = find("777").await.found.unwrap();
    assert_eq!(
        (adopted.name().as_deref(), adopted.trace.origin),
        (Some("Ada Lovelace"), Some(Origin::Adopted))
    );
    let nobody = find("4").await;
    assert_eq!((nobody.found, nobody.is_complete), (None, true));
}

#[tokio::test]
async fn a_search_of_a_large_team_ends_and_says_that_there_was_more() {
    let company = Company::start().await;
    let long = "x".repeat(390_000);
    for number in 0..7 {
        put(&company, &format!("own-{number}"), None, ["Zoë", &long]).await;
    }
    put(&company, "own-9", Some("777"), ["Ada", "Lovelace"]).await;
    let (ada, team) = ("777".parse().unwrap(), &company.team);

    let adopted = team.find_adopted(&ada, 2).await.unwrap();
    assert_eq!((adopted.found, adopted.is_complete), (None, false));
    let adopted = team.find_adopted(&ada, 9).await.unwrap();
    assert_eq!((adopted.found.is_some(), adopted.is_complete), (true, true));

    let named = team.find_by_name("ada", 20, 2).await.unwrap();
    assert_eq!((named.found.len(), named.is_complete), (0, false));
    let named = team.find_by_name("zoë", 3, 9).await.unwrap();
    assert_eq!((named.found.len(), named.is_complete), (3, false));
    let named = team.find_by_name("ada", 20, 9).await.unwrap();
    assert_eq!((named.found.len(), named.is_complete), (1, true));
}

#[tokio::test]
async fn accounts_are_named_and_counted() {
    let mut company = Company::start().await;
    company.night(date(2026, 11, 24), &crowd(150)).await.unwrap();
    put(&company, "own", None, ["Zoë", "O'Hara"]).await;
    let mut ids: Vec<AccountId> = (1..=160).map(|number| account(&number.to_string())).collect();
    ids.push("own".parse().unwrap());
    let labels = company.team.labels(&ids).await.unwrap();
    assert_eq!(labels.len(), 151);
    assert_eq!(labels[&account("9")].email.as_str(), "p9@example.com");
    assert_eq!(labels[&account("9")].name, None);
    assert_eq!(
        labels[&"own".parse().unwrap()].name.as_deref(),
        Some("Zoë O'Hara")
    );

    company.set(&account("9"), "state", text("inactive")).await;
    company.set(&account("9"), "deactivated_by", text("sync")).await;
    company
        .set(&account("9"), "deactivation_reason", text("disconnected"))
        .await;
    company.set(&account("8"), "state", text("inactive")).await;
    let tally = company.team.tally().await.unwrap();
    assert_eq!(
        tally,
        Tally {
            active: 148,
            disconnected: 1
        }
    );
}
