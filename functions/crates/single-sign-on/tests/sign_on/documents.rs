//! Answers that are no proper XML, or more XML than an answer needs.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use single_sign_on::{Check, Refusal, answers_a_request};
use stand_in_idp::{Answer, Status};

use crate::world::*;

/// The good answer with something put in its place, after it was signed.
fn bent(before: &str, after: &str) -> Result<single_sign_on::Assertion, Refusal> {
    let xml = answer().xml(&SIGNER);
    let changed = xml.replacen(before, after, 1);
    assert_ne!(xml, changed, "nothing was bent");
    consumed_xml(&changed)
}

#[test]
fn a_comment_in_a_name_is_refused() {
    let name = "ada@acme.example";
    assert_eq!(
        bent(name, "ada@acme.example<!---->.evil.example"),
        Err(Refusal::ForbiddenXml)
    );
    assert_eq!(
        bent(name, "ada@acme<!-- x -->.example"),
        Err(Refusal::ForbiddenXml)
    );
    assert_eq!(
        bent("<samlp:Status>", "<!-- anywhere --><samlp:Status>"),
        Err(Refusal::ForbiddenXml)
    );
}

#[test]
fn character_data_and_processing_instructions_are_refused() {
    assert_eq!(
        bent("ada@acme.example", "<![CDATA[ada@acme.example]]>"),
        Err(Refusal::ForbiddenXml)
    );
    assert_eq!(
        bent("ada@acme.example", "ada@acme<?x?>.example"),
        Err(Refusal::ForbiddenXml)
    );
    assert_eq!(
        bent("<samlp:Response", "<?xml-stylesheet href=\"x\"?><samlp:Response"),
        Err(Refusal::ForbiddenXml)
    );
}

#[test]
fn document_types_and_entities_are_refused() {
    for (kind, name) in [
        ("<!DOCTYPE r>", "ada@acme.example"),
        ("<!DOCTYPE r [<!ENTITY e \"eve@acme.example\">]>", "&e;"),
        ("<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "&e;"),
        (
            "<!DOCTYPE r SYSTEM \"http://evil.example/x.dtd\">",
            "ada@acme.example",
        ),
        (
            "<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://evil.example/\"> %p;]>",
            "ada@acme.example",
        ),
        (
            "<!DOCTYPE r [<!ATTLIST Assertion ID ID #IMPLIED>]>",
            "ada@acme.example",
        ),
        (
            "<!DOCTYPE r [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
            "&b;",
        ),
        ("", "&undefined;"),
    ] {
        let xml = format!(
            "{kind}{}",
            answer().xml(&SIGNER).replace("ada@acme.example", name)
        );
        assert_eq!(consumed_xml(&xml), Err(Refusal::ForbiddenXml), "{kind} {name}");
    }
}

#[test]
fn an_oversized_answer_is_refused_before_it_is_read() {
    let padded = |length: usize| format!("{}{}", answer().xml(&SIGNER), " ".repeat(length));
    assert!(consumed_xml(&padded(100 * 1024)).is_ok());
    assert_eq!(consumed_xml(&padded(192 * 1024)), Err(Refusal::TooLarge));
    let posted = "A".repeat(10 * 1024 * 1024);
    assert_eq!(
        consumed_at(&provider_with(&[&SIGNER]), &posted, now()),
        Err(Refusal::TooLarge)
    );
}

#[test]
fn a_deeply_nested_answer_is_refused() {
    for depth in [33, 10_000] {
        let nested = format!("{}{}<samlp:Status>", "<a>".repeat(depth), "</a>".repeat(depth));
        assert_eq!(bent("<samlp:Status>", &nested), Err(Refusal::TooDeep), "{depth}");
    }
}

#[test]
fn an_answer_of_too_many_elements_is_refused() {
    let with = |elements: usize| {
        let many = "<a/>".repeat(elements);
        bent("<samlp:Status>", &format!("<x>{many}</x><samlp:Status>"))
    };
    assert_eq!(with(2000), Err(Refusal::TooLarge));
    assert_ne!(with(1900), Err(Refusal::TooLarge));
}

#[test]
fn an_element_with_too_many_attributes_is_refused() {
    let mut attributes = String::new();
    for number in 0..5000 {
        write!(attributes, " a{number}=\"\"").unwrap();
    }
    assert_eq!(
        bent("<samlp:Status>", &format!("<samlp:Status{attributes}>")),
        Err(Refusal::TooDeep)
    );
    let prefixes = attributes.replace(" a", " xmlns:a").replace("\"\"", "\"urn:a\"");
    assert!(bent("<samlp:Status>", &format!("<samlp:Status{prefixes}>")).is_err());
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for (before, after) in [
        ("</samlp:Response>", ""),
        ("</samlp:Response>", "</samlp:Response><samlp:Response/>"),
        ("</samlp:Response>", "</samlp:Response>tail"),
        ("</saml:Subject>", "</saml:subject>"),
        ("Version=\"2.0\"", "Version=\"2.0\" Version=\"2.0\""),
        ("Version=\"2.0\"", "Version=2.0"),
        ("Version=\"2.0\"", "Version=\"2.0\" a=\"<\""),
        ("<samlp:Status>", "<samlp:Status><undeclared:x/>"),
        ("<samlp:Status>", "<samlp:Status><a:b:c xmlns:a=\"x\"/>"),
        ("<samlp:Status>", "<samlp:Status><1/>"),
        ("<samlp:Response", "head<samlp:Response"),
        (
            "<samlp:Response",
            "<?xml version=\"1.0\" encoding=\"UTF-7\"?><samlp:Response",
        ),
        ("<samlp:Response", "<?xml version=\"1.1\"?><samlp:Response"),
        ("ada@acme.example", "ada@acme\u{1}.example"),
        ("ada@acme.example", "ada@acme&#0;.example"),
        ("ada@acme.example", "ada@acme&#x1;.example"),
        ("ada@acme.example", "ada@acme&.example"),
    ] {
        assert_eq!(bent(before, after), Err(Refusal::NotXml), "{after}");
    }
    assert_eq!(consumed_xml(""), Err(Refusal::NotXml));
}

#[test]
fn what_is_no_response_is_refused() {
    for (before, after) in [
        (
            "urn:oasis:names:tc:SAML:2.0:protocol",
            "urn:oasis:names:tc:SAML:1.0:protocol",
        ),
        (" Version=\"2.0\"", " Version=\"1.1\""),
    ] {
        assert_eq!(bent(before, after), Err(Refusal::NotAResponse), "{after}");
    }
    let request =
        "<p:AuthnRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" Version=\"2.0\" ID=\"_1\"/>";
    assert_eq!(consumed_xml(request), Err(Refusal::NotAResponse));
    let posted_request = answer()
        .xml(&SIGNER)
        .replace("samlp:Response", "samlp:LogoutResponse");
    assert_eq!(consumed_xml(&posted_request), Err(Refusal::NotAResponse));
}

#[test]
fn what_is_not_base64_of_text_is_refused() {
    for posted in ["%%%", "AAAAA", "\u{e4}", &STANDARD.encode([0xff, 0xfe, b'<'])] {
        assert_eq!(
            consumed_at(&provider_with(&[&SIGNER]), posted, now()),
            Err(Refusal::NotBase64),
            "{posted}"
        );
    }
}

#[test]
fn an_encrypted_assertion_or_name_is_refused_with_a_word_of_its_own() {
    let xml = answer().xml(&SIGNER);
    let (start, end) = (
        xml.find("<saml:Assertion").unwrap(),
        xml.find("</saml:Assertion>").unwrap() + 17,
    );
    let encrypted = "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
    let xml = format!("{}{encrypted}{}", &xml[..start], &xml[end..]);
    assert_eq!(consumed_xml(&xml), Err(Refusal::Encrypted));
    assert_eq!(
        bent("<saml:Subject>", "<saml:Subject><saml:EncryptedID/>"),
        Err(Refusal::Encrypted)
    );
    assert_eq!(Refusal::Encrypted.check(), Check::Readable);
}

#[test]
fn an_answer_that_reports_a_failure_is_refused_as_that() {
    for status in [Status::AuthenticationFailed, Status::RequestDenied] {
        assert_eq!(
            refused(&Answer { status, ..answer() }),
            Some(Refusal::StatusNotSuccess)
        );
    }
    assert_eq!(
        bent("status:Success", "status:Requester"),
        Err(Refusal::StatusNotSuccess)
    );
}

#[test]
fn whether_an_answer_names_a_request_can_be_told_without_believing_it() {
    assert!(answers_a_request(&answer().post(&STRANGER)));
    assert!(!answers_a_request(&unsolicited().post(&STRANGER)));
    assert!(!answers_a_request("not base64"));
}
