//! What HiBob's refusals and failures mean to an admin who waits for an answer.

use std::time::Duration;

use hibob::{Disposition, Error, Refusal};
use jiff::Timestamp;

use crate::{Problem, ProblemKind};

/// When nobody says how long HiBob will be away.
const USUAL_WAIT: Duration = Duration::from_mins(1);

impl Problem {
    /// The problem that HiBob must not be asked for so long.
    #[must_use]
    pub fn too_many_refusals(wait: Duration) -> Self {
        Self::from(ProblemKind::TooManyRefusals).retry_after(wait)
    }

    /// The problem that a failed call to HiBob is.
    #[must_use]
    pub fn of_hibob(error: Error, now: Timestamp) -> Self {
        let wait = error.retry_after(now).unwrap_or(USUAL_WAIT);
        let kind = match error.disposition() {
            Disposition::Refused(Refusal::Unauthorized) => return ProblemKind::TokenRefused.into(),
            Disposition::Refused(Refusal::Forbidden) => return ProblemKind::AccessDenied.into(),
            Disposition::Unavailable if matches!(error, Error::TimedOut) => {
                return Self::from(ProblemKind::HibobTooSlow).because(error);
            }
            Disposition::Blocked => ProblemKind::HibobBlocked,
            Disposition::RateLimited | Disposition::Unavailable | Disposition::BadAnswer => {
                ProblemKind::HibobUnavailable
            }
            Disposition::Rejected => ProblemKind::Internal,
        };
        let problem = Self::from(kind).because(error);
        match kind {
            ProblemKind::Internal => problem,
            _ => problem.retry_after(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::RETRY_AFTER;
    use axum::response::IntoResponse;
    use hibob::{Fault, RateLimit};

    use super::*;

    fn answer(error: Error) -> (u16, Option<String>) {
        let response = Problem::of_hibob(error, Timestamp::UNIX_EPOCH).into_response();
        let wait = response.headers().get(RETRY_AFTER);
        (
            response.status().as_u16(),
            wait.map(|wait| wait.to_str().unwrap().to_owned()),
        )
    }

    #[test]
    fn what_hibob_refuses_is_the_callers_to_mend() {
        assert_eq!(answer(Error::Unauthorized), (422, None));
        assert_eq!(answer(Error::Forbidden), (422, None));
    }

    #[test]
    fn what_hibob_cannot_do_now_may_be_tried_later() {
        let minute = Some("60".to_owned());
        assert_eq!(
            answer(Error::RateLimited(RateLimit::default())),
            (503, minute.clone())
        );
        assert_eq!(answer(Error::BadAnswer(Fault::Malformed)), (503, minute));
        assert_eq!(
            answer(Error::Blocked(RateLimit::default())),
            (503, Some("300".to_owned()))
        );
        assert_eq!(answer(Error::TimedOut), (504, None));
    }
}
