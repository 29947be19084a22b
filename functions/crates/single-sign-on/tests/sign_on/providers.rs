//! Metadata as the makers of identity providers write it, and values given by hand.

use jiff::SignedDuration;
use single_sign_on::{IdentityProvider, InvalidAddress, InvalidCertificate, ProviderFault, SsoSettings};
use stand_in_idp::Signer;

use crate::certificates::{P_256, RSA_1024};
use crate::world::*;

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

fn read(xml: &str) -> Result<IdentityProvider, ProviderFault> {
    IdentityProvider::from_metadata(xml, now())
}

fn base64_of(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn key(usage: &str, certificate: &str) -> String {
    format!(
        "<md:KeyDescriptor{usage}><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

/// Metadata in the style of Okta, with these keys.
fn okta(keys: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><md:EntityDescriptor entityID=\"{ISSUER}\" xmlns:md=\"{METADATA}\">\
         <md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" protocolSupportEnumeration=\"{PROTOCOL}\">{keys}\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\
         <md:SingleSignOnService Binding=\"{POST}\" Location=\"{SIGN_ON_URL}/post\"/>\
         <md:SingleSignOnService Binding=\"{REDIRECT}\" Location=\"{SIGN_ON_URL}\"/>\
         </md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

fn plain() -> String {
    okta(&key(" use=\"signing\"", &SIGNER.certificate_base64()))
}

fn fingerprints(signers: &[&Signer]) -> Vec<String> {
    signers
        .iter()
        .map(|signer| {
            signer
                .certificate_pem()
                .parse::<single_sign_on::Certificate>()
                .unwrap()
                .fingerprint()
        })
        .collect()
}

fn fingerprints_of(provider: &IdentityProvider) -> Vec<String> {
    provider
        .certificates()
        .iter()
        .map(single_sign_on::Certificate::fingerprint)
        .collect()
}

#[test]
fn metadata_as_okta_writes_it_is_read() {
    let provider = read(&plain()).unwrap();
    assert_eq!(provider.entity_id(), ISSUER);
    assert_eq!(provider.sign_on_url(), SIGN_ON_URL);
    assert_eq!(fingerprints_of(&provider), fingerprints(&[&SIGNER]));
}

#[test]
fn metadata_as_entra_writes_it_is_read() {
    let certificate = SIGNER.certificate_base64();
    let sign_on = "https://login.microsoftonline.com/2f0a0f3c-0000-4000-8000-5c1d2b7f7a11/saml2";
    let key = format!(
        "<KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data>\
         <X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
    );
    // A byte order mark, a signature of its own, and roles of another protocol before ours.
    let xml = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EntityDescriptor ID=\"_5f3b6d2e\" \
         entityID=\"https://sts.windows.net/2f0a0f3c-0000-4000-8000-5c1d2b7f7a11/\" xmlns=\"{METADATA}\">\
         <Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/><KeyInfo><X509Data><X509Certificate>\
         {certificate}</X509Certificate></X509Data></KeyInfo></Signature>\
         <RoleDescriptor xsi:type=\"fed:SecurityTokenServiceType\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:fed=\"http://docs.oasis-open.org/wsfed/federation/200706\" \
         protocolSupportEnumeration=\"http://docs.oasis-open.org/wsfed/federation/200706\">{key}\
         <fed:ClaimTypesOffered><auth:ClaimType Uri=\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name\" \
         xmlns:auth=\"http://docs.oasis-open.org/wsfed/authorization/200706\"><auth:DisplayName>Name</auth:DisplayName>\
         </auth:ClaimType></fed:ClaimTypesOffered></RoleDescriptor>\
         <IDPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\">{key}{key}\
         <SingleLogoutService Binding=\"{REDIRECT}\" Location=\"{sign_on}\" />\
         <SingleSignOnService Binding=\"{REDIRECT}\" Location=\"{sign_on}\" />\
         <SingleSignOnService Binding=\"{POST}\" Location=\"{sign_on}\" /></IDPSSODescriptor></EntityDescriptor>"
    );
    let provider = read(&xml).unwrap();
    assert_eq!(
        provider.entity_id(),
        "https://sts.windows.net/2f0a0f3c-0000-4000-8000-5c1d2b7f7a11/"
    );
    assert_eq!(provider.sign_on_url(), sign_on);
    assert_eq!(provider.certificates().len(), 1);
}

#[test]
fn metadata_as_google_writes_it_is_read() {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<md:EntityDescriptor xmlns:md=\"{METADATA}\" \
         entityID=\"https://accounts.google.com/o/saml2?idpid=C01abc23d\" validUntil=\"2031-05-04T12:00:00.000Z\">\n  \
         <md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" protocolSupportEnumeration=\"{PROTOCOL}\">\n{}\n\
         <md:SingleSignOnService Binding=\"{REDIRECT}\" Location=\"https://accounts.google.com/o/saml2/idp?idpid=C01abc23d\"/>\
         </md:IDPSSODescriptor></md:EntityDescriptor>",
        key(
            " use=\"signing\"",
            &SIGNER
                .certificate_pem()
                .lines()
                .filter(|l| !l.contains("---"))
                .collect::<Vec<_>>()
                .join("\n")
        ),
    );
    let provider = read(&xml).unwrap();
    assert_eq!(
        provider.entity_id(),
        "https://accounts.google.com/o/saml2?idpid=C01abc23d"
    );
    assert_eq!(
        provider.sign_on_url(),
        "https://accounts.google.com/o/saml2/idp?idpid=C01abc23d"
    );
}

#[test]
fn metadata_as_onelogin_writes_it_is_read() {
    let xml = format!(
        "<?xml version=\"1.0\"?><EntityDescriptor xmlns=\"{METADATA}\" xmlns:md=\"{METADATA}\" \
         entityID=\"https://app.onelogin.com/saml/metadata/0f6a2c11\"><!-- made by hand -->\
         <IDPSSODescriptor xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" protocolSupportEnumeration=\"{PROTOCOL}\">{}\
         <SingleSignOnService Binding=\"{REDIRECT}\" Location=\"https://acme.onelogin.com/trust/saml2/http-redirect/sso/1\"/>\
         </IDPSSODescriptor><ContactPerson contactType=\"technical\"><SurName>Support</SurName></ContactPerson>\
         </EntityDescriptor>",
        key("", &SIGNER.certificate_base64()),
    );
    assert_eq!(
        read(&xml).unwrap().entity_id(),
        "https://app.onelogin.com/saml/metadata/0f6a2c11"
    );
}

#[test]
fn of_several_entities_the_one_identity_provider_is_taken() {
    let entity = plain();
    let entity = &entity[entity.find("<md:EntityDescriptor").unwrap()..];
    let service = format!(
        "<md:EntityDescriptor entityID=\"sp\"><md:SPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\"/></md:EntityDescriptor>"
    );
    let several = |entities: &str| {
        format!("<md:EntitiesDescriptor xmlns:md=\"{METADATA}\">{entities}</md:EntitiesDescriptor>")
    };
    assert_eq!(read(&several(&format!("{service}{entity}"))), read(&plain()));
    assert_eq!(
        read(&several(&entity.repeat(2))),
        Err(ProviderFault::SeveralIdentityProviders)
    );
    assert_eq!(read(&several(&service)), Err(ProviderFault::NoIdentityProvider));
}

#[test]
fn of_the_signing_certificates_those_that_are_not_expired_are_pinned() {
    let valid = |from: &str, until: &str| Signer::with_validity(at(from), at(until)).unwrap();
    let expired = valid("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
    let old = valid("2024-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    let newer = valid("2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    let coming = valid("2026-12-01T00:00:00Z", "2030-01-01T00:00:00Z");
    let signing = |signer: &Signer| key(" use=\"signing\"", &signer.certificate_base64());
    let keys: String = [&old, &expired, &newer, &old].into_iter().map(signing).collect();
    let encryption = key(" use=\"encryption\"", &SIGNER.certificate_base64());
    let curve = key(" use=\"signing\"", &base64_of(P_256));
    let provider = read(&okta(&format!("{encryption}{curve}{keys}"))).unwrap();
    assert_eq!(fingerprints_of(&provider), fingerprints(&[&newer, &old]));
    assert_eq!(
        read(&okta(&format!("{keys}{}", signing(&coming)))),
        Err(ProviderFault::TooManyCertificates)
    );
    let provider = read(&okta(&format!("{}{}", signing(&coming), signing(&old)))).unwrap();
    assert_eq!(fingerprints_of(&provider), fingerprints(&[&old, &coming]));
    assert_eq!(
        read(&okta(&signing(&expired))),
        Err(ProviderFault::CertificateExpired)
    );
    assert_eq!(read(&okta(&encryption)), Err(ProviderFault::NoCertificate));
    assert_eq!(
        read(&okta(&curve)),
        Err(ProviderFault::Certificate(InvalidCertificate::NotRsa))
    );
    let weak = key(" use=\"signing\"", &base64_of(RSA_1024));
    assert_eq!(
        read(&okta(&weak)),
        Err(ProviderFault::Certificate(InvalidCertificate::WeakKey))
    );
    let nonsense = key("", "nonsense");
    assert_eq!(
        read(&okta(&nonsense)),
        Err(ProviderFault::Certificate(InvalidCertificate::Unreadable))
    );
}

#[test]
fn metadata_that_cannot_be_used_says_why() {
    use ProviderFault::*;
    let padding = " ".repeat(256 * 1024);
    let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
    for (before, after, why) in [
        (REDIRECT, POST, NoRedirectBinding),
        ("https://acme", "http://acme", SignOnUrl(InvalidAddress::NotHttps)),
        (
            SIGN_ON_URL,
            "javascript:alert(1)",
            SignOnUrl(InvalidAddress::NotAUrl),
        ),
        (
            SIGN_ON_URL,
            "https://u:p@acme.provider.example/",
            SignOnUrl(InvalidAddress::MoreThanAnAddress),
        ),
        (ISSUER, "", EntityId),
        (ISSUER, "two words", EntityId),
        (
            PROTOCOL,
            "urn:oasis:names:tc:SAML:1.1:protocol",
            NoIdentityProvider,
        ),
        (METADATA, "urn:example", NotMetadata),
        (
            "<md:EntityDescriptor",
            "<!DOCTYPE x><md:EntityDescriptor",
            MetadataNotXml,
        ),
        (
            "<md:EntityDescriptor",
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///x\">]><md:EntityDescriptor",
            MetadataNotXml,
        ),
        (
            "<md:EntityDescriptor",
            "<?x?><md:EntityDescriptor",
            MetadataNotXml,
        ),
        ("</md:EntityDescriptor>", "", MetadataNotXml),
        (
            "<md:NameIDFormat>",
            &format!("{deep}<md:NameIDFormat>"),
            MetadataNotXml,
        ),
        (
            "<md:NameIDFormat>",
            &format!("{padding}<md:NameIDFormat>"),
            MetadataTooLarge,
        ),
    ] {
        let xml = plain();
        let changed = xml.replace(before, after);
        assert_ne!(xml, changed);
        assert_eq!(read(&changed), Err(why), "{}", &after[..after.len().min(80)]);
    }
    assert_eq!(read("no XML at all"), Err(MetadataNotXml));
    assert_eq!(read("<html></html>"), Err(NotMetadata));
}

#[test]
fn values_by_hand_are_checked_together() {
    let good = [SIGNER.certificate_pem()];
    assert!(IdentityProvider::from_values(ISSUER, SIGN_ON_URL, &good, now()).is_ok());
    assert!(IdentityProvider::from_values(ISSUER, "http://127.0.0.1:8081/sso", &good, now()).is_ok());
    let faults =
        IdentityProvider::from_values("", "http://acme.example", &[RSA_1024.to_owned()], now()).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(ProviderFault::field).collect();
    assert_eq!(fields, ["entityId", "signOnUrl", "certificates"]);
    for certificates in [
        vec![],
        vec![
            good[0].clone(),
            NEXT.certificate_pem(),
            STRANGER.certificate_pem(),
        ],
    ] {
        assert!(IdentityProvider::from_values(ISSUER, SIGN_ON_URL, &certificates, now()).is_err());
    }
}

#[test]
fn what_is_stored_reads_back_and_is_checked_again() {
    let settings = SsoSettings {
        provider: Some(provider_with(&[&SIGNER, &NEXT])),
        enabled: true,
        ..SsoSettings::default()
    };
    let stored = serde_json::to_value(&settings).unwrap();
    assert_eq!(
        serde_json::from_value::<SsoSettings>(stored.clone()).unwrap(),
        settings
    );
    assert_eq!(stored["provider"]["signOnUrl"], SIGN_ON_URL);
    assert_eq!(
        serde_json::from_str::<SsoSettings>("{}").unwrap(),
        SsoSettings::default()
    );
    let mut bent = stored;
    bent["provider"]["signOnUrl"] = "http://evil.example".into();
    assert!(serde_json::from_value::<IdentityProvider>(bent["provider"].clone()).is_err());
    for provider in [bent["provider"].clone(), "nonsense".into()] {
        bent["provider"] = provider;
        let read: SsoSettings = serde_json::from_value(bent.clone()).unwrap();
        let without = SsoSettings {
            provider: None,
            ..settings.clone()
        };
        assert_eq!(read, without);
    }
}

#[test]
fn the_present_certificate_stays_beside_a_new_one_until_the_provider_has_changed_over() {
    let of = |signers: &[&Signer]| provider_with(signers);
    let expired = Signer::with_validity(at("2024-01-01T00:00:00Z"), at("2026-11-01T00:00:00Z")).unwrap();
    for (present, new, kept) in [
        (of(&[&SIGNER]), of(&[&NEXT]), &[&*SIGNER, &*NEXT][..]),
        (of(&[&SIGNER]), of(&[&NEXT, &SIGNER]), &[&*NEXT, &*SIGNER]),
        (of(&[&SIGNER]), of(&[&SIGNER]), &[&*SIGNER]),
        (of(&[&expired, &SIGNER]), of(&[&NEXT]), &[&*SIGNER, &*NEXT]),
        (of(&[&expired]), of(&[&NEXT]), &[&*NEXT]),
    ] {
        let provider = new.keeping(&present, now()).unwrap();
        assert_eq!(fingerprints_of(&provider), fingerprints(kept));
    }
    assert_eq!(
        of(&[&STRANGER]).keeping(&of(&[&SIGNER, &NEXT]), now()),
        Err(ProviderFault::TooManyKept)
    );
    let other = IdentityProvider::from_values("other", SIGN_ON_URL, &[NEXT.certificate_pem()], now());
    assert_eq!(
        other.unwrap().keeping(&of(&[&SIGNER]), now()),
        Err(ProviderFault::OtherProvider)
    );
}

#[test]
fn an_expired_certificate_that_is_stored_still_reads() {
    let until = now() - SignedDuration::from_hours(1);
    let signer = Signer::with_validity(at("2024-01-01T00:00:00Z"), until).unwrap();
    let stored = serde_json::to_value(provider_with(&[&signer])).unwrap();
    assert!(serde_json::from_value::<IdentityProvider>(stored).is_ok());
}
