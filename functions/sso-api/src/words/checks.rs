//! What a test sign-in says about each check.

use provisioning::EmailAddress;
use single_sign_on::{Check, Portal, Refusal};

use super::portal;

/// What is in order once a check is done.
pub(crate) fn title(check: Check) -> &'static str {
    match check {
        Check::Readable => "The answer can be read",
        Check::Status => "The provider has signed you in",
        Check::Signature => "The provider has signed the answer",
        Check::Issuer => "The answer comes from the provider in the settings",
        Check::Request => "It answers this test",
        Check::Addressee => "It is meant for HiThrive",
        Check::Time => "It is valid now",
        Check::Person => "It names you by e-mail address",
    }
}

pub(crate) const FIRST_USE: &str = "It is used for the first time";
pub(crate) const ACCOUNT: &str = "The address belongs to an active HiThrive account";

pub(crate) const USED_BEFORE: &str = "The provider sent an answer that was used before. Start the test again; if it stays, the \
     provider gives several answers the same ID.";

pub(crate) const OTHER_BINDING: &str = "The provider sent its answer in the address. Choose HTTP-POST in the provider as the binding \
     of the ACS URL.";
pub(crate) const NO_RELAY_STATE: &str = "The answer came without the RelayState that we sent with the request, so nobody can tell \
     that it belongs to this test. Let the provider send RelayState back, unchanged. If you opened the provider's tile, start the \
     test from the settings instead.";

/// What is wrong, and what an administrator can do about it.
pub(crate) fn remedy(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotBase64 | Refusal::NotXml => {
            "What arrived is no SAML response. Check in the provider that the application uses SAML 2.0, not another protocol."
        }
        Refusal::TooLarge => {
            "The answer is larger than 192 KB. Let the provider send fewer attributes: HiThrive needs none, the name ID is \
             enough."
        }
        Refusal::TooDeep => {
            "The answer is nested more deeply than a SAML response is. Send HiThrive's support the reference below."
        }
        Refusal::ForbiddenXml => {
            "The answer holds comments, entities or other XML that a SAML response does not need. Send HiThrive's support the \
             reference below."
        }
        Refusal::NotAResponse => {
            "The answer is not a SAML 2.0 response with one assertion. Check in the provider that the application uses SAML 2.0."
        }
        Refusal::Encrypted => {
            "The provider encrypts its answer. Switch assertion encryption off for HiThrive: the connection itself is encrypted."
        }
        Refusal::StatusNotSuccess => {
            "The provider says that the sign-in did not work. Check in the provider that you are assigned to the HiThrive \
             application."
        }
        Refusal::Wrapped => {
            "Part of the answer stands where it does not belong, so what is signed may not be what is read. Send HiThrive's \
             support the reference below."
        }
        Refusal::Unsigned => {
            "Nothing in the answer is signed. Let the provider sign the response, the assertion, or both."
        }
        Refusal::WeakAlgorithm => {
            "The provider signs with a method that is no longer safe, such as SHA-1. Choose RSA with SHA-256 in the provider."
        }
        Refusal::CertificateExpired => {
            "The certificate that the provider signs with is not valid today. Renew it in the provider, then upload the \
             provider's metadata again."
        }
        Refusal::BadSignature => {
            "The provider signed with a certificate that is not here, or the answer was changed on its way. Upload the \
             provider's metadata again."
        }
        Refusal::OtherIssuer => {
            "The answer comes from a provider with another entity ID than the one in the settings. Upload the metadata of this \
             very application again."
        }
        Refusal::OtherRequest | Refusal::UnknownRequest => {
            "The answer belongs to another sign-in. Start the test again, in one tab only."
        }
        Refusal::NoRequest => {
            "The provider does not say which request it answers. Open the test from the settings, not from the provider's tile."
        }
        Refusal::OtherDestination => {
            "The provider sent the answer for another address. Enter the ACS URL from the settings in the provider, exactly."
        }
        Refusal::OtherRecipient => {
            "The answer names another recipient. Enter the ACS URL from the settings in the provider as recipient too."
        }
        Refusal::OtherAudience => {
            "The answer is meant for another application. Enter the entity ID from the settings in the provider as audience, \
             exactly."
        }
        Refusal::NotYetValid => {
            "The answer is valid only later. The provider's clock is ahead: let its operator check it."
        }
        Refusal::Expired => {
            "The answer is no longer valid. Start the test again; if it stays, the provider's clock is behind: let its operator \
             check it."
        }
        Refusal::NoTimes => {
            "The answer does not say until when it is valid. Let the provider send NotOnOrAfter, as SAML asks."
        }
        Refusal::UnmetCondition => {
            "Your session at the provider has ended, or it sets a condition that HiThrive does not know. Sign in to the provider \
             again, then start the test again."
        }
        Refusal::NoNameId => "The answer names nobody. Let the provider send the e-mail address as name ID.",
        Refusal::NameIdNotEmail => {
            "The answer names you, but not by e-mail address. Choose the e-mail address as name ID in the provider."
        }
    }
}

/// No account for an address.
pub(crate) fn unknown(email: &EmailAddress) -> String {
    format!(
        "The provider says that you are {email}, and no active account of your team has this address. Let the provider send the \
         address that HiBob has; accounts follow HiBob every night."
    )
}

/// Several accounts for an address.
pub(crate) fn shared(email: &EmailAddress) -> String {
    format!(
        "The provider says that you are {email}, and more than one active account of your team has this address. Give each person \
         an address of their own in HiBob and in the provider; accounts follow HiBob every night."
    )
}

/// What comes of a test in which all is well.
pub(crate) fn passed(email: &EmailAddress, portals: &[Portal], is_enabled: bool) -> Vec<String> {
    let portals: Vec<&str> = portals.iter().map(|open| portal(*open)).collect();
    let found = format!("You were found as {email} and may open: {}.", portals.join(", "));
    let next = if is_enabled {
        "Single sign-on is switched on: the links work for everybody."
    } else {
        "Single sign-on is still switched off: nobody else can use the links yet. Switch it on in the settings."
    };
    vec![found, next.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_remedy_is_a_sentence_or_more_without_a_code_in_it() {
        for refusal in Refusal::ALL {
            let remedy = remedy(*refusal);
            assert!(remedy.ends_with('.') && !remedy.contains("  "), "{remedy}");
            assert!(
                refusal.code() == "encrypted" || !remedy.contains(refusal.code()),
                "{remedy}"
            );
        }
    }
}
