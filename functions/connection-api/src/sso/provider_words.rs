//! What is wrong with an identity provider, for people who have never seen metadata before.

use single_sign_on::{InvalidAddress, InvalidCertificate, ProviderFault};

/// How a provider was told to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Metadata,
    ByHand,
}

pub(super) fn sentence(fault: ProviderFault, origin: Origin) -> &'static str {
    let is_metadata = origin == Origin::Metadata;
    match fault {
        ProviderFault::MetadataTooLarge => {
            "This is far larger than the metadata of one provider. Look for the metadata of the HiThrive application alone."
        }
        ProviderFault::MetadataNotXml => {
            "This is not a whole metadata file. Download it again and take all of it, from the first < to the last >."
        }
        ProviderFault::NotMetadata => {
            "This is XML, but no SAML metadata. In your identity provider, look for “metadata” or “federation metadata”."
        }
        ProviderFault::NoIdentityProvider => {
            "This metadata describes no identity provider. Perhaps it is HiThrive's own: take the one that your identity \
             provider offers."
        }
        ProviderFault::SeveralIdentityProviders => {
            "This metadata describes several identity providers. Download the one of the HiThrive application alone."
        }
        ProviderFault::NoRedirectBinding => {
            "This provider offers no sign-on by redirect, which HiThrive needs. See whether “HTTP-Redirect” can be switched \
             on there."
        }
        ProviderFault::EntityId if is_metadata => {
            "The provider's entity ID in this metadata is missing or cannot be one."
        }
        ProviderFault::EntityId => {
            "Enter the provider's entity ID, without spaces, as the provider shows it; it is also called issuer."
        }
        ProviderFault::SignOnUrl(InvalidAddress::NotHttps) if is_metadata => {
            "The sign-on URL in this metadata does not begin with https://."
        }
        ProviderFault::SignOnUrl(_) if is_metadata => "The sign-on URL in this metadata cannot be used.",
        ProviderFault::SignOnUrl(InvalidAddress::NotAUrl) => {
            "Enter the whole sign-on URL, beginning with https://."
        }
        ProviderFault::SignOnUrl(InvalidAddress::NotHttps) => "The sign-on URL must begin with https://.",
        ProviderFault::SignOnUrl(InvalidAddress::MoreThanAnAddress) => {
            "The sign-on URL must have neither a user name nor a part behind a #."
        }
        ProviderFault::NoCertificate if is_metadata => {
            "There is no signing certificate in this metadata, so nothing that the provider says could be believed."
        }
        ProviderFault::NoCertificate => "Enter the certificate that the provider signs with.",
        ProviderFault::TooManyCertificates if is_metadata => {
            "There are more than two signing certificates in this metadata that have not expired, and nobody can tell which of \
             them count. Enter the provider by hand, with the one or two that it signs with."
        }
        ProviderFault::TooManyCertificates => "There can be two certificates at most.",
        ProviderFault::Certificate(InvalidCertificate::Unreadable) if is_metadata => {
            "The signing certificate in this metadata cannot be read. Download the metadata again."
        }
        ProviderFault::Certificate(InvalidCertificate::Unreadable) => {
            "This is not one whole certificate. Enter each by itself, from -----BEGIN CERTIFICATE----- to \
             -----END CERTIFICATE-----."
        }
        ProviderFault::Certificate(InvalidCertificate::NotRsa) => {
            "The certificate is not for an RSA key, and HiThrive checks signatures of RSA keys only. Have the provider make one \
             of RSA with 2048 bits."
        }
        ProviderFault::Certificate(InvalidCertificate::WeakKey) => {
            "The certificate's key is too short to be safe. Have the provider make one of 2048 bits or more."
        }
        ProviderFault::CertificateExpired if is_metadata => {
            "Every signing certificate in this metadata has expired. Have the provider make a new one and download the \
             metadata again."
        }
        ProviderFault::CertificateExpired => {
            "A certificate has expired. Enter the one that the provider signs with today."
        }
        ProviderFault::OtherProvider => {
            "This is another provider than the present one: its entity ID is not the same. No certificate of the present one \
             can be kept for it."
        }
        ProviderFault::TooManyKept => {
            "With what is to be kept there would be more than two certificates. Enter by hand the two that shall count, and \
             keep nothing else."
        }
    }
}
