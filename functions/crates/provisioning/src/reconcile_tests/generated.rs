//! Companies as nobody would arrange them: few ids, addresses and values, so that everything meets everything.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value as Json, json};

use super::person::{
    BIRTHDAY, DISPLAY_NAME, EMAIL, FIRST_NAME, ID, LIFECYCLE, MANAGER, MANAGER_EMAIL, Person, SITE,
    STARTS_ON, STATUS, TEAMS, TERMINATED_ON, TITLE, employed,
};
use super::team::Account;
use super::world::{World, entry, mapping, november, source, usual_entries};
use crate::account::{AccountState, DeactivationReason, Missing, Override};
use crate::employee::{FieldValue, Reading};
use crate::field::FieldType;
use crate::fingerprint::Fingerprint;
use crate::guard::{History, Removals};
use crate::ids::AccountId;
use crate::mapping::{Mapping, WhenEmpty};
use crate::policy::{Policy, WhenAway, WhenOutOfScope};
use crate::scope::{Condition, Effect, NeverSync, Scope, ScopeRule};
use crate::value::Value;

/// Ids of people; accounts have the first twelve of them.
const PEOPLE: u32 = 14;

/// A person's record: mostly plausible, each field now and then absent, empty or of another type.
fn person() -> impl Strategy<Value = Person> {
    let id = prop_oneof![30 => (1..=PEOPLE).prop_map(|id| id.to_string()), 1 => Just("#".to_owned())];
    let lifecycle = select(vec![
        "employed",
        "employed",
        "employed",
        "terminated",
        "hired",
        "garden leave",
        "leave",
        "moon",
    ]);
    let status = select(vec!["Active", "Active", "Inactive"]);
    let terminated_on = select(vec!["2026-10-01", "2026-11-23", "2026-11-24", "2027-01-01"]);
    let starts_on = select(vec!["2020-01-01", "2026-11-24", "2026-11-27", "2027-01-01"]);
    let control = (
        odd(text(lifecycle)),
        odd(text(status)),
        odd(text(terminated_on)),
        odd(text(starts_on)),
    );
    let names = (
        odd(text(select(vec!["Zoë", "Ann", ""]))),
        odd(text(select(vec!["Z", ""]))),
    );
    let work = (
        odd(text(select(vec!["Lead", "Analyst"]))),
        odd(text(select(vec!["London", "Paris"]))),
        odd(teams()),
    );
    let managers = (odd(manager()), odd(text_of(address())));
    let keeps_own_address = prop::bool::weighted(0.7);
    let email = (keeps_own_address, odd(text_of(address())));
    (id, email, control, names, work, managers).prop_map(
        |(id, (own, email), control, names, work, managers)| {
            let own_email = FieldValue::Present(Reading {
                machine: json!(format!("p{id}@example.com")),
                human: None,
            });
            employed(&id)
                .text(ID, &id)
                .value(EMAIL, if own { own_email } else { email })
                .value(LIFECYCLE, control.0)
                .value(STATUS, control.1)
                .value(TERMINATED_ON, control.2)
                .value(STARTS_ON, control.3)
                .value(FIRST_NAME, names.0)
                .value(DISPLAY_NAME, names.1)
                .value(TITLE, work.0)
                .value(SITE, work.1)
                .value(TEAMS, work.2)
                .value(MANAGER, managers.0)
                .value(MANAGER_EMAIL, managers.1)
        },
    )
}

fn odd(plausible: impl Strategy<Value = Json> + 'static) -> impl Strategy<Value = FieldValue> {
    let present = |machine| FieldValue::Present(Reading { machine, human: None });
    prop_oneof![
        24 => plausible.prop_map(present),
        2 => Just(FieldValue::Absent),
        2 => Just(FieldValue::Empty),
        1 => select(vec![json!({"a": 1}), json!(7), json!("x".repeat(4096)), json!([{"a": 1}])]).prop_map(present),
    ]
}

fn text(texts: impl Strategy<Value = &'static str> + 'static) -> impl Strategy<Value = Json> {
    texts.prop_map(|text| json!(text))
}

fn text_of(texts: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = Json> {
    texts.prop_map(|text| json!(text))
}

fn address() -> impl Strategy<Value = String> {
    (1..=PEOPLE + 2, select(vec!["p", "P", " p"])).prop_map(|(n, p)| format!("{p}{n}@example.com"))
}

fn teams() -> impl Strategy<Value = Json> {
    subsequence(vec!["Blue", "Red"], 0..=2).prop_map(|teams| json!(teams))
}

fn manager() -> impl Strategy<Value = Json> {
    (1..=PEOPLE).prop_map(|id| json!({"id": id.to_string(), "displayName": "Somebody"}))
}

/// A whole answer, sometimes with a field withheld for everybody or an id given twice.
pub(super) fn answer() -> impl Strategy<Value = Vec<Person>> {
    let anybody = prop::collection::vec(person(), 0..=16);
    let everybody_once = prop::collection::vec(person(), 14).prop_map(|people| {
        (1..=PEOPLE)
            .zip(people)
            .map(|(id, person)| person.renamed(&id.to_string()))
            .collect()
    });
    let withheld = prop_oneof![
        8 => Just(None),
        1 => select(vec![TITLE, SITE, MANAGER, STATUS, EMAIL, FIRST_NAME]).prop_map(Some),
    ];
    (prop_oneof![1 => anybody, 3 => everybody_once], withheld).prop_map(
        |(people, withheld): (Vec<Person>, _)| {
            people
                .into_iter()
                .map(|person| withheld.into_iter().fold(person, Person::without))
                .collect()
        },
    )
}

fn account(id: AccountId, linked_to: Option<u32>) -> impl Strategy<Value = Account> {
    let state = prop_oneof![
        6 => Just(AccountState::Active),
        1 => Just(AccountState::Inactive(None)),
        2 => select(vec![DeactivationReason::Left, DeactivationReason::Missing, DeactivationReason::OutOfScope])
            .prop_map(|reason| AccountState::Inactive(Some(reason))),
    ];
    let override_ =
        prop_oneof![8 => Just(None), 1 => Just(Some(Override::Active)), 1 => Just(Some(Override::Inactive))];
    let missing = prop_oneof![
        3 => Just(Missing::default()),
        1 => (1..=3_u8, 20..=26_i8).prop_map(|(nights, on)| Missing { nights, last_on: Some(november(on)) }),
    ];
    let manager = prop::option::of((1..=PEOPLE).prop_map(|id| id.to_string().parse().unwrap()));
    let own_address = linked_to.map(|id| format!("p{id}@example.com"));
    let email = (prop::bool::weighted(0.8), address())
        .prop_map(move |(own, any)| own_address.clone().filter(|_| own).unwrap_or(any));
    let title = prop::option::of(select(vec!["Lead", "Analyst"]));
    (state, override_, missing, manager, email, title, any::<bool>()).prop_map(
        move |(state, override_, missing, manager, email, title, out_of_scope)| {
            let mut account = Account::made_by_hand(id.as_str(), &email);
            let status = &mut account.status;
            status.employee = linked_to.map(|id| id.to_string().parse().unwrap());
            status.source_fp = linked_to.map(|_| Fingerprint::from_bytes([7; 16]));
            (status.state, status.override_, status.manager) = (state, override_, manager);
            if linked_to.is_some() {
                (status.missing, status.out_of_scope) = (missing, out_of_scope);
            } else if !account.is_active() {
                account.status.state = AccountState::Inactive(None);
            }
            account
                .profile
                .extend(title.map(|title| ("jobTitle".parse().unwrap(), Value::Text(title.into()))));
            account
        },
    )
}

/// Accounts of some of the people, one of them adopted, and two that no run has made.
fn team() -> impl Strategy<Value = Vec<Account>> {
    let of = |id: u32| {
        let name = if id == 12 {
            "adopted-12".to_owned()
        } else {
            format!("hibob-{id}")
        };
        prop::option::weighted(0.8, account(name.parse().unwrap(), Some(id)))
    };
    let linked: Vec<_> = (1..=12).map(of).collect();
    let unlinked: Vec<_> = ["made-1", "made-2"]
        .map(|id| prop::option::of(account(id.parse().unwrap(), None)))
        .into();
    (linked, unlinked).prop_map(|(linked, unlinked)| linked.into_iter().chain(unlinked).flatten().collect())
}

fn any_mapping() -> impl Strategy<Value = Mapping> {
    let manager = select(vec![
        (MANAGER, FieldType::Employee),
        (MANAGER_EMAIL, FieldType::Text),
    ]);
    let optional: Vec<_> = usual_entries().into_iter().skip(1).take(7).collect();
    let when_empty = select(vec![WhenEmpty::Clear, WhenEmpty::Keep]);
    (subsequence(optional, 0..=7), manager, when_empty).prop_map(|(mut entries, manager, when_empty)| {
        entries.push(entry("reportsTo", &[manager]));
        for entry in &mut entries {
            entry.when_empty = when_empty;
        }
        entries.push(entry(
            "email",
            &[(EMAIL, FieldType::Text), (BIRTHDAY, FieldType::Text)],
        ));
        mapping(entries)
    })
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let away = || {
        select(vec![
            WhenAway::StayActive,
            WhenAway::AsInHiBob,
            WhenAway::Deactivate,
        ])
    };
    let rule = |effect, field, text: &str| {
        let condition = Condition::OneOf(vec![text.to_owned()]);
        ScopeRule {
            effect,
            field: source(field, FieldType::Text),
            condition,
        }
    };
    let rules = vec![
        rule(Effect::Include, SITE, "London"),
        rule(Effect::Exclude, TITLE, "Lead"),
    ];
    let never = vec![
        NeverSync::Employee("3".parse().unwrap()),
        NeverSync::Email("p4@example.com".parse().unwrap()),
    ];
    let scope = prop_oneof![
        2 => Just(Scope::default()),
        1 => (subsequence(rules, 0..=2), subsequence(never, 0..=2))
            .prop_map(|(rules, never_sync)| Scope { rules, never_sync }),
    ];
    let out_of_scope = select(vec![WhenOutOfScope::Keep, WhenOutOfScope::Deactivate]);
    (scope, out_of_scope, away(), away(), 0..48_u16, 0..5_u8).prop_map(
        |(scope, out_of_scope, garden_leave, leave, leavers_grace_hours, create_days_before_start)| Policy {
            scope,
            out_of_scope,
            leavers_grace_hours,
            garden_leave,
            leave,
            create_days_before_start,
            ..Policy::default()
        },
    )
}

fn any_history() -> impl Strategy<Value = History> {
    let removals = prop::collection::vec((15..=24_i8, 1..=3_u32), 0..=1);
    (prop::option::of(0..=PEOPLE), removals).prop_map(|(last_people, removals)| History {
        last_people,
        removals: removals
            .into_iter()
            .map(|(on, count)| Removals {
                on: november(on),
                count,
            })
            .collect(),
    })
}

/// A company in any state, before the night of 24 November.
pub(super) fn world() -> impl Strategy<Value = World> {
    (answer(), team(), any_mapping(), any_policy(), any_history()).prop_map(
        |(people, team, mapping, policy, history)| {
            let accounts = team
                .into_iter()
                .map(|account| (account.status.id.clone(), account))
                .collect();
            World {
                accounts,
                mapping,
                policy,
                history,
                ..World::of(people)
            }
        },
    )
}
