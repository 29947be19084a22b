//! Signatures over XML that is already in exclusive canonical form.

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::Signer;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// A hash to sign with, or to digest with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Broken; to be refused.
    Sha1,
    /// What everybody uses.
    Sha256,
    /// Longer.
    Sha384,
    /// Longer still.
    Sha512,
}

impl Algorithm {
    fn signature_uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        }
    }

    fn digest_uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }
}

pub(crate) fn digest(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    let hash = match algorithm {
        Algorithm::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha384 => &SHA384,
        Algorithm::Sha512 => &SHA512,
    };
    digest::digest(hash, message).as_ref().to_vec()
}

/// The `ds:Signature` for an element in canonical form that carries this id and has no signature of its own yet.
pub(crate) fn signature(
    element: &str,
    id: &str,
    signer: &Signer,
    signed_with: Algorithm,
    digested_with: Algorithm,
) -> String {
    let (signature_uri, digest_uri) = (signed_with.signature_uri(), digested_with.digest_uri());
    let digest = BASE64_STANDARD.encode(digest(digested_with, element.as_bytes()));
    let signed_info = format!(
        "<ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{signature_uri}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"{digest_uri}\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    // On its own, the element has to declare the prefix that it has from its parent.
    let canonical = signed_info.replacen(
        "<ds:SignedInfo>",
        &format!("<ds:SignedInfo xmlns:ds=\"{DSIG}\">"),
        1,
    );
    let value = signer.sign(signed_with, canonical.as_bytes());
    let certificate = signer.certificate_base64();
    format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </ds:Signature>"
    )
}
