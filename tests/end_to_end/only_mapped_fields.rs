//! Only mapped fields are read, kept or logged, in good nights and bad ones.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use embedded_aws::Fault as AwsFault;
use jiff::SignedDuration;
use provisioning::{Condition, Effect, FieldSet, Policy, Scope, ScopeRule, TenantId};
use stand_in_hibob::{Blemish, CANARY, CANARY_DATE, CANARY_NUMBER, Fault, When};
use tenant_store::TaskRequest;

use crate::harness::{MAPPED, World, company, ids, mapping, own_process, run, source};

/// Part of every name, address and title of every person, and of whoever is mailed.
const PERSONAL: &str = "Persönlich";
/// In addresses, which are kept in lower case.
const PERSONAL_ADDRESS: &str = "personal-address";
const BIRTHDAY: &str = "1919-09-19";
/// Read to decide who is in scope, and for nothing else.
const SCOPE_FIELD: &str = "about.hobbies";
/// As `World` makes it up.
const TOKEN: &str = "s3cr3t";

#[test]
fn no_value_of_an_unmapped_field_is_read_or_kept_and_nothing_personal_is_logged() {
    let Some(written) = own_process() else {
        return run(nights_with_canaries());
    };
    assert!(
        written.contains("run ended") && written.contains("CloudWatchMetrics"),
        "logs and metrics are here"
    );
    for secret in [CANARY, CANARY_DATE, &CANARY_NUMBER.to_string(), TOKEN, BIRTHDAY] {
        assert_absent(&written, secret, "what was logged");
    }
    for personal in [PERSONAL, PERSONAL_ADDRESS] {
        assert_absent(&written, personal, "what was logged");
    }
}

async fn nights_with_canaries() {
    // Far more than production writes.
    let ours = [
        "hibob",
        "sync_worker",
        "tenant_store",
        "team_directory",
        "provisioning",
        "failure_emails",
    ];
    let filter = ours.map(|crate_| format!("{crate_}=trace")).join(",");
    startup::init_telemetry(Some(format!("info,nightly_fan_out=trace,startup=trace,{filter}")));

    let world = World::new().await;
    let tenant = world.connect_with("acme", planted(), scoped()).await;
    // A proof asks for more than is mapped, and throws it away.
    world.result(&tenant, &TaskRequest::Proof).await;
    world.hibob.forget_requests();
    let mapping = mapping().into();
    world.result(&tenant, &TaskRequest::Preview { mapping }).await;
    good_and_bad_nights(&world, &tenant).await;

    assert_only_mapped_fields_were_asked_for(&world);
    let accounts = shown(&world.scan("AccountsTable").await);
    assert!(
        accounts.contains(PERSONAL) && accounts.contains(PERSONAL_ADDRESS) && accounts.contains(BIRTHDAY)
    );
    let mails = world.mails(&tenant).await;
    assert_eq!(mails.len(), 1);
    // What was sent to AWS is more than what it keeps: it covers the bodies of all messages, too.
    let sent = world.network.sent();
    let to_accounts = &world.system.provisioned.tables["AccountsTable"];
    for call in sent
        .iter()
        .filter(|call| call.operation != "PutSecretValue" && call.operation != "CreateSecret")
    {
        assert_nothing_foreign(&call.body, &call.operation);
        if !call.body.contains(to_accounts) {
            assert_nothing_personal(&call.body.replace(&world.contact(&tenant), ""), &call.operation);
        }
    }
    assert_nothing_foreign(&accounts, "the accounts");
    for table in ["TenantsTable", "RunsTable", "NoticesTable", "TasksTable"] {
        let items = shown(&world.scan(table).await);
        assert!(!items.is_empty());
        assert_nothing_foreign(&items, table);
        assert_nothing_personal(&items.replace(&world.contact(&tenant), ""), table);
    }
    assert_nothing_foreign(&format!("{mails:?}"), "the mails");
    assert_nothing_personal(&format!("{mails:?}"), "the mails");
    for queue in [
        "SyncQueue",
        "SyncDeadLetters",
        "InteractiveQueue",
        "InteractiveDeadLetters",
        "FailureEmailsQueue",
        "FailureEmailsDeadLetters",
    ] {
        assert_eq!(world.messages(queue).await, 0, "{queue}");
    }
}

/// A company whose mapped fields cannot be mistaken for anything else either.
fn planted() -> stand_in_hibob::Company {
    let mut company = company(101, 30);
    for (number, id) in ids(&company).into_iter().enumerate() {
        company
            .edit(id)
            .set("root.firstName", format!("{PERSONAL} {number}"))
            .set("root.surname", format!("Familie {PERSONAL}"))
            .set("root.email", format!("{PERSONAL_ADDRESS}-{number}@example.com"))
            .set("work.title", format!("{PERSONAL}e Assistenz"))
            .set("personal.birthDate", BIRTHDAY);
    }
    let mapping = mapping();
    let spared: Vec<String> = FieldSet::new(mapping.sources())
        .ids()
        .iter()
        .map(ToString::to_string)
        .collect();
    let spared: Vec<&str> = spared
        .iter()
        .map(String::as_str)
        .chain(["root.fullName", "work.manager", "root.companyId"])
        .collect();
    company.plant_canaries(&spared);
    company
}

/// Everybody is in scope, and a field that nobody mapped has to be read to know it.
fn scoped() -> Policy {
    let nobody = ScopeRule {
        effect: Effect::Exclude,
        field: source(SCOPE_FIELD),
        condition: Condition::Equals("no such hobby".to_owned()),
    };
    let scope = Scope {
        rules: vec![nobody],
        never_sync: Vec::new(),
    };
    Policy {
        scope,
        ..Policy::default()
    }
}

async fn good_and_bad_nights(world: &World, tenant: &TenantId) {
    let people = ids(&world.hibob.company("acme"));
    world.night().await;
    assert!(world.accounts(tenant).await.len() > 20);
    world.assert_settled(tenant).await;

    for fault in [
        Fault::Truncated(0.7),
        Fault::NotJson,
        Fault::Html,
        Fault::Reset(0.5),
        Fault::BadGateway,
    ] {
        world.hibob.inject("acme", fault, When::next_searches(1));
        world.night().await;
        world.later(SignedDuration::from_mins(11)).await;
    }
    for (place, blemish) in Blemish::all(people[20]).into_iter().enumerate() {
        world
            .hibob
            .edit("acme", |company| company.spoil(people[place], blemish));
        // AWS's errors are logged too, and may repeat what they were sent.
        for operation in ["UpdateItem", "BatchGetItem", "PutItem"] {
            world.network.fail_next(operation, 1, AwsFault::Denied);
        }
        world.nightfall().await;
        world.until_quiet().await;
        world.network.heal();
    }
    world.system.tenants.token_replaced(tenant).await.unwrap();
    world
        .hibob
        .edit_user("SERVICE-acme", |user| user.is_revoked = true);
    world.nightfall().await;
    world.until_quiet().await;
    world.system.work().await.unwrap();
}

fn assert_only_mapped_fields_were_asked_for(world: &World) {
    let mapped = MAPPED.iter().flat_map(|(_, sources)| sources.iter().copied());
    let control = provisioning::field::control::FIELDS.map(|(id, ..)| id);
    let allowed: BTreeSet<&str> = mapped.chain(control).chain([SCOPE_FIELD]).collect();
    let requests = world.hibob.requests();
    assert!(requests.len() > 20);
    for field in requests.iter().flat_map(|request| &request.fields) {
        assert!(allowed.contains(field.as_str()), "{field} was asked for");
    }
}

fn assert_nothing_foreign(text: &str, place: &str) {
    for canary in [CANARY, CANARY_DATE, &CANARY_NUMBER.to_string(), TOKEN] {
        assert_absent(text, canary, place);
    }
}

fn assert_nothing_personal(text: &str, place: &str) {
    for personal in [PERSONAL, PERSONAL_ADDRESS, BIRTHDAY] {
        assert_absent(text, personal, place);
    }
}

/// Case and JSON's escapes hide nothing.
fn assert_absent(text: &str, value: &str, place: &str) {
    let escaped: String = value
        .chars()
        .map(|c| {
            if c.is_ascii() {
                c.to_string()
            } else {
                format!("\\u{:04x}", u32::from(c))
            }
        })
        .collect();
    let text = text.to_lowercase();
    for form in [value.to_lowercase(), escaped.to_lowercase()] {
        if let Some(at) = text.find(&form) {
            let around: String = text[..at]
                .chars()
                .rev()
                .take(200)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            panic!("{value} is in {place}, after …{around}");
        }
    }
}

fn shown(items: &[std::collections::HashMap<String, AttributeValue>]) -> String {
    format!("{items:?}")
}
