//! SAML 2.0 metadata of an identity provider, as far as it is needed. It is believed because an admin hands it in, not for
//! a signature.

use crate::ProviderFault;
use crate::claims::DSIG;
use crate::xml::{Element, Limits, XmlFault};

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const LIMITS: Limits = Limits {
    bytes: 256 * 1024,
    elements: 10_000,
    comments: true,
};

/// What metadata says, unchecked.
pub(crate) struct Described {
    pub(crate) entity_id: String,
    pub(crate) sign_on_url: String,
    pub(crate) certificates: Vec<String>,
}

pub(crate) fn read(xml: &str) -> Result<Described, ProviderFault> {
    let xml = xml.trim_start_matches('\u{feff}').trim();
    let root = Element::read(xml, LIMITS).map_err(|fault| match fault {
        XmlFault::TooLarge => ProviderFault::MetadataTooLarge,
        XmlFault::TooDeep | XmlFault::Malformed | XmlFault::Forbidden => ProviderFault::MetadataNotXml,
    })?;
    if !root.is(METADATA, "EntityDescriptor") && !root.is(METADATA, "EntitiesDescriptor") {
        return Err(ProviderFault::NotMetadata);
    }
    let mut providers = root
        .descendants()
        .into_iter()
        .filter(|element| element.is(METADATA, "EntityDescriptor"))
        .flat_map(|entity| {
            entity
                .all(METADATA, "IDPSSODescriptor")
                .map(move |role| (entity, role))
        })
        .filter(|(_, role)| speaks_saml_2(role));
    let (entity, role) = providers.next().ok_or(ProviderFault::NoIdentityProvider)?;
    if providers.next().is_some() {
        return Err(ProviderFault::SeveralIdentityProviders);
    }
    let sign_on_url = role
        .all(METADATA, "SingleSignOnService")
        .find(|service| service.attribute("Binding") == Some(REDIRECT))
        .and_then(|service| service.attribute("Location"))
        .ok_or(ProviderFault::NoRedirectBinding)?;
    Ok(Described {
        entity_id: entity.attribute("entityID").unwrap_or_default().trim().to_owned(),
        sign_on_url: sign_on_url.to_owned(),
        certificates: certificates(role),
    })
}

fn speaks_saml_2(role: &Element) -> bool {
    let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
    protocols
        .split_ascii_whitespace()
        .any(|protocol| protocol == PROTOCOL)
}

/// The first certificate of every key that signs, or that has no use of its own and so signs too.
fn certificates(role: &Element) -> Vec<String> {
    role.all(METADATA, "KeyDescriptor")
        .filter(|key| key.attribute("use").is_none_or(|purpose| purpose == "signing"))
        .flat_map(|key| key.all(DSIG, "KeyInfo"))
        .flat_map(|info| info.all(DSIG, "X509Data"))
        .filter_map(|data| data.first(DSIG, "X509Certificate"))
        .map(|certificate| certificate.text.clone())
        .collect()
}
