//! Text and attributes as canonical XML writes them.

use std::borrow::Cow;

use jiff::Timestamp;

pub(crate) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(crate) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// Text between two tags.
pub(crate) fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\r', "&#xD;")
}

/// Attributes with a leading space each, those without a value left out. The caller lists them in the order of their
/// names, as canonical XML has them.
pub(crate) fn attributes<const N: usize>(pairs: [(&str, Option<Cow<'_, str>>); N]) -> String {
    debug_assert!(
        pairs.is_sorted_by_key(|(name, _)| *name),
        "not in canonical order"
    );
    let mut text = String::new();
    for (name, value) in pairs {
        let Some(value) = value else { continue };
        let value = value
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('\t', "&#x9;")
            .replace('\n', "&#xA;")
            .replace('\r', "&#xD;");
        text = text + " " + name + "=\"" + &value + "\"";
    }
    text
}

/// An instant as SAML has it: UTC, to the second.
pub(crate) fn instant(instant: Timestamp) -> Cow<'static, str> {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into()
}
