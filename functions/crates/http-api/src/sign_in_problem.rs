//! What the errors of single sign-on's tables mean to a caller.

use sign_in_store::{Disposition, Error, SaveError};

use crate::team_problem::unavailable;
use crate::{Problem, ProblemKind};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error.disposition() {
            Disposition::Retry => unavailable(error),
            Disposition::GiveUp => Self::from(ProblemKind::Internal).because(error),
        }
    }
}

impl From<SaveError> for Problem {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Outdated => Self::new(
                ProblemKind::StaleEdit,
                "Somebody else has saved meanwhile. Load the page again.",
            ),
            SaveError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_save_that_came_too_late_is_the_callers_concern() {
        let unavailable = || Error::Unavailable {
            operation: "save",
            source: "no route".into(),
        };
        let kind = |error: SaveError| Problem::from(error).kind();
        assert_eq!(kind(SaveError::Outdated), ProblemKind::StaleEdit);
        assert_eq!(kind(SaveError::Store(unavailable())), ProblemKind::Unavailable);
        let malformed = Error::Malformed { operation: "read" };
        assert_eq!(Problem::from(malformed).kind(), ProblemKind::Internal);
    }
}
