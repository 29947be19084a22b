//! Our own side: addresses, metadata and requests.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use single_sign_on::{IdentityProvider, Portal, ServiceProvider, SetupError, SigningKey, Url};
use x509_cert::der::Decode;

use crate::world::*;

fn with_key() -> ServiceProvider {
    let key = SigningKey::from_pem(&NEXT.private_key_pem().into(), &NEXT.certificate_pem()).unwrap();
    ServiceProvider::new("https://hibob.hithrive.example", Some(key)).unwrap()
}

/// The value of a query parameter.
fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// The request that a redirect carries.
fn request(url: &Url) -> String {
    let deflated = STANDARD.decode(parameter(url, "SAMLRequest").unwrap()).unwrap();
    let mut xml = String::new();
    DeflateDecoder::new(deflated.as_slice())
        .read_to_string(&mut xml)
        .unwrap();
    xml
}

#[test]
fn everything_of_a_tenant_stands_below_the_base() {
    let service = service();
    assert_eq!(
        service.entity_id(&tenant()),
        "https://hibob.hithrive.example/sso/metadata/acme"
    );
    assert_eq!(
        service.acs_url(&tenant()),
        "https://hibob.hithrive.example/sso/acs/acme"
    );
    assert_eq!(
        service.start_url(&tenant(), Portal::Admin),
        "https://hibob.hithrive.example/sso/start/acme/admin"
    );
    assert_eq!(
        service.test_url(&tenant()),
        "https://hibob.hithrive.example/sso/test/acme"
    );
    for bad in [
        "http://hibob.hithrive.example",
        "https://hibob.hithrive.example/",
        "https://a?b",
        "hibob",
    ] {
        assert!(ServiceProvider::new(bad, None).is_err(), "{bad}");
    }
}

#[test]
fn a_request_asks_the_provider_to_post_to_us_and_to_name_the_person_by_e_mail() {
    let started = service()
        .start(&tenant(), &provider_with(&[&SIGNER]), false, &relay())
        .unwrap();
    let url: Url = started.redirect.parse().unwrap();
    assert!(started.redirect.starts_with(&format!("{SIGN_ON_URL}?")));
    assert_eq!(parameter(&url, "RelayState").as_deref(), Some(relay().as_str()));
    assert_eq!(parameter(&url, "Signature"), None);
    let xml = request(&url);
    for part in [
        &format!("ID=\"{}\"", started.request_id),
        &format!("Destination=\"{SIGN_ON_URL}\""),
        "AssertionConsumerServiceURL=\"https://hibob.hithrive.example/sso/acs/acme\"",
        "ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"",
        ">https://hibob.hithrive.example/sso/metadata/acme</saml:Issuer>",
        "Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
}

#[test]
fn no_two_requests_have_one_id() {
    let provider = provider_with(&[&SIGNER]);
    let id = || {
        service()
            .start(&tenant(), &provider, false, &relay())
            .unwrap()
            .request_id
    };
    assert_ne!(id(), id());
}

#[test]
fn a_sign_on_address_with_a_query_keeps_it() {
    let address = "https://accounts.provider.example/o/saml2/idp?idpid=C01abc23d";
    let provider =
        IdentityProvider::from_values(ISSUER, address, &[SIGNER.certificate_pem()], now()).unwrap();
    for sign in [false, true] {
        let url: Url = with_key()
            .start(&tenant(), &provider, sign, &relay())
            .unwrap()
            .redirect
            .parse()
            .unwrap();
        assert_eq!(parameter(&url, "idpid").as_deref(), Some("C01abc23d"));
        assert!(request(&url).contains("idpid=C01abc23d"));
    }
}

#[test]
fn a_signed_request_verifies_with_our_certificate() {
    let one_without_a_query = format!("{SIGN_ON_URL}?");
    for address in [SIGN_ON_URL, &one_without_a_query, &format!("{SIGN_ON_URL}?a=b")] {
        let provider =
            IdentityProvider::from_values(ISSUER, address, &[SIGNER.certificate_pem()], now()).unwrap();
        let started = with_key().start(&tenant(), &provider, true, &relay());
        assert_verifies(&started.unwrap().redirect.parse().unwrap());
    }
}

#[test]
fn a_sign_on_address_that_ends_in_a_question_mark_is_asked_properly() {
    let address = format!("{SIGN_ON_URL}?");
    let provider =
        IdentityProvider::from_values(ISSUER, &address, &[SIGNER.certificate_pem()], now()).unwrap();
    let started = service().start(&tenant(), &provider, false, &relay()).unwrap();
    assert!(
        started
            .redirect
            .starts_with(&format!("{SIGN_ON_URL}?SAMLRequest="))
    );
}

fn assert_verifies(url: &Url) {
    let (signed, _) = url.query().unwrap().split_once("&Signature=").unwrap();
    assert_eq!(
        parameter(url, "SigAlg").as_deref(),
        Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
    );
    let signed = &signed[signed.find("SAMLRequest=").unwrap()..];
    let signature = STANDARD.decode(parameter(url, "Signature").unwrap()).unwrap();
    let certificate = STANDARD.decode(NEXT.certificate_base64()).unwrap();
    let certificate = x509_cert::Certificate::from_der(&certificate).unwrap();
    let key = certificate
        .tbs_certificate
        .subject_public_key_info
        .subject_public_key;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.raw_bytes())
        .verify(signed.as_bytes(), &signature)
        .unwrap();
}

#[test]
fn without_a_key_nothing_is_signed() {
    let refused = service().start(&tenant(), &provider_with(&[&SIGNER]), true, &relay());
    assert!(matches!(refused, Err(SetupError::NoKey)));
    assert!(matches!(
        service().metadata(&tenant(), true),
        Err(SetupError::NoKey)
    ));
}

#[test]
fn our_metadata_names_what_a_provider_needs() {
    let xml = with_key().metadata(&tenant(), true).unwrap();
    for part in [
        "entityID=\"https://hibob.hithrive.example/sso/metadata/acme\"",
        "Location=\"https://hibob.hithrive.example/sso/acs/acme\"",
        "Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"",
        "AuthnRequestsSigned=\"true\"",
        "WantAssertionsSigned=\"true\"",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        &NEXT.certificate_base64(),
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    let unsigned = service().metadata(&tenant(), false).unwrap();
    assert!(unsigned.contains("AuthnRequestsSigned=\"false\"") && !unsigned.contains("X509Certificate"));
}
