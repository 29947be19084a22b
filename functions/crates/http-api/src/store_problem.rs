//! What our own stores' errors mean to a caller. Those that a handler can say more about, it catches before.

use crate::team_problem::{COME_AGAIN, unavailable};
use crate::{Fault, Problem, ProblemKind};

impl From<tenant_store::Error> for Problem {
    fn from(error: tenant_store::Error) -> Self {
        use tenant_store::{Disposition, Error};
        match error {
            Error::NotConnected | Error::NoToken => {
                Self::new(ProblemKind::NotConnected, "HiBob is not connected yet.")
            }
            Error::VersionChanged { .. } | Error::AlreadyConnected => Self::new(
                ProblemKind::StaleEdit,
                "Somebody else has saved meanwhile. Load the page again.",
            ),
            Error::OtherTask => {
                Self::invalid_request(&[Fault::new("task", "Another task has this id; choose another.")])
            }
            Error::TooManyTasks => Self::from(ProblemKind::TooManyTasks).retry_after(COME_AGAIN),
            Error::UnknownPage => Self::invalid_request(&[Fault::new("cursor", "No page begins there.")]),
            _ => match error.disposition() {
                Disposition::Retry => unavailable(error),
                Disposition::GiveUp => Self::from(ProblemKind::Internal).because(error),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_does_not_answer_is_tried_again_and_a_fault_in_it_is_ours() {
        let kind = |error: tenant_store::Error| Problem::from(error).kind();
        let unavailable = tenant_store::Error::Unavailable {
            operation: "read",
            source: "no route".into(),
        };
        let malformed = tenant_store::Error::Malformed { operation: "read" };
        assert_eq!(kind(unavailable), ProblemKind::Unavailable);
        assert_eq!(kind(malformed), ProblemKind::Internal);
    }

    #[test]
    fn what_a_caller_did_is_never_our_fault() {
        use tenant_store::Error;
        let replaced = Error::VersionChanged { expected: 1 };
        for error in [
            Error::NotConnected,
            Error::NoToken,
            Error::AlreadyConnected,
            replaced,
            Error::OtherTask,
            Error::TooManyTasks,
            Error::UnknownPage,
        ] {
            assert!(Problem::from(error).kind().status().is_client_error());
        }
    }
}
