//! What happens to accounts in a night: what should, by the two teams or by HiBob's word, and what did.

use std::collections::{BTreeMap, BTreeSet};

use provisioning::{ChangeKind, Counts};
use stand_in_hibob::{Day, EmployeeId};
use tenant_store::ChangeRow;

use crate::program::check::differing;
use crate::program::rows::{Account, Team};

/// What happened to an account; by the person's id in HiBob.
pub(crate) type Changes = BTreeMap<String, Change>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) kind: Kind,
    /// Only of accounts that had values before and are used after.
    pub(crate) fields: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Created,
    Updated,
    Deactivated,
    Reactivated,
}

/// What makes one team of another.
pub(crate) fn between(before: &Team, after: &Team) -> Changes {
    let change = |(id, now): (&String, &Account)| {
        let then = before.get(id);
        let kind = match (then.map(|then| then.is_active), now.is_active) {
            (None, _) => Kind::Created,
            (Some(false), true) => Kind::Reactivated,
            (Some(true), false) => Kind::Deactivated,
            (Some(true), true) => Kind::Updated,
            (Some(false), false) => return None,
        };
        let fields = match (kind, then) {
            (Kind::Updated | Kind::Reactivated, Some(then)) => differing(&then.values, &now.values),
            _ => BTreeSet::new(),
        };
        let is_same = kind == Kind::Updated && fields.is_empty();
        (!is_same).then(|| (id.clone(), Change { kind, fields }))
    };
    after.iter().filter_map(change).collect()
}

/// What a run says it did.
pub(crate) fn recorded(rows: &[ChangeRow]) -> Changes {
    let change = |row: &ChangeRow| {
        let kind = match row.kind {
            ChangeKind::Create => Kind::Created,
            ChangeKind::Update => Kind::Updated,
            ChangeKind::Deactivate(_) => Kind::Deactivated,
            ChangeKind::Reactivate => Kind::Reactivated,
            ChangeKind::Mark => return None,
        };
        let fields = match kind {
            Kind::Updated | Kind::Reactivated => row.fields.iter().cloned().collect(),
            Kind::Created | Kind::Deactivated => BTreeSet::new(),
        };
        Some((row.employee.to_string(), Change { kind, fields }))
    };
    rows.iter().filter_map(change).collect()
}

/// What has to happen to whose account, by what the stand-in says happened to the person.
pub(crate) fn said(day: &Day, before: &Team) -> BTreeMap<String, Kind> {
    let Day {
        announced: _,
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
    let here = |id: &EmployeeId| match before.get(&id.to_string()).map(|account| account.is_active) {
        None => Kind::Created,
        Some(false) => Kind::Reactivated,
        Some(true) => Kind::Updated,
    };
    let here = [
        joined,
        started,
        moved,
        renamed,
        gave_notice,
        on_leave,
        returned,
        rehired,
    ]
    .into_iter()
    .flatten()
    .map(|id| (id.to_string(), here(id)));
    let is_active = |id: &&EmployeeId| {
        before
            .get(&id.to_string())
            .is_some_and(|account| account.is_active)
    };
    here.chain(
        left.iter()
            .filter(is_active)
            .map(|id| (id.to_string(), Kind::Deactivated)),
    )
    .collect()
}

/// Whose account was not treated as the stand-in's word asks for, each in a sentence.
pub(crate) fn unlike_said(said: &BTreeMap<String, Kind>, recorded: &Changes) -> Vec<String> {
    let done: BTreeMap<_, _> = recorded
        .iter()
        .map(|(id, change)| (id.clone(), change.kind))
        .collect();
    let people = differing(said, &done);
    let sentence = |id: &String| {
        format!(
            "by what happened in HiBob the run should have {} person {id}",
            verb(said.get(id).copied())
        )
    };
    people.iter().map(sentence).collect()
}

/// Changes that were not made, and changes that nothing asked for, each in a sentence.
pub(crate) fn unmet(expected: &Changes, recorded: &Changes) -> Vec<String> {
    let people = differing(expected, recorded);
    let sentence = |id: &String| {
        let change = expected.get(id);
        let fields = change.map(|change| change.fields.iter().cloned().collect::<Vec<_>>().join(", "));
        let fields = fields
            .filter(|fields| !fields.is_empty())
            .map(|fields| format!(" ({fields})"));
        format!(
            "the run should have {} person {id}{}",
            verb(change.map(|it| it.kind)),
            fields.unwrap_or_default()
        )
    };
    people.iter().map(sentence).collect()
}

fn verb(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Created) => "created the account of",
        Some(Kind::Updated) => "updated the account of",
        Some(Kind::Deactivated) => "deactivated the account of",
        Some(Kind::Reactivated) => "reactivated the account of",
        None => "left alone",
    }
}

/// How many changes there are of each kind.
pub(crate) fn counts(changes: &Changes) -> Counts {
    let mut counts = Counts::default();
    for change in changes.values() {
        match change.kind {
            Kind::Created => counts.created += 1,
            Kind::Updated => counts.updated += 1,
            Kind::Deactivated => counts.deactivated += 1,
            Kind::Reactivated => counts.reactivated += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use provisioning::Value;

    use super::*;

    fn account(is_active: bool, title: &str) -> Account {
        let values = [("jobTitle".to_owned(), Value::Text(title.into()))];
        Account {
            is_active,
            values: values.into(),
        }
    }

    fn team<const N: usize>(accounts: [(&str, Account); N]) -> Team {
        accounts.map(|(id, account)| (id.to_owned(), account)).into()
    }

    #[test]
    fn changes_that_were_not_made_and_changes_nobody_asked_for_are_said() {
        let before = team([("1", account(true, "Chef")), ("2", account(true, "Clerk"))]);
        let after = team([
            ("1", account(true, "Cook")),
            ("2", account(false, "Clerk")),
            ("3", account(true, "Baker")),
        ]);
        let expected = between(&before, &after);
        assert_eq!(
            counts(&expected),
            Counts {
                created: 1,
                updated: 1,
                deactivated: 1,
                reactivated: 0
            }
        );
        let recorded = between(&after, &before);
        let said = [
            "the run should have updated the account of person 1 (jobTitle)",
            "the run should have deactivated the account of person 2",
            "the run should have created the account of person 3",
        ];
        assert_eq!(unmet(&expected, &Changes::new()), said);
        assert_eq!(unmet(&Changes::new(), &recorded).len(), 2);
        assert_eq!(unmet(&expected, &expected), Vec::<String>::new());
    }

    #[test]
    fn what_hibob_says_of_a_person_asks_for_one_kind_of_change() {
        let before = team([
            ("0000000000000000002", account(true, "")),
            ("0000000000000000003", account(false, "")),
        ]);
        let person = |id: &str| id.parse::<EmployeeId>().unwrap();
        let day = Day {
            announced: vec![person("1")],
            left: vec![person("2"), person("3")],
            rehired: vec![person("3"), person("4")],
            ..Day::default()
        };
        let left_only = said(
            &Day {
                rehired: Vec::new(),
                ..day.clone()
            },
            &before,
        );
        assert_eq!(left_only.into_values().collect::<Vec<_>>(), [Kind::Deactivated]);
        let back = said(
            &Day {
                left: Vec::new(),
                ..day
            },
            &before,
        );
        assert_eq!(
            back.into_values().collect::<Vec<_>>(),
            [Kind::Reactivated, Kind::Created]
        );
    }
}
