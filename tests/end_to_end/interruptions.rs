//! A night with an accident at every single call to AWS in turn, which must leave what an undisturbed night leaves.

use aws_sdk_dynamodb::types::AttributeValue;
use embedded_aws::Fault;
use futures::{StreamExt, stream};
use provisioning::TenantId;
use tokio::select;

use crate::harness::{Outcome, World, company, ids, run};

/// The nights that accidents happen in.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Night {
    /// Everybody is created.
    First,
    /// Somebody joins, is adopted, moves, leaves, returns, and two swap their addresses.
    Changed,
    /// The token is refused: a suspicion, a second try, a mail.
    Refused,
}

/// What befalls the call.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Accident {
    /// The process dies there: after the answer to the call before, and before this one leaves. What it was doing at the
    /// same time may be done or not.
    Death,
    /// The call is carried out and its answer is lost. (A message whose receipt is lost comes again after an hour and a
    /// half, which no test can wait for.)
    AnswerLost,
    /// AWS denies the call.
    Denied,
}

const ACCIDENTS_AT_ONCE: usize = 4;

#[test]
fn a_first_night_survives_an_accident_at_any_call() {
    run(accidents(Night::First));
}

#[test]
fn a_night_full_of_changes_survives_an_accident_at_any_call() {
    run(accidents(Night::Changed));
}

#[test]
fn a_night_of_refusals_survives_an_accident_at_any_call_and_never_mails_twice() {
    run(accidents(Night::Refused));
}

async fn accidents(night: Night) {
    let (world, tenant) = evening(night).await;
    let start = world.network.calls();
    whole(night, &world).await;
    let calls = world
        .network
        .operations()
        .split_off(usize::try_from(start).unwrap());
    let undisturbed = world.outcome(&tenant).await;
    let mails = world.mails(&tenant).await.len();
    assert_eq!(mails, usize::from(night == Night::Refused));
    world.assert_no_dead_letters().await;

    let every_call = calls.iter().zip(1..).flat_map(|(operation, call)| {
        [Accident::Death, Accident::AnswerLost, Accident::Denied]
            .into_iter()
            .filter(move |accident| !(operation == "ReceiveMessage" && *accident == Accident::AnswerLost))
            .map(move |accident| (call, accident))
    });
    stream::iter(every_call)
        .for_each_concurrent(ACCIDENTS_AT_ONCE, |(call, accident)| {
            let undisturbed = &undisturbed;
            Box::pin(async move {
                let (outcome, mails, story) = Box::pin(disturbed(night, call, accident)).await;
                let differences = outcome.differences(undisturbed);
                assert!(
                    differences.is_empty(),
                    "{accident:?} at call {call} of {story:?}: {differences:#?}"
                );
                assert!(mails <= 1, "{accident:?} at call {call}: {mails} mails");
                if accident == Accident::AnswerLost {
                    assert_eq!(
                        mails,
                        usize::from(night == Night::Refused),
                        "call {call} of {story:?}"
                    );
                }
            })
        })
        .await;
}

async fn disturbed(night: Night, call: u64, accident: Accident) -> (Outcome, usize, Vec<String>) {
    let (world, tenant) = evening(night).await;
    let start = world.network.calls();
    let at = start + call;
    match accident {
        Accident::Death => {
            world.network.fail_call(at, Fault::Silence);
            select! {
                biased;
                () = whole(night, &world) => {}
                () = world.network.reached(at) => {}
            }
        }
        Accident::AnswerLost => world.network.fail_call(at, Fault::AnswerLost),
        Accident::Denied => world.network.fail_call(at, Fault::Denied),
    }
    whole(night, &world).await;
    world.assert_no_dead_letters().await;
    let story = world
        .network
        .operations()
        .split_off(usize::try_from(start).unwrap());
    (
        world.outcome(&tenant).await,
        world.mails(&tenant).await.len(),
        story,
    )
}

/// The night to its end. The schedule, which is the same for all, has its accidents in the first one.
async fn whole(night: Night, world: &World) {
    if night == Night::First {
        while world.system.fire_schedule().await.is_err() {}
    }
    world.until_quiet().await;
}

/// Everything as it is right before the night.
async fn evening(night: Night) -> (World, TenantId) {
    let (world, tenant) = World::with(company(91, 13)).await;
    match night {
        Night::First => {}
        Night::Changed => {
            let people = ids(&company(91, 13));
            world.hibob.edit("acme", |company| {
                company.spoil(people[7], stand_in_hibob::Blemish::MalformedEmail);
            });
            world.night().await;
            a_busy_day(&world, &tenant, &people).await;
        }
        Night::Refused => world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true),
    }
    match night {
        Night::First => world.dusk().await,
        Night::Changed | Night::Refused => world.nightfall().await,
    }
    (world, tenant)
}

async fn a_busy_day(world: &World, tenant: &TenantId, people: &[stand_in_hibob::EmployeeId]) {
    let today = company(91, 13).today().to_string();
    let known = world.hibob.edit("acme", |company| {
        let address =
            |company: &stand_in_hibob::Company, place: usize| company.value(people[place], "root.email");
        let (one, other) = (address(company, 8), address(company, 9));
        company.edit(people[8]).set("root.email", other);
        company.edit(people[9]).set("root.email", one);
        company
            .edit(people[10])
            .set("internal.lifecycleStatus", "terminated")
            .set("internal.terminationDate", "2026-11-20");
        company
            .edit(people[11])
            .set("root.surname", "Anew")
            .set("work.manager", people[0].to_string());
        company
            .edit(people[7])
            .set("root.email", "known.already@example.com");
        let joiner = company.add_employee();
        company.edit(joiner).set("work.startDate", today);
        company.value(people[7], "root.email")
    });
    let address = known.as_str().unwrap();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let account = [
        ("pk", text(&format!("TENANT#{tenant}"))),
        ("sk", text("ACCOUNT#known-already")),
        ("account_id", text("known-already")),
        ("email", text(address)),
        ("email_key", text(&format!("{tenant}#{address}"))),
        ("state", text("active")),
        ("roles", text("owner")),
    ];
    let client = aws_sdk_dynamodb::Client::new(&world.aws);
    let mut put = client
        .put_item()
        .table_name(&world.system.provisioned.tables["AccountsTable"]);
    for (name, value) in account {
        put = put.item(name, value);
    }
    put.send().await.unwrap();
}
