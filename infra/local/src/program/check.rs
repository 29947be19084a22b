//! Whether a night left everything as it should be, and what differs if not.

use std::collections::{BTreeMap, BTreeSet};

use embedded_aws::SentMail;
use stand_in_hibob::Day;
use tenant_store::{AttentionCause, RunStatus};

use crate::program::changes::{Changes, between, counts, recorded, said, unlike_said, unmet};
use crate::program::companies::Plight;
use crate::program::expect::View;
use crate::program::rows::Team;
use crate::program::stage::Run;

/// Everything that is not as it should be, each in a sentence. `day` is what the stand-in says happened since the last night.
pub(crate) fn check(
    run: &Run,
    plight: Plight,
    view: View<'_>,
    day: Option<&Day>,
    mails: &[SentMail],
) -> Vec<String> {
    if run.record.hold.is_some() {
        return vec!["a part of the plan waits for a person, so the team is not yet as in HiBob".to_owned()];
    }
    let expected = view.team_after(&run.before);
    let recorded = recorded(&run.rows);
    let mut differences = accounts(&expected, &run.after);
    differences.extend(unmet(&between(&run.before, &expected), &recorded));
    if let (Plight::Healthy, Some(day)) = (plight, day) {
        differences.extend(unlike_said(&said(day, &run.before), &recorded));
    }
    differences.extend(record(run, plight, view, &recorded));
    let is_new = run.attention.is_some() && !run.needed_attention;
    if mails.len() != usize::from(is_new) {
        differences.push(format!(
            "{} e-mails were sent, {} expected",
            mails.len(),
            u8::from(is_new)
        ));
    }
    differences
}

/// Whether the run's own report says what it should.
fn record(run: &Run, plight: Plight, view: View<'_>, recorded: &Changes) -> Vec<String> {
    let mut differences = Vec::new();
    let mut expect = |is_so: bool, text: String| {
        if !is_so {
            differences.push(text);
        }
    };
    let record = &run.record;
    let cause = run.attention.as_ref().map(|attention| attention.cause);
    let (status, needs) = match plight {
        Plight::Healthy | Plight::PermissionLost => (RunStatus::Applied, None),
        Plight::TokenRevoked if !view.user.is_revoked => (RunStatus::Applied, None),
        Plight::TokenRevoked => (RunStatus::NeedsAttention, Some(AttentionCause::TokenRefused)),
    };
    expect(
        record.status == status,
        format!("the run ended as {:?}, expected {status:?}", record.status),
    );
    expect(
        cause == needs,
        format!("the connection needs attention for {cause:?}, expected {needs:?}"),
    );
    expect(
        record.applied == counts(recorded),
        "the run's counts are not those of the changes it recorded".to_owned(),
    );
    expect(
        record.applied == record.planned,
        "the run has not applied what it planned".to_owned(),
    );
    if status == RunStatus::Applied {
        let shown = record
            .findings
            .withheld
            .iter()
            .map(|withheld| withheld.field.as_str());
        let expected = view.withheld();
        let is_same = shown.collect::<BTreeSet<_>>() == expected.iter().map(String::as_str).collect();
        expect(
            is_same,
            format!(
                "fields reported as withheld are not the {} that are",
                expected.len()
            ),
        );
        expect(
            record.findings.unreadable.is_empty(),
            "values could not be read".to_owned(),
        );
        expect(
            record.findings.missing == 0,
            "people are reported as missing".to_owned(),
        );
    }
    differences
}

fn accounts(expected: &Team, actual: &Team) -> Vec<String> {
    let mut differences = Vec::new();
    for (id, expected) in expected {
        let Some(actual) = actual.get(id) else {
            differences.push(format!("person {id} has no account"));
            continue;
        };
        if expected.is_active != actual.is_active {
            let should = if expected.is_active { "active" } else { "inactive" };
            differences.push(format!("the account of person {id} should be {should}"));
        }
        // What an account that is not used says does not matter.
        if expected.is_active {
            let fields = differing(&expected.values, &actual.values);
            differences.extend(
                fields
                    .iter()
                    .map(|field| format!("the account of person {id} has another {field}")),
            );
        }
    }
    let extra = actual.keys().filter(|id| !expected.contains_key(*id));
    differences.extend(extra.map(|id| format!("person {id} should have no account")));
    differences
}

/// The keys whose values are not the same on both sides.
pub(crate) fn differing<V: PartialEq>(
    before: &BTreeMap<String, V>,
    after: &BTreeMap<String, V>,
) -> BTreeSet<String> {
    let fields = before.keys().chain(after.keys());
    fields
        .filter(|field| before.get(*field) != after.get(*field))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use provisioning::Value;

    use super::*;
    use crate::program::rows::Account;

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
    fn equal_teams_do_not_differ_and_an_unused_account_may_say_anything() {
        let expected = team([("1", account(true, "Chef")), ("2", account(false, "Clerk"))]);
        let actual = team([("1", account(true, "Chef")), ("2", account(false, "Lawyer"))]);
        assert_eq!(accounts(&expected, &actual), Vec::<String>::new());
    }

    #[test]
    fn each_way_an_account_can_be_wrong_is_said() {
        let expected = team([
            ("1", account(true, "Chef")),
            ("2", account(false, "Clerk")),
            ("3", account(true, "Baker")),
        ]);
        let actual = team([
            ("1", account(true, "Cook")),
            ("2", account(true, "Clerk")),
            ("4", account(true, "Spy")),
        ]);
        let said = [
            "the account of person 1 has another jobTitle",
            "the account of person 2 should be inactive",
            "person 3 has no account",
            "person 4 should have no account",
        ];
        assert_eq!(accounts(&expected, &actual), said);
    }
}
