//! A company in memory and its nights.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::person::{
    BIRTHDAY, DISPLAY_NAME, EMAIL, FIRST_NAME, MANAGER, Person, SITE, STARTS_ON, TEAMS, TITLE,
};
use super::team::Account;
use super::telling::{Night, tell};
use crate::account::{Head, Missing};
use crate::field::{Category, FieldType, SourceField};
use crate::guard::{History, Refusal};
use crate::ids::AccountId;
use crate::mapping::{Mapping, MappingDocument, MappingDocumentEntry, WhenEmpty};
use crate::plan::Counts;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::reconcile::{Basis, Reconciler, Refused};
use crate::standing::Today;

/// One company: what HiBob answers, what HiThrive has, and what the tenant decided.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) people: Vec<Person>,
    pub(super) accounts: BTreeMap<AccountId, Account>,
    pub(super) mapping: Mapping,
    pub(super) policy: Policy,
    pub(super) history: History,
    pub(super) removals_seen: bool,
    pub(super) time_zone: TimeZone,
}

pub(super) fn source(id: &str, field_type: FieldType) -> SourceField {
    let category = Category {
        id: id.split('.').next().unwrap().to_owned(),
        name: "Category".to_owned(),
    };
    SourceField {
        id: id.parse().unwrap(),
        field_type,
        category,
    }
}

pub(super) fn entry(target: &str, sources: &[(&str, FieldType)]) -> MappingDocumentEntry {
    let sources = sources
        .iter()
        .map(|&(id, field_type)| source(id, field_type))
        .collect();
    MappingDocumentEntry {
        target: target.to_owned(),
        sources,
        when_empty: WhenEmpty::Clear,
    }
}

pub(super) fn mapping(entries: impl IntoIterator<Item = MappingDocumentEntry>) -> Mapping {
    MappingDocument {
        entries: entries.into_iter().collect(),
    }
    .try_into()
    .unwrap()
}

pub(super) fn usual_entries() -> Vec<MappingDocumentEntry> {
    vec![
        entry("email", &[(EMAIL, FieldType::Text)]),
        entry("firstName", &[(FIRST_NAME, FieldType::Text)]),
        entry(
            "displayName",
            &[(DISPLAY_NAME, FieldType::Text), (FIRST_NAME, FieldType::Text)],
        ),
        entry("jobTitle", &[(TITLE, FieldType::List)]),
        entry("location", &[(SITE, FieldType::Text)]),
        entry("teams", &[(TEAMS, FieldType::MultiList)]),
        entry("birthday", &[(BIRTHDAY, FieldType::ShortDate)]),
        entry("startDate", &[(STARTS_ON, FieldType::Date)]),
        entry("reportsTo", &[(MANAGER, FieldType::Employee)]),
    ]
}

/// A day of November 2026.
pub(super) fn november(day: i8) -> Date {
    date(2026, 11, day)
}

impl World {
    /// A company that has never been synced.
    pub(super) fn of(people: impl IntoIterator<Item = Person>) -> Self {
        Self {
            people: people.into_iter().collect(),
            accounts: BTreeMap::new(),
            mapping: mapping(usual_entries()),
            policy: Policy::default(),
            history: History::default(),
            removals_seen: true,
            time_zone: TimeZone::get("Europe/London").unwrap(),
        }
    }

    /// A company after its first night, 1 November.
    pub(super) fn synced(people: impl IntoIterator<Item = Person>) -> Self {
        let mut world = Self::of(people);
        world.night(1);
        world
    }

    /// The account with this id, for somebody in HiThrive to change by hand.
    pub(super) fn account(&mut self, id: &str) -> &mut Account {
        self.accounts.get_mut(&id.parse::<AccountId>().unwrap()).unwrap()
    }

    /// An account that somebody in HiThrive made.
    pub(super) fn make_by_hand(&mut self, id: &str, email: &str) -> &mut Account {
        let account = Account::made_by_hand(id, email);
        self.accounts.entry(account.status.id.clone()).or_insert(account)
    }

    /// What a run at half past three would plan.
    pub(super) fn plan(&self, on: Date) -> Result<Plan, Box<Refused>> {
        let now = on
            .at(3, 30, 0, 0)
            .to_zoned(self.time_zone.clone())
            .unwrap()
            .timestamp();
        self.plan_at(&Today::new(now, self.time_zone.clone()))
    }

    pub(super) fn plan_at(&self, today: &Today) -> Result<Plan, Box<Refused>> {
        let fields = Basis::fields(&self.mapping, &self.policy);
        let basis = Basis {
            mapping: &self.mapping,
            policy: &self.policy,
            fields: &fields,
            today,
            history: &self.history,
            removals_seen: self.removals_seen,
        };
        let heads = self
            .accounts
            .values()
            .map(|account| Head::from(account.status.clone()))
            .collect();
        let mut reconciler = Reconciler::new(heads, basis);
        for person in &self.people {
            reconciler.observe(&person.read_with(&fields));
        }
        let mut draft = reconciler.finish()?;
        for id in draft.to_compare() {
            draft.compare(&self.accounts[&id].stored());
        }
        Ok(draft.into_plan())
    }

    /// Carries out the first changes of a plan, as the team directory does. A group is carried out whole or not at all.
    pub(super) fn apply_first(&mut self, count: usize, plan: &Plan) {
        let is_cut = |group| {
            plan.changes[count..]
                .iter()
                .any(|change| change.together == Some(group))
        };
        for change in &plan.changes[..count] {
            if !change.together.is_some_and(is_cut) {
                Account::apply(&mut self.accounts, change, &plan.edits(change));
            }
        }
    }

    pub(super) fn apply(&mut self, plan: &Plan) {
        self.apply_first(plan.changes.len(), plan);
    }

    /// The run of a night in November, which must not be refused. Every night ends with a second run that plans nothing.
    pub(super) fn night(&mut self, day: i8) -> Night {
        let plan = self.plan(november(day)).unwrap();
        self.apply(&plan);
        let applied_people = plan.held.is_empty().then_some(plan.findings.people);
        let removed = Counts::of(&plan.changes).deactivated;
        let history = std::mem::take(&mut self.history);
        self.history = history.after(november(day), removed, applied_people);

        let again = self.plan(november(day)).unwrap();
        assert_eq!(
            tell(&again, &again.changes),
            [""; 0],
            "a second run plans nothing"
        );
        assert_eq!(
            tell(&again, &again.held),
            tell(&plan, &plan.held),
            "a second run holds the same"
        );
        Night::new(&plan)
    }

    /// The run of a night in November that is recognised as bad.
    pub(super) fn refused_night(&self, day: i8) -> Refusal {
        self.plan(november(day)).unwrap_err().refusal
    }

    /// For how many nights the person of an account has been missing.
    pub(super) fn missing(&mut self, account: &str) -> Missing {
        self.account(account).status.missing
    }
}
