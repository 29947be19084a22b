//! Which certificates can be pinned, and what is told of them.

use jiff::SignedDuration;
use single_sign_on::{Certificate, InvalidCertificate, InvalidKey, SigningKey};
use stand_in_idp::Signer;

use crate::world::*;

pub(crate) const RSA_1024: &str = include_str!("certificates/rsa_1024.pem");
pub(crate) const P_256: &str = include_str!("certificates/p_256.pem");

#[test]
fn pem_and_base64_with_any_line_breaks_are_one_certificate() {
    let (pem, base64) = (SIGNER.certificate_pem(), SIGNER.certificate_base64());
    let certificate: Certificate = pem.parse().unwrap();
    let broken = base64
        .as_bytes()
        .chunks(60)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect::<Vec<_>>();
    for text in [
        base64.clone(),
        format!("\r\n  {pem}\n"),
        broken.join("\r\n\t "),
        pem.replace('\n', "\r\n"),
    ] {
        assert_eq!(text.parse(), Ok(certificate.clone()));
    }
    let stored = serde_json::to_value(&certificate).unwrap();
    assert_eq!(stored, base64);
    assert_eq!(
        serde_json::from_value::<Certificate>(stored).unwrap(),
        certificate
    );
}

#[test]
fn a_certificate_tells_its_fingerprint_its_subject_and_its_dates() {
    let (from, until) = (at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    let signer = Signer::with_validity(from, until).unwrap();
    let certificate: Certificate = signer.certificate_pem().parse().unwrap();
    assert_eq!(certificate.subject(), "CN=Stand-in identity provider");
    assert_eq!((certificate.not_before(), certificate.not_after()), (from, until));
    assert!(certificate.is_valid_at(from) && certificate.is_valid_at(until));
    assert!(!certificate.is_valid_at(until + SignedDuration::from_secs(1)));
    let fingerprint = certificate.fingerprint();
    assert_eq!(fingerprint.split(':').filter(|pair| pair.len() == 2).count(), 32);
    assert_eq!(fingerprint.to_uppercase(), fingerprint);
}

#[test]
fn what_is_no_certificate_of_a_strong_rsa_key_is_refused() {
    let pem = SIGNER.certificate_pem();
    let key = SIGNER.private_key_pem();
    let base64 = SIGNER.certificate_base64();
    for (text, why) in [
        (RSA_1024, InvalidCertificate::WeakKey),
        (P_256, InvalidCertificate::NotRsa),
        ("", InvalidCertificate::Unreadable),
        ("certificate", InvalidCertificate::Unreadable),
        (&key, InvalidCertificate::Unreadable),
        (&pem.repeat(2), InvalidCertificate::Unreadable),
        (&base64[4..], InvalidCertificate::Unreadable),
        (&base64[..400], InvalidCertificate::Unreadable),
        (&format!("{base64}AAAA"), InvalidCertificate::Unreadable),
        (&"A".repeat(1 << 20), InvalidCertificate::Unreadable),
    ] {
        assert_eq!(
            text.parse::<Certificate>(),
            Err(why),
            "{}",
            &text[..text.len().min(80)]
        );
    }
}

#[test]
fn a_signing_key_and_its_certificate_must_belong_together() {
    let key = SIGNER.private_key_pem();
    assert!(SigningKey::from_pem(&key.clone().into(), &SIGNER.certificate_pem()).is_ok());
    let refused =
        |key: &str, certificate: &str| SigningKey::from_pem(&key.to_owned().into(), certificate).unwrap_err();
    assert_eq!(refused(&key, &NEXT.certificate_pem()), InvalidKey::NotAPair);
    assert_eq!(refused("", &SIGNER.certificate_pem()), InvalidKey::PrivateKey);
    assert_eq!(
        refused(&SIGNER.certificate_pem(), &SIGNER.certificate_pem()),
        InvalidKey::PrivateKey
    );
    assert_eq!(
        refused(&key, RSA_1024),
        InvalidKey::Certificate(InvalidCertificate::WeakKey)
    );
}

#[test]
fn nothing_shows_a_signing_key() {
    let key = SigningKey::from_pem(&SIGNER.private_key_pem().into(), &SIGNER.certificate_pem()).unwrap();
    assert_eq!(format!("{key:?}"), "SigningKey { .. }");
}
