//! From whom and for whom an answer must be.

use single_sign_on::{Expected, Refusal};
use stand_in_idp::{Answer, Sign};

use crate::world::*;

const ELSEWHERE: &str = "https://other.example/sso/acs/acme";

#[test]
fn another_issuer_is_refused_on_the_assertion_and_on_the_response() {
    let other = "http://www.provider.example/another";
    assert_eq!(
        refused(&Answer {
            issuer: other.to_owned(),
            ..answer()
        }),
        Some(Refusal::OtherIssuer)
    );
    let response = Answer {
        response_issuer: Some(other.to_owned()),
        ..answer()
    };
    assert_eq!(refused(&response), Some(Refusal::OtherIssuer));
}

#[test]
fn another_audience_or_none_is_refused() {
    for audience in [Some(ELSEWHERE.to_owned()), Some(String::new()), None] {
        assert_eq!(
            refused(&Answer { audience, ..answer() }),
            Some(Refusal::OtherAudience)
        );
    }
}

#[test]
fn another_recipient_or_none_is_refused() {
    for recipient in [
        Some(ELSEWHERE.to_owned()),
        Some(format!("{}/", service().acs_url(&tenant()))),
        None,
    ] {
        assert_eq!(
            refused(&Answer {
                recipient,
                ..answer()
            }),
            Some(Refusal::OtherRecipient)
        );
    }
}

#[test]
fn another_destination_is_refused_and_none_is_if_the_response_is_signed() {
    let other = Answer {
        destination: Some(ELSEWHERE.to_owned()),
        ..answer()
    };
    assert_eq!(refused(&other), Some(Refusal::OtherDestination));
    assert_eq!(
        refused(&Answer {
            sign: Sign::Response,
            ..other
        }),
        Some(Refusal::OtherDestination)
    );
    let none = Answer {
        destination: None,
        sign: Sign::Response,
        ..answer()
    };
    assert_eq!(refused(&none), Some(Refusal::OtherDestination));
}

#[test]
fn an_answer_for_one_tenant_is_refused_by_another() {
    let (request_id, relay) = (request_id(), relay());
    let expected = Expected::AnswerTo {
        request_id: &request_id,
        relay: &relay,
    };
    let other = "other".parse().unwrap();
    let taken = service().consume(
        &other,
        &provider_with(&[&SIGNER]),
        &answer().post(&SIGNER),
        expected,
        now(),
    );
    assert_eq!(taken, Err(Refusal::OtherDestination));
}

#[test]
fn every_restriction_of_the_audience_must_name_us() {
    let with = |audience: &str| Answer {
        more_conditions: format!(
            "<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
        ),
        ..answer()
    };
    let ours = answer().audience.unwrap();
    assert_eq!(refused(&with(&ours)), None);
    assert_eq!(refused(&with(ELSEWHERE)), Some(Refusal::OtherAudience));
}

#[test]
fn a_condition_that_nobody_here_knows_is_not_met() {
    let once = |condition: &str| Answer {
        more_conditions: condition.to_owned(),
        ..answer()
    };
    assert_eq!(refused(&once("<saml:OneTimeUse></saml:OneTimeUse>")), None);
    let strange = once("<x:OnMondays xmlns:x=\"urn:x\"></x:OnMondays>");
    assert_eq!(refused(&strange), Some(Refusal::UnmetCondition));
}
