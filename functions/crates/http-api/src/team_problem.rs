//! What the errors of a team's table mean to a caller.

use std::error::Error;
use std::time::Duration;

use team_directory::Disposition;

use crate::{Problem, ProblemKind};

pub(crate) const COME_AGAIN: Duration = Duration::from_secs(30);

impl From<team_directory::Error> for Problem {
    fn from(error: team_directory::Error) -> Self {
        match error.disposition() {
            Disposition::Retry => unavailable(error),
            Disposition::GiveUp => Self::from(ProblemKind::Internal).because(error),
        }
    }
}

/// A table that may answer if it is asked again.
pub(crate) fn unavailable(error: impl Error + Send + Sync + 'static) -> Problem {
    Problem::from(ProblemKind::Unavailable)
        .retry_after(COME_AGAIN)
        .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_asked_too_often_is_asked_again_later() {
        let throttled = team_directory::Error::Throttled { operation: "read" };
        assert_eq!(Problem::from(throttled).kind(), ProblemKind::Unavailable);
    }
}
