//! When an answer is good.

use jiff::{SignedDuration, Timestamp};
use single_sign_on::{Assertion, Refusal};
use stand_in_idp::Answer;

use crate::world::*;

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

fn consumed_when(answer: &Answer, now: Timestamp) -> Result<Assertion, Refusal> {
    consumed_at(&provider_with(&[&SIGNER]), &answer.post(&SIGNER), now)
}

#[test]
fn an_answer_is_good_until_its_end_and_a_minute_for_the_clocks() {
    let good_until = now() + minutes(6);
    assert_eq!(consumed(&answer()).unwrap().good_until, good_until);
    assert!(consumed_when(&answer(), good_until - seconds(1)).is_ok());
    assert_eq!(consumed_when(&answer(), good_until), Err(Refusal::Expired));
}

#[test]
fn the_earlier_end_counts() {
    let conditions = Answer {
        not_on_or_after: Some(now() + minutes(2)),
        ..answer()
    };
    let confirmation = Answer {
        deliver_before: Some(now() + minutes(2)),
        ..answer()
    };
    for bent in [conditions, confirmation] {
        assert_eq!(consumed(&bent).unwrap().good_until, now() + minutes(3));
        assert_eq!(consumed_when(&bent, now() + minutes(3)), Err(Refusal::Expired));
    }
}

#[test]
fn an_end_in_the_conditions_is_not_needed_but_one_in_the_confirmation_is() {
    assert_eq!(
        refused(&Answer {
            not_on_or_after: None,
            ..answer()
        }),
        None
    );
    assert_eq!(
        refused(&Answer {
            deliver_before: None,
            ..answer()
        }),
        Some(Refusal::NoTimes)
    );
}

#[test]
fn an_answer_is_taken_for_ten_minutes_however_long_it_says_that_it_is_good() {
    let long = Some(now() + minutes(60 * 24 * 365));
    let bent = Answer {
        not_on_or_after: long,
        deliver_before: long,
        ..answer()
    };
    assert_eq!(consumed(&bent).unwrap().good_until, now() + minutes(11));
    assert!(consumed_when(&bent, now() + minutes(10)).is_ok());
    assert_eq!(consumed_when(&bent, now() + minutes(11)), Err(Refusal::Expired));
}

#[test]
fn an_answer_is_not_good_before_its_beginning_but_for_a_minute_for_the_clocks() {
    for (ahead, expected) in [(60, None), (61, Some(Refusal::NotYetValid))] {
        let beginning = Answer {
            not_before: Some(now() + seconds(ahead)),
            ..answer()
        };
        assert_eq!(refused(&beginning), expected, "not before {ahead} s");
        let issued = Answer {
            issued_at: now() + seconds(ahead),
            ..answer()
        };
        assert_eq!(refused(&issued), expected, "issued in {ahead} s");
    }
    assert_eq!(
        refused(&Answer {
            not_before: None,
            ..answer()
        }),
        None
    );
}

#[test]
fn an_old_answer_is_refused() {
    let long_ago = at("2026-11-23T09:00:00Z");
    let service = service();
    let (entity_id, acs_url) = (service.entity_id(&tenant()), service.acs_url(&tenant()));
    let old = Answer::to(&entity_id, &acs_url, ISSUER, "ada@acme.example", long_ago)
        .answering(request_id().as_str());
    assert_eq!(refused(&old), Some(Refusal::Expired));
}

#[test]
fn instants_that_cannot_be_read_are_refused_before_the_library_reads_them() {
    let xml = answer().xml(&SIGNER);
    for instant in [
        "",
        "soon",
        "2026-11-2TT09:00:00Z",
        "2026-11-24T0T:00:00Z",
        "2026-11-24T09:00:00",
        "2026-13-24T09:00:00Z",
    ] {
        let at = xml.find("IssueInstant=\"").unwrap() + "IssueInstant=\"".len();
        let end = at + xml[at..].find('"').unwrap();
        let bent = format!("{}{instant}{}", &xml[..at], &xml[end..]);
        assert_eq!(consumed_xml(&bent), Err(Refusal::NotAResponse), "{instant}");
    }
}

#[test]
fn a_session_that_has_ended_at_the_provider_signs_nobody_in() {
    let ending = |at| Answer {
        session_ends_at: Some(at),
        ..answer()
    };
    assert_eq!(refused(&ending(now() + minutes(60))), None);
    assert_eq!(
        refused(&ending(now() - minutes(5))),
        Some(Refusal::UnmetCondition)
    );
}
