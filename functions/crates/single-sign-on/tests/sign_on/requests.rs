//! To which request an answer must be.

use single_sign_on::Refusal;
use stand_in_idp::{Answer, Sign};

use crate::world::*;

const OTHER: &str = "_another-request";

#[test]
fn an_answer_to_another_request_is_refused() {
    assert_eq!(refused(&answer().answering(OTHER)), Some(Refusal::OtherRequest));
}

#[test]
fn the_request_on_the_unsigned_response_alone_does_not_count() {
    let outer_only = Answer {
        in_response_to: None,
        ..answer()
    };
    assert_eq!(refused(&outer_only), Some(Refusal::NoRequest));
    let inner_of_another = Answer {
        in_response_to: Some(OTHER.to_owned()),
        ..answer()
    };
    assert_eq!(refused(&inner_of_another), Some(Refusal::OtherRequest));
}

#[test]
fn the_signed_request_and_the_response_must_agree() {
    let outer_of_another = Answer {
        response_in_response_to: Some(OTHER.to_owned()),
        ..answer()
    };
    assert_eq!(refused(&outer_of_another), Some(Refusal::OtherRequest));
    let inner_only = Answer {
        response_in_response_to: None,
        ..answer()
    };
    assert_eq!(refused(&inner_only), Some(Refusal::NoRequest));
}

#[test]
fn an_answer_to_nothing_is_no_answer_to_a_request() {
    for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
        assert_eq!(
            refused(&Answer {
                sign,
                ..unsolicited()
            }),
            Some(Refusal::NoRequest)
        );
    }
}

#[test]
fn unsolicited_is_accepted_where_that_is_expected_and_an_answer_is_not() {
    for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
        assert!(
            consumed_unsolicited(&Answer {
                sign,
                ..unsolicited()
            })
            .is_ok()
        );
    }
    assert_eq!(consumed_unsolicited(&answer()), Err(Refusal::UnknownRequest));
    let outer_only = Answer {
        in_response_to: None,
        ..answer()
    };
    assert_eq!(consumed_unsolicited(&outer_only), Err(Refusal::UnknownRequest));
    let inner_only = Answer {
        response_in_response_to: None,
        ..answer()
    };
    assert_eq!(consumed_unsolicited(&inner_only), Err(Refusal::UnknownRequest));
}
