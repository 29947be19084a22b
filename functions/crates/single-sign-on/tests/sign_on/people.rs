//! Whom an answer must name.

use provisioning::EmailAddress;
use single_sign_on::Refusal;
use stand_in_idp::Answer;

use crate::world::*;

fn named(name: &str) -> Answer {
    Answer {
        name_id: Some(name.to_owned()),
        ..answer()
    }
}

#[test]
fn an_address_in_other_case_or_with_white_space_around_it_is_the_same_person() {
    let ada: EmailAddress = "ada@acme.example".parse().unwrap();
    for name in ["ada@acme.example", "Ada@ACME.Example", " ADA@acme.example\n"] {
        assert_eq!(consumed(&named(name)).unwrap().email, ada, "{name:?}");
    }
}

#[test]
fn what_must_be_escaped_in_xml_names_a_person_too() {
    for name in [
        "ada&bob@acme.example",
        "o'neil@acme.example",
        "zoë@bücher.example",
    ] {
        assert_eq!(consumed(&named(name)).unwrap().email.as_str(), name);
    }
}

#[test]
fn the_format_of_the_name_does_not_matter() {
    for format in [
        None,
        Some("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified".to_owned()),
    ] {
        assert_eq!(
            refused(&Answer {
                name_id_format: format,
                ..answer()
            }),
            None
        );
    }
}

#[test]
fn without_a_name_nobody_signs_in() {
    assert_eq!(
        refused(&Answer {
            name_id: None,
            ..answer()
        }),
        Some(Refusal::NoNameId)
    );
    assert_eq!(refused(&named("")), Some(Refusal::NoNameId));
    assert_eq!(refused(&named("  ")), Some(Refusal::NoNameId));
}

#[test]
fn a_name_that_is_no_address_is_refused() {
    for name in [
        "ada",
        "00u1fcia6d6EMsf331d8",
        "ada@acme",
        "a@b@c.example",
        "ada@acme.example eve@acme.example",
        // The Kelvin sign: its lower case is the letter k.
        "\u{212a}arl@acme.example",
        "karl@ac\u{212a}.example",
    ] {
        assert_eq!(refused(&named(name)), Some(Refusal::NameIdNotEmail), "{name}");
    }
}
