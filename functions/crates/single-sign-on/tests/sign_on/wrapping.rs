//! Signature wrapping: what was signed is still there, and something else is to be read.

use single_sign_on::Refusal;
use stand_in_idp::{Answer, Sign};

use crate::world::*;

const EVIL: &str = "eve@acme.example";

/// An answer cut into pieces.
struct Pieces {
    /// The whole.
    response: String,
    /// Its assertion, with the signature if that is what is signed.
    assertion: String,
    /// The one signature.
    signature: String,
}

impl Pieces {
    fn of(sign: Sign) -> Self {
        let response = Answer { sign, ..answer() }.xml(&SIGNER);
        Self {
            assertion: element(&response, "saml:Assertion"),
            signature: element(&response, "ds:Signature"),
            response,
        }
    }

    /// The assertion without its signature.
    fn bare_assertion(&self) -> String {
        self.assertion.replace(&self.signature, "")
    }

    /// An assertion that nobody signed: about somebody else, with another id.
    fn evil_assertion(&self) -> String {
        evil(&self.bare_assertion())
    }

    /// The answer with something else where the assertion was.
    fn with_assertion(&self, other: &str) -> String {
        self.response.replace(&self.assertion, other)
    }

    /// The signature with something in an `Object`.
    fn signature_around(&self, object: &str) -> String {
        let (start, end) = self
            .signature
            .split_at(self.signature.len() - "</ds:Signature>".len());
        format!("{start}<ds:Object>{object}</ds:Object>{end}")
    }
}

/// The element from its first tag to its first end tag.
fn element(xml: &str, name: &str) -> String {
    let start = xml.find(&format!("<{name} ")).unwrap();
    let end = format!("</{name}>");
    xml[start..start + xml[start..].find(&end).unwrap() + end.len()].to_owned()
}

/// The same about somebody else, under other ids.
fn evil(xml: &str) -> String {
    xml.replace("ada@acme.example", EVIL)
        .replace(" ID=\"_", " ID=\"_evil")
}

fn into_end_of(element: &str, child: &str) -> String {
    let end = element.rfind("</").unwrap();
    format!("{}{child}{}", &element[..end], &element[end..])
}

#[track_caller]
fn is_wrapped(xml: &str) {
    assert!(
        xml.contains(EVIL) && xml.contains("ada@acme.example"),
        "not an attack"
    );
    assert_eq!(consumed_xml(xml), Err(Refusal::Wrapped));
}

#[test]
fn xsw_1_the_signed_response_in_the_signature_of_another() {
    let pieces = Pieces::of(Sign::Response);
    let original = pieces.response.replace(&pieces.signature, "");
    let other = evil(&original);
    is_wrapped(&into_end_of(&other, &pieces.signature_around(&original)));
}

#[test]
fn xsw_2_the_signed_response_beside_its_signature_in_another() {
    let pieces = Pieces::of(Sign::Response);
    let original = pieces.response.replace(&pieces.signature, "");
    let other = evil(&original);
    is_wrapped(&into_end_of(&other, &format!("{original}{}", pieces.signature)));
}

#[test]
fn xsw_3_another_assertion_before_the_signed_one() {
    let pieces = Pieces::of(Sign::Assertion);
    is_wrapped(&pieces.with_assertion(&format!("{}{}", pieces.evil_assertion(), pieces.assertion)));
}

#[test]
fn xsw_4_the_signed_assertion_in_another() {
    let pieces = Pieces::of(Sign::Assertion);
    is_wrapped(&pieces.with_assertion(&into_end_of(&pieces.evil_assertion(), &pieces.assertion)));
}

#[test]
fn xsw_5_the_signature_in_another_assertion_and_the_signed_one_at_the_end() {
    let pieces = Pieces::of(Sign::Assertion);
    let other = into_end_of(&pieces.evil_assertion(), &pieces.signature);
    is_wrapped(&pieces.with_assertion(&format!("{other}{}", pieces.bare_assertion())));
}

#[test]
fn xsw_6_the_signed_assertion_in_the_signature_of_another() {
    let pieces = Pieces::of(Sign::Assertion);
    let start = pieces.signature.find('>').unwrap() + 1;
    let around = format!(
        "{}{}{}",
        &pieces.signature[..start],
        pieces.bare_assertion(),
        &pieces.signature[start..]
    );
    is_wrapped(&pieces.with_assertion(&into_end_of(&pieces.evil_assertion(), &around)));
}

#[test]
fn xsw_7_another_assertion_among_the_extensions() {
    let pieces = Pieces::of(Sign::Assertion);
    let extensions = format!("<samlp:Extensions>{}</samlp:Extensions>", pieces.evil_assertion());
    is_wrapped(&pieces.with_assertion(&format!("{extensions}{}", pieces.assertion)));
}

#[test]
fn xsw_8_the_signed_assertion_as_an_object_of_the_signature_of_another() {
    let pieces = Pieces::of(Sign::Assertion);
    let around = pieces.signature_around(&pieces.bare_assertion());
    is_wrapped(&pieces.with_assertion(&into_end_of(&pieces.evil_assertion(), &around)));
}

#[test]
fn another_assertion_with_the_id_of_the_signed_one_is_refused() {
    let pieces = Pieces::of(Sign::Assertion);
    let twin = pieces.bare_assertion().replace("ada@acme.example", EVIL);
    is_wrapped(&pieces.with_assertion(&format!("{twin}{}", pieces.assertion)));
}

#[test]
fn an_element_of_another_namespace_is_no_hiding_place() {
    let pieces = Pieces::of(Sign::Assertion);
    for foreign in [
        pieces
            .evil_assertion()
            .replace("urn:oasis:names:tc:SAML:2.0:assertion", "urn:example"),
        format!("<x:Assertion xmlns:x=\"urn:example\">{EVIL}</x:Assertion>"),
        format!("<x:NameID xmlns:x=\"urn:example\">{EVIL}</x:NameID>"),
        format!("<Subject>{EVIL}</Subject>"),
    ] {
        is_wrapped(&pieces.with_assertion(&format!("{foreign}{}", pieces.assertion)));
        is_wrapped(&pieces.with_assertion(&format!("{}{foreign}", pieces.assertion)));
    }
}

#[test]
fn a_second_signature_or_a_second_use_of_an_id_is_refused() {
    let pieces = Pieces::of(Sign::Response);
    let twice = pieces
        .response
        .replace(&pieces.signature, &pieces.signature.repeat(2));
    assert_eq!(consumed_xml(&twice), Err(Refusal::Wrapped));
    for attribute in ["ID", "Id", "id", "AssertionID"] {
        let xml = answer().xml(&SIGNER);
        let id_of_assertion = element(&xml, "saml:Assertion");
        let id_of_assertion = id_of_assertion
            .split("ID=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let other =
            format!("<samlp:Extensions {attribute}=\"{id_of_assertion}\"></samlp:Extensions><samlp:Status>");
        let xml = xml.replacen("<samlp:Status>", &other, 1);
        assert_eq!(consumed_xml(&xml), Err(Refusal::Wrapped), "{attribute}");
    }
}

#[test]
fn an_attribute_under_a_prefix_does_not_stand_for_the_plain_one() {
    for twin in ["xmlns:ID=\"_other\"", "xmlns:x=\"urn:x\" x:ID=\"_other\""] {
        let xml = answer()
            .xml(&SIGNER)
            .replacen("<samlp:Response ", &format!("<samlp:Response {twin} "), 1);
        assert_eq!(consumed_xml(&xml), Err(Refusal::NotXml), "{twin}");
    }
}

#[test]
fn a_signature_is_over_the_element_that_it_stands_in() {
    let (assertion, response) = (Pieces::of(Sign::Assertion), Pieces::of(Sign::Response));
    let moved = assertion.response.replace(&assertion.signature, "");
    let moved = moved.replacen(
        "<samlp:Status>",
        &format!("{}<samlp:Status>", assertion.signature),
        1,
    );
    assert_eq!(consumed_xml(&moved), Err(Refusal::Wrapped));
    let uri = response
        .signature
        .split("URI=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    for other in [
        "",
        "#",
        "#xpointer(/)",
        "#xpointer(id('_1'))",
        "cid:1",
        "evil.xml",
        "file:///etc/passwd",
        "https://evil.example",
    ] {
        let xml = response
            .response
            .replace(&format!("URI=\"{uri}\""), &format!("URI=\"{other}\""));
        assert_eq!(consumed_xml(&xml), Err(Refusal::Wrapped), "{other}");
    }
    let xml = response.response.replace(&format!(" URI=\"{uri}\""), "");
    assert_eq!(consumed_xml(&xml), Err(Refusal::Wrapped));
}

#[test]
fn a_signature_gets_no_instructions_but_those_that_saml_needs() {
    let xml = answer().xml(&SIGNER);
    let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    for algorithm in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    ] {
        assert_eq!(
            consumed_xml(&xml.replace(enveloped, algorithm)),
            Err(Refusal::WeakAlgorithm),
            "{algorithm}"
        );
    }
    for (before, after) in [
        ("<ds:Transforms>", "<ds:Transforms><Transform/>"),
        ("</ds:SignedInfo>", "<ds:Reference URI=\"#_1\"/></ds:SignedInfo>"),
        ("</ds:Signature>", "<ds:Object/></ds:Signature>"),
        ("</ds:Signature>", "<ds:SignedInfo/></ds:Signature>"),
        ("<ds:SignedInfo>", "<SignedInfo/><ds:SignedInfo>"),
    ] {
        assert_eq!(
            consumed_xml(&xml.replacen(before, after, 1)),
            Err(Refusal::Wrapped),
            "{after}"
        );
    }
}
