//! What is accepted, and what it amounts to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stand_in_idp::{Algorithm, Answer, Sign};

use crate::world::*;

#[test]
fn a_signed_assertion_a_signed_response_and_both_are_accepted() {
    for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
        let assertion = consumed(&Answer { sign, ..answer() }).unwrap();
        assert_eq!(assertion.email.as_str(), "ada@acme.example", "{sign:?}");
    }
}

#[test]
fn every_length_of_sha_2_is_accepted() {
    for algorithm in [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512] {
        let bent = Answer {
            algorithm,
            digest: algorithm,
            ..answer()
        };
        assert_eq!(refused(&bent), None, "{algorithm:?}");
    }
}

#[test]
fn the_same_assertion_has_the_same_key_and_another_has_another() {
    let first = answer();
    let key = consumed(&first).unwrap().key;
    assert_eq!(key.as_str().len(), 64);
    assert_eq!(consumed(&first).unwrap().key, key);
    assert_ne!(consumed(&answer()).unwrap().key, key);
}

#[test]
fn a_response_without_an_issuer_or_a_destination_is_accepted_if_the_assertion_is_signed() {
    assert_eq!(
        refused(&Answer {
            response_issuer: None,
            ..answer()
        }),
        None
    );
    assert_eq!(
        refused(&Answer {
            destination: None,
            ..answer()
        }),
        None
    );
}

#[test]
fn base64_may_be_broken_into_lines() {
    let posted = STANDARD.encode(answer().xml(&SIGNER));
    let lines: Vec<&str> = posted
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    assert!(consumed_at(&provider_with(&[&SIGNER]), &lines.join("\r\n"), now()).is_ok());
}

#[test]
fn an_xml_declaration_is_no_obstacle() {
    let declared = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
        answer().xml(&SIGNER)
    );
    assert!(consumed_xml(&declared).is_ok());
}
