//! What a signature may ask of the library that verifies it. The library follows a signature's instructions before it knows
//! whose they are: references to files and style sheets among them. Only what SAML needs gets that far.

use crate::Refusal;
use crate::claims::DSIG;
use crate::xml::Element;

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const METHODS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
];
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

/// Checks that the signature is over the element that it stands in, as a whole, and made by safe methods.
pub(crate) fn check(signed: &Element, signature: &Element) -> Result<(), Refusal> {
    let info = only(
        signature,
        "SignedInfo",
        &["SignedInfo", "SignatureValue", "KeyInfo"],
    )?;
    let parts = ["CanonicalizationMethod", "SignatureMethod", "Reference"];
    let canonical = algorithm(only(info, "CanonicalizationMethod", &parts)?);
    let method = algorithm(only(info, "SignatureMethod", &parts)?);
    let reference = only(info, "Reference", &parts)?;
    let digest = algorithm(only(
        reference,
        "DigestMethod",
        &["Transforms", "DigestMethod", "DigestValue"],
    )?);
    let id = signed.attribute("ID").unwrap_or_default();
    if id.is_empty() || reference.attribute("URI").and_then(|uri| uri.strip_prefix('#')) != Some(id) {
        return Err(Refusal::Wrapped);
    }
    let transforms: Vec<&Element> = reference
        .all(DSIG, "Transforms")
        .flat_map(|transforms| &transforms.children)
        .collect();
    if transforms
        .iter()
        .any(|transform| !transform.is(DSIG, "Transform"))
    {
        return Err(Refusal::Wrapped);
    }
    let plain = transforms
        .iter()
        .all(|transform| [ENVELOPED, EXCLUSIVE].contains(&algorithm(transform)));
    if plain && canonical == EXCLUSIVE && METHODS.contains(&method) && DIGESTS.contains(&digest) {
        Ok(())
    } else {
        Err(Refusal::WeakAlgorithm)
    }
}

/// The one element of that name, in a parent that holds each of these at most once and nothing else.
fn only<'a>(parent: &'a Element, name: &str, allowed: &[&str]) -> Result<&'a Element, Refusal> {
    let mut seen: Vec<&str> = Vec::new();
    for child in &parent.children {
        if child.namespace != DSIG
            || !allowed.contains(&child.name.as_str())
            || seen.contains(&child.name.as_str())
        {
            return Err(Refusal::Wrapped);
        }
        seen.push(&child.name);
    }
    parent.first(DSIG, name).ok_or(Refusal::Wrapped)
}

fn algorithm(method: &Element) -> &str {
    method.attribute("Algorithm").unwrap_or_default()
}
