//! By whom, with what, and when an answer must be signed.

use jiff::SignedDuration;
use single_sign_on::{IdentityProvider, Refusal};
use stand_in_idp::{Algorithm, Answer, Sign, Signer};

use crate::world::*;

/// What becomes of a good answer that one key signs while others are pinned.
fn signed_by(signer: &Signer, pinned: &[&Signer]) -> Option<Refusal> {
    consumed_at(&provider_with(pinned), &answer().post(signer), now()).err()
}

/// The answer without the certificate that its signature carries: whose it is, only the key can tell.
fn without_key_info(xml: &str) -> String {
    let (start, end) = (
        xml.find("<ds:KeyInfo>").unwrap(),
        xml.find("</ds:KeyInfo>").unwrap(),
    );
    format!("{}{}", &xml[..start], &xml[end + "</ds:KeyInfo>".len()..])
}

#[test]
fn an_answer_that_is_not_signed_is_refused() {
    assert_eq!(
        refused(&Answer {
            sign: Sign::Nothing,
            ..answer()
        }),
        Some(Refusal::Unsigned)
    );
}

#[test]
fn an_answer_that_another_key_signed_is_refused() {
    for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
        let xml = Answer { sign, ..answer() }.xml(&STRANGER);
        assert_eq!(consumed_xml(&xml), Err(Refusal::BadSignature), "{sign:?}");
    }
    assert_eq!(
        consumed_xml(&without_key_info(&answer().xml(&STRANGER))),
        Err(Refusal::BadSignature)
    );
}

#[test]
fn the_certificate_that_an_answer_carries_is_not_believed() {
    let (ours, theirs) = (SIGNER.certificate_base64(), STRANGER.certificate_base64());
    let xml = answer().xml(&STRANGER).replace(&theirs, &ours);
    assert_eq!(consumed_xml(&xml), Err(Refusal::BadSignature));
    assert!(consumed_xml(&without_key_info(&answer().xml(&SIGNER))).is_ok());
}

#[test]
fn an_answer_that_was_changed_after_it_was_signed_is_refused() {
    for sign in [Sign::Assertion, Sign::Response, Sign::Both] {
        let xml = Answer { sign, ..answer() }.xml(&SIGNER);
        for (before, after) in [
            ("ada@acme.example", "eve@acme.example"),
            ("PasswordProtectedTransport", "X509"),
            (
                "</saml:Conditions>",
                "<saml:OneTimeUse></saml:OneTimeUse></saml:Conditions>",
            ),
        ] {
            let changed = xml.replacen(before, after, 1);
            assert_eq!(
                consumed_xml(&changed),
                Err(Refusal::BadSignature),
                "{sign:?} {after}"
            );
        }
    }
}

#[test]
fn a_signature_whose_value_was_changed_is_refused() {
    let xml = answer().xml(&SIGNER);
    let at = xml.find("<ds:SignatureValue>").unwrap() + "<ds:SignatureValue>".len();
    let other = if xml.as_bytes()[at] == b'A' { "B" } else { "A" };
    let changed = format!("{}{other}{}", &xml[..at], &xml[at + 1..]);
    assert_eq!(consumed_xml(&changed), Err(Refusal::BadSignature));
}

#[test]
fn sha_1_is_refused_for_the_signature_and_for_the_digest() {
    let signature = Answer {
        algorithm: Algorithm::Sha1,
        ..answer()
    };
    let digest = Answer {
        digest: Algorithm::Sha1,
        ..answer()
    };
    assert_eq!(refused(&signature), Some(Refusal::WeakAlgorithm));
    assert_eq!(refused(&digest), Some(Refusal::WeakAlgorithm));
}

#[test]
fn a_signature_with_a_shared_secret_is_refused() {
    let xml = answer().xml(&SIGNER).replace(
        "2001/04/xmldsig-more#rsa-sha256",
        "2001/04/xmldsig-more#hmac-sha256",
    );
    assert_eq!(consumed_xml(&xml), Err(Refusal::WeakAlgorithm));
}

#[test]
fn while_a_key_is_rolled_both_are_good_and_a_third_is_not() {
    let pinned: [&Signer; 2] = [&SIGNER, &NEXT];
    assert_eq!(signed_by(&SIGNER, &pinned), None);
    assert_eq!(signed_by(&NEXT, &pinned), None);
    assert_eq!(signed_by(&STRANGER, &pinned), Some(Refusal::BadSignature));
    assert_eq!(signed_by(&SIGNER, &[&NEXT]), Some(Refusal::BadSignature));
}

#[test]
fn a_response_and_an_assertion_may_be_signed_with_the_two_keys_of_a_roll() {
    let inner = answer().xml(&SIGNER);
    let outer = Answer {
        sign: Sign::Response,
        ..answer()
    }
    .xml(&NEXT);
    let pinned = provider_with(&[&SIGNER, &NEXT]);
    for xml in [inner, outer] {
        let posted = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, xml);
        assert!(consumed_at(&pinned, &posted, now()).is_ok());
    }
}

#[test]
fn an_expired_certificate_no_longer_verifies_and_says_so() {
    let expired =
        Signer::with_validity(at("2020-01-01T00:00:00Z"), now() - SignedDuration::from_secs(1)).unwrap();
    let coming =
        Signer::with_validity(now() + SignedDuration::from_hours(1), at("2030-01-01T00:00:00Z")).unwrap();
    for lapsed in [&expired, &coming] {
        assert_eq!(signed_by(lapsed, &[lapsed]), Some(Refusal::CertificateExpired));
        assert_eq!(
            signed_by(lapsed, &[&SIGNER, lapsed]),
            Some(Refusal::CertificateExpired)
        );
        assert_eq!(signed_by(&SIGNER, &[lapsed, &SIGNER]), None);
        assert_eq!(signed_by(&STRANGER, &[lapsed]), Some(Refusal::BadSignature));
    }
}

#[test]
fn an_expired_certificate_cannot_be_pinned_by_hand() {
    let expired =
        Signer::with_validity(at("2020-01-01T00:00:00Z"), now() - SignedDuration::from_secs(1)).unwrap();
    let faults =
        IdentityProvider::from_values(ISSUER, SIGN_ON_URL, &[expired.certificate_pem()], now()).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].field(), "certificates");
}
