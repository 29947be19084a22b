//! Why an answer is refused, and at which check.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is checked, in the order in which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The answer is a SAML response that can be read.
    Readable,
    /// The provider says that it worked.
    Status,
    /// It is signed by the provider, and what is signed is what is used.
    Signature,
    /// It is the provider's.
    Issuer,
    /// It answers the request.
    Request,
    /// It is meant for us.
    Addressee,
    /// It is good now.
    Time,
    /// It names a person by e-mail.
    Person,
}

impl Check {
    /// All, in the order in which they are made.
    pub const ALL: [Self; 8] = [
        Self::Readable,
        Self::Status,
        Self::Signature,
        Self::Issuer,
        Self::Request,
        Self::Addressee,
        Self::Time,
        Self::Person,
    ];
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Readable => "readable",
            Self::Status => "status",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Request => "request",
            Self::Addressee => "addressee",
            Self::Time => "time",
            Self::Person => "person",
        })
    }
}

/// Declares the refusals: variant, check, code for logs, message.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident, $check:ident, $code:literal, $message:literal;)*) => {
        /// Why an answer is refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum Refusal {
            $($(#[$doc])* #[error($message)] $name,)*
        }

        impl Refusal {
            /// Every refusal.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The check that it failed. Those before it passed.
            #[must_use]
            pub fn check(self) -> Check {
                match self { $(Self::$name => Check::$check,)* }
            }

            /// A short name for logs.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

refusals! {
    /// It is not base64 of UTF-8 text.
    NotBase64, Readable, "not-base64", "the answer is not base64 of a text";
    /// It is longer than 192 KiB, or has more than 2,000 elements.
    TooLarge, Readable, "too-large", "the answer is too large";
    /// Its elements are nested more than 32 deep, or one of them has more than 64 attributes.
    TooDeep, Readable, "too-deep", "the answer is nested too deeply";
    /// It is not well-formed XML.
    NotXml, Readable, "not-xml", "the answer is not well-formed XML";
    /// It holds a document type, entities, a processing instruction, a comment or a CDATA section.
    ForbiddenXml, Readable, "forbidden-xml", "the answer holds XML that a SAML response does not need";
    /// It is XML, but not one SAML 2.0 response with one assertion, or its instants cannot be read.
    NotAResponse, Readable, "not-a-response", "the answer is not a SAML 2.0 response with one assertion";
    /// The assertion, or the name in it, is encrypted.
    Encrypted, Readable, "encrypted", "the assertion is encrypted";

    /// The provider says that the sign-in failed.
    StatusNotSuccess, Status, "status-not-success", "the provider reports that the sign-in did not succeed";

    /// An element stands where none of its kind belongs: what is signed may not be what would be read.
    Wrapped, Signature, "wrapped", "the answer holds an element where it does not belong";
    /// Neither the response nor the assertion is signed.
    Unsigned, Signature, "unsigned", "the answer is not signed";
    /// The signature is made with SHA-1, or with another method that is no longer safe.
    WeakAlgorithm, Signature, "weak-algorithm", "the answer is signed by a method that is not safe";
    /// It is signed with a pinned certificate that is not valid now.
    CertificateExpired, Signature, "certificate-expired", "the provider's certificate is not valid now";
    /// It is signed with another key, or was changed after it was signed.
    BadSignature, Signature, "bad-signature", "the signature is not one of the provider's over this answer";

    /// It names another issuer.
    OtherIssuer, Issuer, "other-issuer", "the answer is from another issuer";

    /// It answers another request.
    OtherRequest, Request, "other-request", "the answer is to another request";
    /// It answers none, though we asked.
    NoRequest, Request, "no-request", "the answer names no request";
    /// It answers a request, though this browser made none.
    UnknownRequest, Request, "unknown-request", "the answer names a request that is not known";

    /// It was sent to another address.
    OtherDestination, Addressee, "other-destination", "the answer is for another destination";
    /// It is confirmed for another recipient, or for none, or not to whoever bears it.
    OtherRecipient, Addressee, "other-recipient", "the assertion is for another recipient";
    /// It is for another audience, or for none.
    OtherAudience, Addressee, "other-audience", "the assertion is for another audience";

    /// It is not good yet.
    NotYetValid, Time, "not-yet-valid", "the assertion is not valid yet";
    /// It is no longer good, or older than ten minutes.
    Expired, Time, "expired", "the assertion has expired";
    /// It does not say when it was issued, or until when it may be delivered.
    NoTimes, Time, "no-times", "the assertion does not say when it is valid";
    /// The provider's own session has ended, or the library found a condition that it does not know.
    UnmetCondition, Time, "unmet-condition", "the assertion has a condition that is not met";

    /// It names nobody.
    NoNameId, Person, "no-name-id", "the assertion names nobody";
    /// It names somebody, but not by an e-mail address.
    NameIdNotEmail, Person, "name-id-not-email", "the assertion does not name the person by e-mail";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_refusal_and_they_are_listed_in_order() {
        let mut checks: Vec<Check> = Refusal::ALL.iter().map(|refusal| refusal.check()).collect();
        assert!(checks.is_sorted());
        checks.dedup();
        assert_eq!(checks, Check::ALL);
    }

    #[test]
    fn codes_are_kebab_case_and_unique() {
        let mut codes: Vec<&str> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert!(codes.iter().all(|code| {
            code.bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit())
        }));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::ALL.len());
        for check in Check::ALL {
            assert_eq!(serde_json::to_value(check).unwrap(), check.to_string());
        }
    }
}
