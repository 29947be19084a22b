//! Nights in which single records are bad.

use provisioning::AccountState;
use stand_in_hibob::{Blemish, EmployeeId};
use tenant_store::{RunRecord, RunStatus};

use crate::harness::{World, assert_team_equals_hibob, company, ids, run};

/// The person whose record is spoiled, and the one whose address it may take: neither leads anybody.
const SPOILED: usize = 9;
const OTHER: usize = 10;

/// All but the one that makes the whole answer one of a shape that HiBob does not have.
fn one_of_each(other: EmployeeId) -> impl Iterator<Item = Blemish> {
    Blemish::all(other)
        .into_iter()
        .filter(|blemish| *blemish != Blemish::NotAnObject)
}

#[test]
fn a_record_that_is_no_object_makes_the_whole_answer_a_bad_one() {
    run(async {
        let (world, tenant) = World::with(company(32, 14)).await;
        world.night().await;
        let accounts = world.accounts(&tenant).await;
        let person = ids(&company(32, 14))[SPOILED];
        world.hibob.edit("acme", |company| {
            company.advance_day();
            company.spoil(person, Blemish::NotAnObject);
        });
        world.night().await;
        assert_eq!(
            world.last_run(&tenant).await.failure.as_deref(),
            Some("badAnswer")
        );
        assert_eq!(world.accounts(&tenant).await, accounts);
        world.hibob.edit("acme", |company| {
            company.edit(person).answer_plainly();
        });
        world.until_quiet().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_bad_record_of_somebody_known_costs_nobody_anything_and_is_reported() {
    run(async {
        let people = ids(&company(31, 14));
        let blemishes = one_of_each(people[OTHER]).map(|blemish| Box::pin(spoiled_later(blemish, &people)));
        futures::future::join_all(blemishes).await;
    });
}

async fn spoiled_later(blemish: Blemish, people: &[EmployeeId]) {
    let (world, tenant) = World::with(company(31, 14)).await;
    world.night().await;
    let team = world.accounts(&tenant).await;

    world.hibob.edit("acme", |company| {
        company.edit(people[3]).set("root.surname", "Astronaut");
        company.add_employee();
        company.spoil(people[SPOILED], blemish);
    });
    world.night().await;
    let record = world.last_run(&tenant).await;
    assert_eq!(record.status, RunStatus::Applied, "{blemish:?}");
    assert_eq!(
        (record.applied.created, record.applied.deactivated),
        (1, 0),
        "{blemish:?}"
    );
    assert!(record.applied.updated >= 1, "{blemish:?}: {record:?}");
    assert_eq!(
        is_told(&record),
        is_a_problem(blemish),
        "{blemish:?}: {:?}",
        record.findings
    );
    let now = world.accounts(&tenant).await;
    for (key, before) in &team {
        assert_eq!(now[key]["state"], before["state"], "{blemish:?}: nobody is lost");
        assert_eq!(now[key]["hibob_id"], before["hibob_id"], "{blemish:?}");
    }
    world.assert_settled(&tenant).await;

    world.hibob.edit("acme", |company| {
        let mended = crate::harness::company(31, 14);
        let plain = mended.employee(people[SPOILED]).unwrap().clone();
        *company.edit(people[SPOILED]) = plain;
        let plain = mended.employee(people[OTHER]).unwrap().clone();
        *company.edit(people[OTHER]) = plain;
    });
    world.night().await;
    assert_team_equals_hibob(&world, &tenant).await;
    world.assert_settled(&tenant).await;
}

#[test]
fn a_bad_record_of_somebody_new_keeps_nobody_else_out() {
    run(async {
        let people = ids(&company(31, 14));
        let blemishes = one_of_each(people[OTHER])
            .map(|blemish| Box::pin(spoiled_from_the_first_night(blemish, &people)));
        futures::future::join_all(blemishes).await;
    });
}

async fn spoiled_from_the_first_night(blemish: Blemish, people: &[EmployeeId]) {
    let mut company = company(31, 14);
    company.spoil(people[SPOILED], blemish);
    let (world, tenant) = World::with(company).await;
    world.night().await;
    let team = world.system.directory.team(&tenant);
    for (place, id) in people.iter().enumerate() {
        let account = provisioning::AccountId::of_employee(&id.to_string().parse().unwrap());
        let state = team
            .get(&account)
            .await
            .unwrap()
            .map(|account| account.status.state);
        let may_be_left_out =
            place == SPOILED || (place == OTHER && format!("{blemish:?}").contains("DuplicateEmail"));
        assert!(
            may_be_left_out || state == Some(AccountState::Active),
            "{blemish:?} {place} {state:?}"
        );
    }
    world.assert_settled(&tenant).await;
}

fn is_told(record: &RunRecord) -> bool {
    let findings = &record.findings;
    let problems = findings.skips.keys().any(|reason| reason.is_problem());
    problems || !findings.unreadable.is_empty() || findings.unresolved_managers > 0 || findings.missing > 0
}

/// Some records are merely uncomfortable.
fn is_a_problem(blemish: Blemish) -> bool {
    match blemish {
        Blemish::DuplicateId
        | Blemish::DuplicateEmail(_)
        | Blemish::DuplicateEmailByCase(_)
        | Blemish::MissingId
        | Blemish::MalformedEmail
        | Blemish::ManagerOutside
        | Blemish::ChangedTypes
        | Blemish::LongNames
        | Blemish::DatesThatAreNotDates => true,
        Blemish::MissingEmail
        | Blemish::NullEmail
        | Blemish::NullWork
        | Blemish::ManagerCycle(_)
        | Blemish::ListIdWithoutHumanValue
        | Blemish::ControlCharacters
        | Blemish::FutureStart
        | Blemish::FutureTermination
        | Blemish::UnknownLifecycle => false,
        Blemish::NotAnObject => unreachable!("the whole answer is bad"),
    }
}
