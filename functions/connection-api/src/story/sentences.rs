//! A story in plain words.

use provisioning::story::{EmailState, ExplainedScope, ExplainedStanding, ScopeVerdict};
use provisioning::{DeactivationReason, Override};
use tenant_store::Connection;

use super::{AccountBody, HibobBody, OriginBody, RowKind, RowReason, RunOfPerson, Story};
use crate::people::StateBody;
use crate::words;

/// From what HiBob says today, over what the team has, to what will come of it.
pub(super) fn tell(story: &Story, connection: &Connection) -> Vec<String> {
    let zone = connection.night.time_zone();
    let mut sentences = Vec::new();
    match &story.hibob {
        None => sentences
            .push("HiBob could not be asked just now, so this is what we know without it.".to_owned()),
        Some(hibob) => {
            let at = words::moment(hibob.checked_at, zone);
            if hibob.found {
                sentences.push(format!("Found in HiBob on {at}."));
            } else {
                sentences.push(format!("HiBob did not show this person on {at}."));
            }
            sentences.extend(standing(hibob).map(str::to_owned));
            sentences.extend(hibob.scope.map(scope));
        }
    }
    match &story.account {
        Some(account) => {
            sentences.push(state(account, |at| words::moment(at, zone)));
            sentences.extend(decision(account).map(str::to_owned));
            sentences.extend(missing(account, connection.policy.missing_nights.into()));
        }
        None => sentences.extend(story.hibob.as_ref().and_then(without_account).map(str::to_owned)),
    }
    if let Some(hibob) = story.hibob.as_ref().filter(|_| story.account.is_some()) {
        sentences.extend(address(hibob).map(str::to_owned));
    }
    if let Some(since) = story.waiting_since {
        let held = story.runs.iter().find(|run| run.held);
        sentences.extend(held.map(|run| waiting(run, &words::moment(since, zone))));
    }
    let done = story.runs.iter().find(|run| !run.held);
    sentences.extend(done.map(|run| latest(run, &words::moment(run.at, zone))));
    if !story.is_complete {
        sentences.push(
            "There is too much to look through all of it, so something may be missing here.".to_owned(),
        );
    }
    sentences
}

fn standing(hibob: &HibobBody) -> Option<&'static str> {
    Some(match hibob.standing? {
        ExplainedStanding::Here => "Works for you, as HiBob has it.",
        ExplainedStanding::NotYet => "Starts later, as HiBob has it.",
        ExplainedStanding::Left => "Has left, as HiBob has it.",
        ExplainedStanding::Away => "Is on leave, and your settings keep people inactive meanwhile.",
        ExplainedStanding::Unclear => "HiBob does not show whether this person works for you.",
    })
}

fn scope(scope: ExplainedScope) -> String {
    match (scope.verdict, scope.rule) {
        (ScopeVerdict::In, _) => "In scope.".to_owned(),
        (ScopeVerdict::Out, Some(rule)) => format!("Out of scope, by your rule {}.", rule + 1),
        (ScopeVerdict::Out, None) => "Out of scope: none of your rules lets this person in.".to_owned(),
        (ScopeVerdict::Never, _) => "On your list of people who are never synced.".to_owned(),
        (ScopeVerdict::Unknown, Some(rule)) => {
            format!(
                "HiBob does not show the field of your rule {}, so the scope stays as it was.",
                rule + 1
            )
        }
        (ScopeVerdict::Unknown, None) => {
            "HiBob does not show a field that your rules need, so the scope stays as it was.".to_owned()
        }
    }
}

fn state(account: &AccountBody, moment: impl Fn(jiff::Timestamp) -> String) -> String {
    let since = account
        .deactivated_at
        .map_or_else(String::new, |at| format!(" since {}", moment(at)));
    match (account.state, account.deactivation_reason) {
        (StateBody::Active, _) => match account.origin {
            Some(OriginBody::Created) => "The account is active. The sync created it.".to_owned(),
            Some(OriginBody::Adopted) => {
                "The account is active. It was there before the sync, which keeps it now.".to_owned()
            }
            None => "The account is active. It is HiThrive's own; the sync does not change it.".to_owned(),
        },
        (StateBody::Inactive, None) => {
            "The account is inactive. Somebody deactivated it in HiThrive, so the sync leaves it so."
                .to_owned()
        }
        (StateBody::Inactive, Some(reason)) => {
            format!(
                "The sync has kept the account inactive{since}: {}.",
                because(reason)
            )
        }
    }
}

fn because(reason: DeactivationReason) -> &'static str {
    match reason {
        DeactivationReason::Left => "HiBob said that this person had left",
        DeactivationReason::Away => "this person was on leave",
        DeactivationReason::Missing => "HiBob had not shown this person for several nights",
        DeactivationReason::OutOfScope => "your rules left this person out",
        DeactivationReason::Disconnected => "HiBob was disconnected",
    }
}

fn decision(account: &AccountBody) -> Option<&'static str> {
    Some(match account.override_? {
        Override::Active => "HiThrive's list of included people keeps it active, whatever HiBob says.",
        Override::Inactive => "HiThrive's list of excluded people keeps it inactive, whatever HiBob says.",
    })
}

fn missing(account: &AccountBody, limit: u8) -> Option<String> {
    let is_counted = account.missing_nights > 0 && account.state == StateBody::Active;
    is_counted.then(|| {
        format!(
            "Missing in {} of {limit} nights; after that the account is deactivated.",
            account.missing_nights
        )
    })
}

/// What keeps somebody whom HiBob shows from having an account.
fn without_account(hibob: &HibobBody) -> Option<&'static str> {
    let is_wanted = hibob.scope.is_some_and(|scope| scope.verdict == ScopeVerdict::In);
    let is_here = hibob.standing == Some(ExplainedStanding::Here);
    Some(match hibob.email? {
        EmailState::Empty => {
            "There is no e-mail address in HiBob, so there is no account yet. It is created in the night after the \
             address is entered."
        }
        EmailState::Withheld => {
            "HiBob does not show the e-mail address, so there is no account yet. Grant the service user the Basic info \
             category."
        }
        EmailState::Malformed => {
            "What HiBob has for an e-mail address is none, so there is no account yet. It is created in the night after \
             the address is corrected."
        }
        EmailState::Usable if is_wanted && is_here => "There is no account yet. The next sync creates it.",
        EmailState::Usable => "There is no account, and none is to be created as things are.",
    })
}

/// What keeps an account's address from being renewed.
fn address(hibob: &HibobBody) -> Option<&'static str> {
    Some(match hibob.email? {
        EmailState::Usable => return None,
        EmailState::Empty | EmailState::Malformed => {
            "HiBob has no usable e-mail address for this person; the account keeps the one it has."
        }
        EmailState::Withheld => "HiBob does not show the e-mail address; the account keeps the one it has.",
    })
}

/// What a guard keeps from being done.
fn waiting(run: &RunOfPerson, since: &str) -> String {
    let what = match (run.kind, run.reason) {
        (RowKind::Deactivated, Some(RowReason::Deactivated(reason))) => {
            format!("Deactivating the account, because {},", because(reason))
        }
        (RowKind::Deactivated, _) => "Deactivating the account".to_owned(),
        (RowKind::Reactivated, _) => "Making the account active again".to_owned(),
        (RowKind::Created | RowKind::Updated | RowKind::Skipped, _) => "The new e-mail address".to_owned(),
    };
    format!("{what} waits since the sync of {since}, until somebody has looked at what is held.")
}

fn latest(run: &RunOfPerson, at: &str) -> String {
    match (run.kind, run.reason) {
        (RowKind::Created, _) => format!("The sync of {at} created the account."),
        (RowKind::Updated, _) if run.fields.is_empty() => format!("The sync of {at} updated the account."),
        (RowKind::Updated, _) => format!("The sync of {at} updated {}.", run.fields.join(", ")),
        (RowKind::Reactivated, _) => format!("The sync of {at} made the account active again."),
        (RowKind::Deactivated, Some(RowReason::Deactivated(reason))) => {
            format!("The sync of {at} deactivated the account: {}.", because(reason))
        }
        (RowKind::Skipped, Some(RowReason::Skipped(reason))) => {
            format!("The sync of {at} left this person out. {}", words::skip(reason))
        }
        (RowKind::Deactivated, _) => format!("The sync of {at} deactivated the account."),
        (RowKind::Skipped, _) => format!("The sync of {at} left this person out."),
    }
}

#[cfg(test)]
mod tests {
    use provisioning::{Policy, SkipReason};
    use tenant_store::Night;

    use super::*;

    fn connection() -> Connection {
        Connection {
            enabled: true,
            company_id: None,
            night: Night::new("Europe/London", Night::USUAL).unwrap(),
            contacts: Vec::new(),
            policy: Policy::default(),
        }
    }

    fn at(time: &str) -> jiff::Timestamp {
        format!("2026-11-24T{time}Z").parse().unwrap()
    }

    fn seen(email: EmailState) -> HibobBody {
        HibobBody {
            found: true,
            checked_at: at("02:04:00"),
            standing: Some(ExplainedStanding::Here),
            scope: Some(ExplainedScope {
                verdict: ScopeVerdict::In,
                rule: None,
            }),
            email: Some(email),
        }
    }

    fn story() -> Story {
        Story {
            employee: Some("77".parse().unwrap()),
            name: None,
            email: None,
            account: None,
            hibob: Some(seen(EmailState::Empty)),
            hibob_problem: None,
            runs: Vec::new(),
            waiting_since: None,
            is_complete: true,
            sentences: Vec::new(),
        }
    }

    fn account() -> AccountBody {
        AccountBody {
            id: "hibob-77".parse().unwrap(),
            state: StateBody::Active,
            override_: None,
            origin: Some(OriginBody::Created),
            deactivated_by: None,
            deactivation_reason: None,
            deactivated_at: None,
            missing_nights: 0,
            missing_on: None,
            out_of_scope: false,
            created_at: None,
            updated_at: None,
            last_run: None,
        }
    }

    #[test]
    fn somebody_without_an_address_waits_for_it() {
        let mut story = story();
        story.runs.push(RunOfPerson {
            run: at("03:30:00"),
            at: at("03:31:07"),
            kind: RowKind::Skipped,
            reason: Some(RowReason::Skipped(SkipReason::NoEmail)),
            held: false,
            fields: Vec::new(),
        });
        assert_eq!(
            tell(&story, &connection()),
            [
                "Found in HiBob on 24 November 2026, 02:04.",
                "Works for you, as HiBob has it.",
                "In scope.",
                "There is no e-mail address in HiBob, so there is no account yet. It is created in the night after the \
                 address is entered.",
                "The sync of 24 November 2026, 03:31 left this person out. There is no e-mail address in HiBob, so there \
                 is no account yet.",
            ]
        );
    }

    #[test]
    fn somebody_who_vanished_is_told_how_long_the_account_lasts() {
        let story = Story {
            account: Some(AccountBody {
                missing_nights: 2,
                ..account()
            }),
            hibob: Some(HibobBody {
                found: false,
                checked_at: at("02:04:00"),
                standing: None,
                scope: None,
                email: None,
            }),
            ..story()
        };
        assert_eq!(
            tell(&story, &connection()),
            [
                "HiBob did not show this person on 24 November 2026, 02:04.",
                "The account is active. The sync created it.",
                "Missing in 2 of 3 nights; after that the account is deactivated.",
            ]
        );
    }

    #[test]
    fn what_hibob_cannot_say_now_does_not_silence_the_rest() {
        let story = Story {
            account: Some(AccountBody {
                state: StateBody::Inactive,
                deactivated_by: Some("sync"),
                deactivation_reason: Some(DeactivationReason::Left),
                deactivated_at: Some(at("03:31:07")),
                override_: Some(Override::Inactive),
                ..account()
            }),
            hibob: None,
            hibob_problem: Some("hibob-unavailable"),
            ..story()
        };
        assert_eq!(
            tell(&story, &connection()),
            [
                "HiBob could not be asked just now, so this is what we know without it.",
                "The sync has kept the account inactive since 24 November 2026, 03:31: HiBob said that this person had \
                 left.",
                "HiThrive's list of excluded people keeps it inactive, whatever HiBob says.",
            ]
        );
    }

    #[test]
    fn what_a_guard_holds_is_told_with_its_reason_and_since_when() {
        let mut story = Story {
            account: Some(account()),
            hibob: Some(HibobBody {
                standing: Some(ExplainedStanding::Left),
                ..seen(EmailState::Usable)
            }),
            waiting_since: Some(at("03:30:00")),
            ..story()
        };
        story.runs.push(RunOfPerson {
            run: at("03:30:00"),
            at: at("03:31:07"),
            kind: RowKind::Deactivated,
            reason: Some(RowReason::Deactivated(DeactivationReason::Left)),
            held: true,
            fields: Vec::new(),
        });
        assert_eq!(
            tell(&story, &connection())[3..],
            [
                "The account is active. The sync created it.",
                "Deactivating the account, because HiBob said that this person had left, waits since the sync of \
                 24 November 2026, 03:30, until somebody has looked at what is held.",
            ]
        );
    }

    #[test]
    fn a_rule_is_named_by_its_place_in_the_list() {
        let mut hibob = seen(EmailState::Usable);
        hibob.scope = Some(ExplainedScope {
            verdict: ScopeVerdict::Out,
            rule: Some(0),
        });
        let story = Story {
            hibob: Some(hibob),
            ..story()
        };
        let told = tell(&story, &connection());
        assert_eq!(told[2], "Out of scope, by your rule 1.");
        assert_eq!(
            told[3],
            "There is no account, and none is to be created as things are."
        );
    }
}
