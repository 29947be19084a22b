//! What an answer claims, read by ourselves before the SAML library sees it, and whether each part stands in its place.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::xml::{Element, Limits, XmlFault};
use crate::{Refusal, signature_shape};

pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const LIMITS: Limits = Limits {
    bytes: 192 * 1024,
    elements: 2000,
    comments: false,
};

/// Attributes that hold instants.
const INSTANTS: [&str; 5] = [
    "AuthnInstant",
    "IssueInstant",
    "NotBefore",
    "NotOnOrAfter",
    "SessionNotOnOrAfter",
];

/// An answer that can be read. Nothing in it is believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) succeeded: bool,
    /// What is wrong with its signatures or with what they are over, as far as can be told without verifying them.
    pub(crate) signature_fault: Option<Refusal>,
    /// The issuers of the response, if it names one, and of the assertion.
    pub(crate) issuers: Vec<String>,
    pub(crate) destination: Option<String>,
    /// What the response says, which may be unsigned.
    pub(crate) in_response_to: Option<String>,
    pub(crate) assertion_id: String,
    pub(crate) issued_at: Option<String>,
    pub(crate) name_id: Option<String>,
    pub(crate) confirmation: Option<Confirmation>,
    pub(crate) not_before: Option<String>,
    pub(crate) not_on_or_after: Option<String>,
    /// Each restriction's audiences.
    pub(crate) audiences: Vec<Vec<String>>,
}

/// To whom the assertion is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirmation {
    pub(crate) bearer: bool,
    pub(crate) recipient: Option<String>,
    pub(crate) in_response_to: Option<String>,
    pub(crate) not_before: Option<String>,
    pub(crate) not_on_or_after: Option<String>,
}

/// Whether the answer says that it is to a request. Unchecked: good for choosing a page's words, and for nothing else.
#[must_use]
pub fn answers_a_request(saml_response: &str) -> bool {
    decoded(saml_response)
        .and_then(|xml| read(&xml))
        .is_ok_and(|root| root.attribute("InResponseTo").is_some_and(|id| !id.is_empty()))
}

impl Claims {
    /// Reads what was posted, in base64. Line breaks in it are allowed.
    pub(crate) fn of(saml_response: &str) -> Result<Self, Refusal> {
        let root = read(&decoded(saml_response)?)?;
        let all = root.descendants();
        if all
            .iter()
            .any(|element| matches!(element.name.as_str(), "EncryptedAssertion" | "EncryptedID"))
        {
            return Err(Refusal::Encrypted);
        }
        if !all
            .iter()
            .flat_map(|element| element.attributes())
            .all(is_readable_instant)
        {
            return Err(Refusal::NotAResponse);
        }
        let succeeded = root
            .first(PROTOCOL, "Status")
            .and_then(|status| status.first(PROTOCOL, "StatusCode"))
            .is_some_and(|code| code.attribute("Value") == Some(SUCCESS));
        let assertion = root.first(ASSERTION, "Assertion");
        if succeeded && assertion.is_none() {
            return Err(Refusal::NotAResponse);
        }
        // A failure carries no assertion: an empty one stands in, and the status refuses it.
        let nothing = Element::empty();
        Ok(Self::from_parts(
            &root,
            &all,
            assertion.unwrap_or(&nothing),
            succeeded,
        ))
    }

    fn from_parts(root: &Element, all: &[&Element], assertion: &Element, succeeded: bool) -> Self {
        let subject = assertion.first(ASSERTION, "Subject");
        let conditions = assertion.first(ASSERTION, "Conditions");
        Self {
            succeeded,
            signature_fault: signature_fault(root, all, assertion),
            issuers: [root, assertion]
                .into_iter()
                .flat_map(|issued| issued.all(ASSERTION, "Issuer"))
                .map(|issuer| issuer.text.trim().to_owned())
                .collect(),
            destination: owned(root.attribute("Destination")),
            in_response_to: owned(root.attribute("InResponseTo")),
            assertion_id: assertion.attribute("ID").unwrap_or_default().to_owned(),
            issued_at: owned(assertion.attribute("IssueInstant")),
            name_id: subject
                .and_then(|subject| subject.first(ASSERTION, "NameID"))
                .map(|name| name.text.trim().to_owned()),
            confirmation: subject
                .and_then(|subject| subject.first(ASSERTION, "SubjectConfirmation"))
                .map(Confirmation::read),
            not_before: conditions.and_then(|conditions| owned(conditions.attribute("NotBefore"))),
            not_on_or_after: conditions.and_then(|conditions| owned(conditions.attribute("NotOnOrAfter"))),
            audiences: conditions
                .into_iter()
                .flat_map(|conditions| conditions.all(ASSERTION, "AudienceRestriction"))
                .map(|only| {
                    only.all(ASSERTION, "Audience")
                        .map(|name| name.text.trim().to_owned())
                        .collect()
                })
                .collect(),
        }
    }
}

impl Confirmation {
    fn read(confirmation: &Element) -> Self {
        let data = confirmation.first(ASSERTION, "SubjectConfirmationData");
        let attribute = |name| data.and_then(|data| owned(data.attribute(name)));
        Self {
            bearer: confirmation.attribute("Method") == Some(BEARER),
            recipient: attribute("Recipient"),
            in_response_to: attribute("InResponseTo"),
            not_before: attribute("NotBefore"),
            not_on_or_after: attribute("NotOnOrAfter"),
        }
    }
}

fn signature_fault(root: &Element, all: &[&Element], assertion: &Element) -> Option<Refusal> {
    if !in_place(root, all, assertion) {
        return Some(Refusal::Wrapped);
    }
    let signatures: Vec<(&Element, &Element)> = [root, assertion]
        .into_iter()
        .flat_map(|signed| {
            signed
                .all(DSIG, "Signature")
                .map(move |signature| (signed, signature))
        })
        .collect();
    if signatures.is_empty() {
        return Some(Refusal::Unsigned);
    }
    signatures
        .into_iter()
        .find_map(|(signed, signature)| signature_shape::check(signed, signature).err())
}

/// Whether every element that decides anything stands where it belongs, once, and every id names one element. The library
/// looks for some of them by local name alone, so that here too the namespace does not excuse one.
fn in_place(root: &Element, all: &[&Element], assertion: &Element) -> bool {
    let issued = [root, assertion];
    let subject = assertion.first(ASSERTION, "Subject");
    let confirmation = subject.and_then(|subject| subject.first(ASSERTION, "SubjectConfirmation"));
    let conditions = assertion.first(ASSERTION, "Conditions");
    let in_each = |parents: &[Option<&Element>], namespace, name| -> Vec<usize> {
        parents
            .iter()
            .flatten()
            .map(|parent| parent.all(namespace, name).count())
            .collect()
    };
    let root_and_assertion = issued.map(Some);
    let once = [
        ("Response", vec![1]),
        ("Assertion", in_each(&[Some(root)], ASSERTION, "Assertion")),
        ("Signature", in_each(&root_and_assertion, DSIG, "Signature")),
        ("Issuer", in_each(&root_and_assertion, ASSERTION, "Issuer")),
        ("Status", in_each(&[Some(root)], PROTOCOL, "Status")),
        ("Subject", in_each(&[Some(assertion)], ASSERTION, "Subject")),
        ("NameID", in_each(&[subject], ASSERTION, "NameID")),
        (
            "SubjectConfirmation",
            in_each(&[subject], ASSERTION, "SubjectConfirmation"),
        ),
        (
            "SubjectConfirmationData",
            in_each(&[confirmation], ASSERTION, "SubjectConfirmationData"),
        ),
        ("Conditions", in_each(&[Some(assertion)], ASSERTION, "Conditions")),
    ];
    let restrictions: usize = in_each(&[conditions], ASSERTION, "AudienceRestriction")
        .iter()
        .sum();
    let everywhere = |name: &str| all.iter().filter(|element| element.name == name).count();
    let mut ids = HashSet::new();
    once.iter().all(|(name, places)| {
        places.iter().all(|count| *count <= 1) && everywhere(name) == places.iter().sum::<usize>()
    }) && everywhere("AudienceRestriction") == restrictions
        && texts_are_whole(all)
        && all
            .iter()
            .flat_map(|element| element.attributes())
            .filter(|(name, _)| name.eq_ignore_ascii_case("ID") || matches!(*name, "AssertionID" | "xml:id"))
            .all(|(_, id)| ids.insert(id))
}

/// Whether an attribute, if it holds an instant, holds one. The library's own reader of them overflows over a letter in the
/// place of a digit.
fn is_readable_instant((name, value): (&str, &str)) -> bool {
    !INSTANTS.contains(&name) || value.trim().parse::<Timestamp>().is_ok()
}

/// Whether the texts that decide anything are not broken up by elements.
fn texts_are_whole(all: &[&Element]) -> bool {
    all.iter()
        .filter(|element| matches!(element.name.as_str(), "NameID" | "Issuer" | "Audience"))
        .all(|element| element.children.is_empty())
}

fn read(xml: &str) -> Result<Element, Refusal> {
    let root = Element::read(xml, LIMITS).map_err(|fault| match fault {
        XmlFault::TooLarge => Refusal::TooLarge,
        XmlFault::TooDeep => Refusal::TooDeep,
        XmlFault::Malformed => Refusal::NotXml,
        XmlFault::Forbidden => Refusal::ForbiddenXml,
    })?;
    let version = root.attribute("Version");
    if root.is(PROTOCOL, "Response") && version == Some("2.0") {
        Ok(root)
    } else {
        Err(Refusal::NotAResponse)
    }
}

/// The text behind the base64 of a form. Providers break it into lines.
pub(crate) fn decoded(saml_response: &str) -> Result<String, Refusal> {
    // Base64 is a third longer, and lines add little.
    if saml_response.len() > LIMITS.bytes / 2 * 3 {
        return Err(Refusal::TooLarge);
    }
    let base64: String = saml_response.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(base64).map_err(|_| Refusal::NotBase64)?;
    String::from_utf8(bytes).map_err(|_| Refusal::NotBase64)
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}
