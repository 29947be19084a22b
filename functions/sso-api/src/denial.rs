//! Why somebody at a browser does not get on.

use std::error::Error;

use axum::http::StatusCode;
use provisioning::EmailAddress;
use single_sign_on::{Check, Portal, Refusal, SetupError};

use crate::api::NoRandomBits;

type Cause = Box<dyn Error + Send + Sync>;

/// Why a request leads to a page and not to a portal.
#[derive(Debug)]
pub(crate) enum Denial {
    /// No such tenant, no provider, switched off, or no such portal: which of them, nobody learns.
    NotOffered,
    /// The link was not followed, but fetched as a part of some page.
    NotFollowed,
    /// The page that the link names is none of a portal.
    BadDeepLink,
    /// The provider's answer did not come as a form with one answer in it.
    UnreadableForm,
    /// It is larger than any that is needed.
    TooLarge,
    /// It came by another way than HTTP-POST.
    WrongBinding,
    /// It answers a request that this browser did not make, or too long ago.
    StartedElsewhere,
    /// The browser's note of the request is not ours, or of another request.
    ForgedState,
    /// The browser's note is of another tenant's request.
    StateOfOtherTenant,
    /// The answer is to no request, and the tenant does not allow that.
    Unsolicited,
    /// Answers to no request keep coming, though requests were made.
    Circling,
    /// The answer failed a check.
    Refused(Refusal),
    /// The answer was used before.
    Replayed,
    /// No active account of the tenant has the address.
    UnknownPerson(EmailAddress),
    /// Several active accounts of the tenant have it.
    SharedAddress(EmailAddress),
    /// The person is known, and may open other portals only.
    NoRight {
        /// What was asked for.
        portal: Portal,
        /// What may be opened instead.
        may_open: Vec<Portal>,
    },
    /// The tenant wants its requests signed, and the deployment has no key.
    NoSigningKey,
    /// A fault of ours, or of a table's.
    Fault {
        /// Whether trying again may help.
        is_passing: bool,
        /// For the log.
        cause: Cause,
    },
}

impl Denial {
    pub(crate) fn fault(cause: impl Into<Cause>, is_passing: bool) -> Self {
        let cause = cause.into();
        Self::Fault { is_passing, cause }
    }

    /// A short name for logs and metrics.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotOffered => "not-offered",
            Self::NotFollowed => "not-followed",
            Self::BadDeepLink => "bad-deep-link",
            Self::UnreadableForm => "unreadable-form",
            Self::TooLarge => "form-too-large",
            Self::WrongBinding => "wrong-binding",
            Self::StartedElsewhere => "started-elsewhere",
            Self::ForgedState => "forged-state",
            Self::StateOfOtherTenant => "state-of-other-tenant",
            Self::Unsolicited => "unsolicited",
            Self::Circling => "circling",
            Self::Refused(refusal) => refusal.code(),
            Self::Replayed => "replayed",
            Self::UnknownPerson(_) => "unknown-person",
            Self::SharedAddress(_) => "shared-address",
            Self::NoRight { .. } => "no-right",
            Self::NoSigningKey => "no-signing-key",
            Self::Fault { .. } => "fault",
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotOffered => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongBinding => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotFollowed
            | Self::BadDeepLink
            | Self::UnreadableForm
            | Self::StartedElsewhere
            | Self::ForgedState
            | Self::StateOfOtherTenant => StatusCode::BAD_REQUEST,
            Self::Unsolicited
            | Self::Circling
            | Self::Refused(_)
            | Self::Replayed
            | Self::UnknownPerson(_)
            | Self::SharedAddress(_)
            | Self::NoRight { .. }
            | Self::NoSigningKey => StatusCode::FORBIDDEN,
            Self::Fault { is_passing: true, .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault {
                is_passing: false, ..
            } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The metric that counts it, if one does. What anybody can send is not to be mistaken for people who are kept out, and
    /// neither is a right that somebody does not have.
    pub(crate) fn metric(&self, is_sign_in: bool) -> Option<&'static str> {
        const REFUSED: &str = "SignInsRefused";
        match self {
            Self::Refused(Refusal::CertificateExpired | Refusal::BadSignature) => {
                is_sign_in.then_some(REFUSED)
            }
            Self::Refused(refusal) if refusal.check() > Check::Signature => Some(REFUSED),
            Self::Replayed | Self::UnknownPerson(_) | Self::SharedAddress(_) => Some(REFUSED),
            Self::StartedElsewhere | Self::ForgedState | Self::StateOfOtherTenant => Some("SignInsLost"),
            _ => None,
        }
    }
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sign_in_store::Error> for Denial {
    fn from(error: sign_in_store::Error) -> Self {
        let is_passing = error.disposition() == sign_in_store::Disposition::Retry;
        Self::fault(error, is_passing)
    }
}

impl From<team_directory::Error> for Denial {
    fn from(error: team_directory::Error) -> Self {
        let is_passing = error.disposition() == team_directory::Disposition::Retry;
        Self::fault(error, is_passing)
    }
}

impl From<NoRandomBits> for Denial {
    fn from(error: NoRandomBits) -> Self {
        Self::fault(error, false)
    }
}

impl From<SetupError> for Denial {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::NoKey => Self::NoSigningKey,
            SetupError::Signature | SetupError::Saml(_) => Self::fault(error, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whom_a_provider_vouched_for_counts_as_refused() {
        let email: EmailAddress = "ada@acme.example".parse().unwrap();
        let refused = Some("SignInsRefused");
        for denial in [
            Denial::Refused(Refusal::OtherAudience),
            Denial::Refused(Refusal::Expired),
            Denial::Replayed,
            Denial::UnknownPerson(email.clone()),
            Denial::SharedAddress(email),
        ] {
            assert_eq!(denial.metric(true), refused, "{denial:?}");
        }
        for refusal in [Refusal::BadSignature, Refusal::CertificateExpired] {
            assert_eq!(Denial::Refused(refusal).metric(true), refused);
            assert_eq!(Denial::Refused(refusal).metric(false), None);
        }
        let no_right = Denial::NoRight {
            portal: Portal::Admin,
            may_open: Vec::new(),
        };
        for denial in [
            no_right,
            Denial::NotOffered,
            Denial::Refused(Refusal::Unsigned),
            Denial::Refused(Refusal::StatusNotSuccess),
            Denial::fault("no table", true),
        ] {
            assert_eq!(denial.metric(true), None, "{denial:?}");
        }
        for denial in [
            Denial::StartedElsewhere,
            Denial::ForgedState,
            Denial::StateOfOtherTenant,
        ] {
            assert_eq!(denial.metric(false), Some("SignInsLost"), "{denial:?}");
        }
    }
}
