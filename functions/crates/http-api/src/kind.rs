//! The table of problem types.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Json;

/// Declares the kinds of problems and their table at once, so that neither can lack what the other has.
macro_rules! problem_kinds {
    ($($(#[$doc:meta])* $kind:ident = $status:ident $slug:literal, $title:literal, $remedy:literal;)+) => {
        /// What can be wrong with a request, or with us.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemKind {
            $($(#[$doc])* $kind,)+
        }

        impl ProblemKind {
            /// Every kind, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Its name in addresses, `/api/problems#<slug>`, and in code that tells kinds apart.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Self::$kind => $slug),+ }
            }

            /// The status of an answer.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status),+ }
            }

            /// The kind in a few words, the same for every occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// What the caller can do about it.
            #[must_use]
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$kind => $remedy),+ }
            }
        }
    };
}

problem_kinds! {
    /// The body is not the JSON that the route takes.
    InvalidJson = BAD_REQUEST "invalid-json", "The request is not the JSON that is expected here",
        "Mend what the detail names; the OpenAPI document shows the shape.";
    /// A value breaks a rule.
    InvalidRequest = UNPROCESSABLE_ENTITY "invalid-request", "Some of the values cannot be accepted",
        "Mend what the errors point at.";
    /// Nobody is known to call. API Gateway turns such callers away before they come here.
    NotSignedIn = UNAUTHORIZED "not-signed-in", "You are not signed in", "Sign in to HiThrive again.";
    /// The caller is no administrator.
    RoleTooLow = FORBIDDEN "role-too-low", "Only an administrator may do this",
        "Ask one of your HiThrive administrators.";
    /// No such address, or nothing of the caller's tenant there.
    NotFound = NOT_FOUND "not-found", "There is nothing here", "Check the address; what it named may have expired.";
    /// The address exists, the method does not.
    MethodNotAllowed = METHOD_NOT_ALLOWED "method-not-allowed", "This address does not take that method",
        "Use a method that the Allow header lists.";
    /// The body is larger than any that is needed.
    TooLarge = PAYLOAD_TOO_LARGE "too-large", "The request is too large", "Send at most 256 KiB.";
    /// The body is not announced as JSON.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE "unsupported-media-type", "Only JSON is understood here",
        "Send the header Content-Type: application/json.";
    /// A save that does not say which version it replaces.
    IfMatchMissing = PRECONDITION_REQUIRED "if-match-missing", "The version that is to be replaced is missing",
        "Send the header If-Match with the ETag of what you read.";
    /// Somebody else has saved meanwhile.
    StaleEdit = PRECONDITION_FAILED "stale-edit", "Somebody else has saved meanwhile",
        "Compare what is saved now with yours, then save again.";
    /// The tenant has no connection, or has it switched off.
    NotConnected = CONFLICT "not-connected", "HiBob is not connected, or the connection is switched off",
        "Connect to HiBob, or switch the connection on.";
    /// Rules of mappings are broken.
    InvalidMapping = UNPROCESSABLE_ENTITY "invalid-mapping", "The field mapping cannot be used",
        "Mend the entries that the errors name.";
    /// HiBob said 401.
    TokenRefused = UNPROCESSABLE_ENTITY "token-refused", "HiBob does not accept the service user's ID and token",
        "Copy both from HiBob again: Settings, Integrations, Automation, Service users. Do not try the same pair again.";
    /// HiBob said 401 too often, turned us away, or is being asked enough already.
    TooManyRefusals = TOO_MANY_REQUESTS "too-many-refusals", "HiBob is not asked again for a while",
        "It has refused the service user too often, or turned us away. Wait as long as the Retry-After header says; if it \
         was refused, check ID and token.";
    /// Too much is being worked on already.
    TooManyTasks = TOO_MANY_REQUESTS "too-many-tasks", "Too much of this kind is under way already",
        "Wait until one of those before is over, then try again.";
    /// HiBob said 403.
    AccessDenied = UNPROCESSABLE_ENTITY "access-denied", "HiBob denies the service user access",
        "Add the service user to a permission group in HiBob that may see people's data.";
    /// The token belongs to another company.
    OtherCompany = CONFLICT "other-company", "This service user belongs to another company's HiBob",
        "Use a service user of the company that is connected, or disconnect first.";
    /// Nobody can be seen, so nobody knows whose token it is.
    CompanyUnverified = CONFLICT "company-unverified", "HiBob does not yet show which company this is",
        "Let the service user see people in HiBob, then try again.";
    /// A signed-in caller that is not HiThrive's backend.
    BackendOnly = FORBIDDEN "backend-only", "Only HiThrive's backend may do this",
        "Call with the backend's own token; the code stays good.";
    /// No sign-in has this code.
    CodeUnknown = NOT_FOUND "code-unknown", "No sign-in has this code", "Let the person follow the link again.";
    /// The code was good for a minute.
    CodeExpired = GONE "code-expired", "The code has expired", "Let the person follow the link again.";
    /// Somebody has redeemed the code before.
    CodeRedeemed = CONFLICT "code-redeemed", "The code has been redeemed already",
        "Sign nobody in with it. Let the person follow the link again.";
    /// HiBob has a fault, or no capacity.
    HibobUnavailable = SERVICE_UNAVAILABLE "hibob-unavailable", "HiBob cannot answer at the moment",
        "Nothing was changed. Try again later.";
    /// HiBob's firewall turns us away.
    HibobBlocked = SERVICE_UNAVAILABLE "hibob-blocked", "HiBob turns our requests away for a while",
        "Nothing was changed. Wait as long as the Retry-After header says.";
    /// HiBob did not answer within the time that a request has.
    HibobTooSlow = GATEWAY_TIMEOUT "hibob-too-slow", "HiBob took too long to answer", "Nothing was changed. Try again.";
    /// A store of ours does not answer.
    Unavailable = SERVICE_UNAVAILABLE "unavailable", "We cannot answer at the moment", "Try again in a minute.";
    /// A fault of ours.
    Internal = INTERNAL_SERVER_ERROR "internal", "Something went wrong on our side",
        "Try again; if it stays, tell HiThrive's support when it happened.";
}

impl ProblemKind {
    /// Its `type` in a problem's body.
    #[must_use]
    pub fn type_uri(self) -> String {
        format!("/api/problems#{}", self.slug())
    }
}

/// Every problem type that the APIs answer with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemTable {
    problems: Vec<ProblemType>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ProblemType {
    #[serde(rename = "type")]
    #[schema(example = "/api/problems#stale-edit")]
    type_uri: String,
    #[schema(example = 412)]
    status: u16,
    #[schema(example = "Somebody else has saved meanwhile")]
    title: &'static str,
    /// What the caller can do about it.
    #[schema(example = "Compare what is saved now with yours, then save again.")]
    remedy: &'static str,
}

/// The table of problem types
///
/// Every error that these APIs answer themselves is one of these. Public.
#[utoipa::path(get, path = "/api/problems", tag = "about", security(()),
    responses((status = 200, description = "The table", body = ProblemTable)))]
pub async fn list_problems() -> Json<ProblemTable> {
    let problems = ProblemKind::ALL.iter().map(|&kind| ProblemType {
        type_uri: kind.type_uri(),
        status: kind.status().as_u16(),
        title: kind.title(),
        remedy: kind.remedy(),
    });
    Json(ProblemTable {
        problems: problems.collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_kinds_share_a_name() {
        let slugs: HashSet<_> = ProblemKind::ALL.iter().map(|kind| kind.slug()).collect();
        assert_eq!(slugs.len(), ProblemKind::ALL.len());
        for slug in slugs {
            assert!(
                slug.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{slug}"
            );
        }
    }

    #[test]
    fn every_kind_is_an_error_and_says_what_to_do() {
        for kind in ProblemKind::ALL {
            assert!(
                kind.status().is_client_error() || kind.status().is_server_error(),
                "{kind:?}"
            );
            assert!(
                !kind.title().ends_with('.') && kind.remedy().ends_with('.'),
                "{kind:?}"
            );
        }
    }
}
