//! The sentences that admins read, for people who do not know how any of this works.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use provisioning::{Counts, HoldReason, Refusal, SkipReason};
use tenant_store::{AttentionCause, RunRecord, RunStatus};

/// What ended a run that was not over when another began.
pub(crate) const OVERTAKEN: &str = "overtaken";
/// What a run's record says when the worker did not ask HiBob.
const TOO_MANY_REFUSALS: &str = "tooManyRefusals";

/// An instant as a clock in the tenant's time zone shows it.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    local.strftime("%-d %B %Y, %H:%M").to_string()
}

pub(crate) fn attention(cause: AttentionCause) -> &'static str {
    match cause {
        AttentionCause::TokenRefused => {
            "HiBob no longer accepts the service user's token. Create a new token in HiBob and enter it here."
        }
        AttentionCause::AccessDenied => {
            "HiBob does not let the service user see your people. Check its permission group in HiBob."
        }
        AttentionCause::TokenMissing => "The service user's token is missing. Enter it again.",
        AttentionCause::OtherCompany => {
            "The token belongs to another company's HiBob. Enter one of your own company."
        }
        AttentionCause::MappingUnusable => {
            "The field mapping can no longer be used. Open it and save it again."
        }
    }
}

/// How a run went.
pub(crate) fn run(record: &RunRecord) -> String {
    match record.status {
        RunStatus::Running => "This sync is under way.".to_owned(),
        RunStatus::HandedBack => "HiBob could not answer yet. This sync goes on by itself.".to_owned(),
        RunStatus::Applied => format!("{}{}", done(&record.applied), left_out(record)),
        RunStatus::Held => {
            let held = total(&record.held);
            let reason = record.hold.as_ref().map_or("somebody should look at them", hold);
            format!(
                "{} {} {} for you, because {reason}.{}",
                done(&record.applied),
                people(held, "change"),
                if held == 1 { "waits" } else { "wait" },
                left_out(record)
            )
        }
        RunStatus::Refused => {
            let reason = record
                .refusal
                .as_ref()
                .map_or("HiBob's answer was not complete", refusal);
            format!("Nothing was changed, because {reason}.")
        }
        RunStatus::NeedsAttention => "Nothing was changed, because the connection needs somebody.".to_owned(),
        RunStatus::WaitingForMapping => "Nothing was read, because no fields were mapped yet.".to_owned(),
        RunStatus::Failed if record.failure.as_deref() == Some(OVERTAKEN) => {
            "Another sync began before this one was over, and made up for what it left undone.".to_owned()
        }
        RunStatus::Failed if record.failure.as_deref() == Some(TOO_MANY_REFUSALS) => {
            "HiBob was not asked, because it has refused the service user too often of late. Check the ID and the token."
                .to_owned()
        }
        RunStatus::Failed => {
            "This sync ended early. The next one makes up for what it left undone.".to_owned()
        }
    }
}

fn done(counts: &Counts) -> String {
    let parts: Vec<String> = [
        (counts.created, "added"),
        (counts.updated, "updated"),
        (counts.deactivated, "deactivated"),
        (counts.reactivated, "active again"),
    ]
    .into_iter()
    .filter(|&(count, _)| count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if parts.is_empty() {
        "Nothing had to be changed.".to_owned()
    } else {
        format!("People: {}.", parts.join(", "))
    }
}

fn left_out(record: &RunRecord) -> String {
    let problems = record
        .findings
        .skips
        .iter()
        .filter(|(reason, _)| reason.is_problem());
    match problems.map(|(_, count)| count).sum() {
        0 => String::new(),
        1 => " 1 person was left out.".to_owned(),
        many => format!(" {many} people were left out."),
    }
}

fn total(counts: &Counts) -> u32 {
    counts.created + counts.updated + counts.deactivated + counts.reactivated
}

fn people(count: u32, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

fn hold(reason: &HoldReason) -> &'static str {
    match reason {
        HoldReason::TooManyRemovals { .. } => "unusually many people would be deactivated in one night",
        HoldReason::TooManyRemovalsInAWeek { .. } => {
            "unusually many people would be deactivated within a week"
        }
        HoldReason::MappingChanged { .. } => {
            "the field mapping was changed and nobody has seen yet whom that removes"
        }
    }
}

fn refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::EmptyAnswer => "HiBob showed nobody at all",
        Refusal::AnswerTooSmall { .. } => "HiBob showed far fewer people than before",
        Refusal::LifecycleWithheld { .. } => {
            "HiBob does not show who works for you. Grant the Lifecycle category"
        }
        Refusal::ScopeWithheld { .. } => "HiBob does not show the fields that decide who belongs to the team",
    }
}

/// Why a person was left out.
pub(crate) fn skip(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::MissingId => "HiBob's record has no usable ID.",
        SkipReason::DuplicateId => "HiBob showed two records with the same ID.",
        SkipReason::NoEmail => "There is no e-mail address in HiBob, so there is no account yet.",
        SkipReason::MalformedEmail => {
            "What HiBob has for an e-mail address is none, so there is no account yet."
        }
        SkipReason::DuplicateEmail => "Two active people in HiBob have the same e-mail address.",
        SkipReason::EmailTaken => "The e-mail address belongs to somebody else's account.",
        SkipReason::ScopeUnknown => {
            "HiBob does not show the fields that decide who belongs to the team, so there is no account yet."
        }
        SkipReason::LifecycleUnclear => {
            "HiBob does not show whether this person works for you, so there is no account yet."
        }
        SkipReason::ChangedMeanwhile => {
            "The account was changed at the same moment. The next sync catches up."
        }
        SkipReason::Overridden => "HiThrive's own list of people decides about this account.",
        SkipReason::DeactivatedElsewhere => {
            "Somebody deactivated this account in HiThrive, so the sync leaves it so."
        }
        SkipReason::OutOfScope => "Your rules leave this person out.",
        SkipReason::NotYet => "This person starts later.",
        SkipReason::NeverHere => "This person has left, or is away, and never had an account.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(status: RunStatus) -> RunRecord {
        let at = Timestamp::UNIX_EPOCH;
        let mut record = RunRecord::begun(at, tenant_store::Trigger::Night, 1, at);
        record.status = status;
        record
    }

    #[test]
    fn a_quiet_night_says_so() {
        assert_eq!(run(&record(RunStatus::Applied)), "Nothing had to be changed.");
    }

    #[test]
    fn a_night_is_told_in_one_breath() {
        let mut record = record(RunStatus::Held);
        record.applied = Counts {
            created: 3,
            updated: 12,
            ..Counts::default()
        };
        record.held = Counts {
            deactivated: 26,
            ..Counts::default()
        };
        record.hold = Some(HoldReason::TooManyRemovals {
            planned: 26,
            limit: 25,
        });
        record.findings.skips.insert(SkipReason::NoEmail, 1);
        record.findings.skips.insert(SkipReason::OutOfScope, 40);
        assert_eq!(
            run(&record),
            "People: 3 added, 12 updated. 26 changes wait for you, because unusually many people would be deactivated in \
             one night. 1 person was left out."
        );
    }

    #[test]
    fn an_instant_is_told_in_the_tenants_time_zone() {
        let at = "2026-11-24T22:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Kolkata").unwrap();
        assert_eq!(moment(at, &zone), "25 November 2026, 03:30");
    }
}
