//! What can go wrong between HiBob and us, and what to do about it.

use std::time::Duration;

use jiff::Timestamp;

use crate::rate_limit::RateLimit;

/// A blocked caller stays blocked for five minutes.
const BLOCK: Duration = Duration::from_mins(5);

/// Budgets are filled up every minute.
const BUDGET_PERIOD: Duration = Duration::from_mins(1);

/// HiBob's limits last minutes; a header that asks for more is not to be trusted.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// A call to HiBob failed. Holds no credentials, no address of a person and nothing out of an answer's body.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 401: id or token are wrong, or were revoked.
    #[error("HiBob does not accept the credentials")]
    Unauthorized,
    /// 403 in HiBob's own words: the service user is in no permission group, or in one that may not do this.
    #[error("HiBob denies the service user access")]
    Forbidden,
    /// 403 in somebody else's words: a firewall before HiBob turns the caller away.
    #[error("HiBob's firewall blocks this caller")]
    Blocked(RateLimit),
    /// 429.
    #[error("HiBob's rate limit is exhausted")]
    RateLimited(RateLimit),
    /// 5xx, or HiBob was tired of waiting for our request.
    #[error("HiBob is unavailable (status {status})")]
    Unavailable {
        /// HTTP status.
        status: u16,
        /// When to come back, if the answer said so.
        limit: RateLimit,
    },
    /// No connection, or none that lived until the answer's head arrived.
    #[error("HiBob cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The deadline passed, or nothing arrived for too long.
    #[error("HiBob did not answer in time")]
    TimedOut,
    /// The answer began well and could not be read to its end.
    #[error("HiBob's answer broke off")]
    Interrupted(#[source] reqwest::Error),
    /// An answer that must not be acted upon.
    #[error("HiBob's answer cannot be believed")]
    BadAnswer(#[source] Fault),
    /// 404 without a page around it.
    #[error("HiBob has nothing at this address")]
    NotFound,
    /// Another 4xx: the request itself is wrong, and would be wrong again.
    #[error("HiBob rejected the request (status {status})")]
    Rejected {
        /// HTTP status.
        status: u16,
    },
}

/// Which rule an answer broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Neither 200 nor a known failure: an empty success, a redirection, a 404 page.
    #[error("unexpected status {0}")]
    Status(u16),
    /// HiBob serves its web page, with status 200, to requests it does not understand.
    #[error("the content type is not application/json")]
    ContentType,
    /// Not JSON, or not UTF-8.
    #[error("the document is not well-formed")]
    Malformed,
    /// Ends before the document does.
    #[error("the document is incomplete")]
    Incomplete,
    /// Goes on after the document's end.
    #[error("something follows the document")]
    TrailingContent,
    /// No `employees` array at the top, or more than one.
    #[error("the document has not exactly one list of employees")]
    NoEmployees,
    /// Well-formed, but not what this endpoint answers.
    #[error("the document has another shape than documented")]
    Shape,
    /// More levels of arrays and objects than any record has.
    #[error("the document is nested too deeply")]
    TooDeep,
    /// One record, or the whole, is larger than any company's can be.
    #[error("the document is too large")]
    TooLarge,
}

/// What a failed call asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// A person at the customer's must act. Never repeated inside a run: HiBob blocks those who insist.
    Refused(Refusal),
    /// Everybody behind our address is turned away. Back off for at least five minutes.
    Blocked,
    /// Come back when the budget is full again.
    RateLimited,
    /// Try later.
    Unavailable,
    /// Change nothing, try later.
    BadAnswer,
    /// Our request is wrong. Give up.
    Rejected,
}

/// What HiBob refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The credentials.
    Unauthorized,
    /// Access, to credentials that it knows.
    Forbidden,
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Unauthorized => Disposition::Refused(Refusal::Unauthorized),
            Self::Forbidden => Disposition::Refused(Refusal::Forbidden),
            Self::Blocked(_) => Disposition::Blocked,
            Self::RateLimited(_) => Disposition::RateLimited,
            Self::Unavailable { .. } | Self::Unreachable(_) | Self::TimedOut | Self::Interrupted(_) => {
                Disposition::Unavailable
            }
            Self::BadAnswer(_) => Disposition::BadAnswer,
            Self::NotFound | Self::Rejected { .. } => Disposition::Rejected,
        }
    }

    /// How long to wait before the next call, seen from `now`; `None` if the caller may choose, or is to give up.
    #[must_use]
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let wait = match self {
            Self::Blocked(limit) => limit.wait(now).unwrap_or(BLOCK).max(BLOCK),
            Self::RateLimited(limit) => limit.wait(now).unwrap_or(BUDGET_PERIOD),
            Self::Unavailable { limit, .. } => limit.wait(now)?,
            Self::Unauthorized
            | Self::Forbidden
            | Self::Unreachable(_)
            | Self::TimedOut
            | Self::Interrupted(_)
            | Self::BadAnswer(_)
            | Self::NotFound
            | Self::Rejected { .. } => return None,
        };
        Some(wait.min(LONGEST_WAIT))
    }

    /// From the attempt to get the head of an answer.
    pub(crate) fn on_sending(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Unreachable(error.without_url())
        }
    }

    /// From the attempt to get the next piece of a body.
    pub(crate) fn on_reading(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Interrupted(error.without_url())
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::BadAnswer(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate_limit::RetryAfter;

    const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

    fn asking_for(seconds: u32) -> RateLimit {
        RateLimit {
            retry_after: Some(RetryAfter::Seconds(seconds)),
            ..RateLimit::default()
        }
    }

    #[test]
    fn a_block_lasts_five_minutes_at_least() {
        for limit in [RateLimit::default(), asking_for(1)] {
            assert_eq!(
                Error::Blocked(limit).retry_after(NOW),
                Some(Duration::from_mins(5))
            );
        }
        assert_eq!(
            Error::Blocked(asking_for(400)).retry_after(NOW),
            Some(Duration::from_secs(400))
        );
    }

    #[test]
    fn an_exhausted_budget_without_headers_is_full_again_in_a_minute() {
        assert_eq!(
            Error::RateLimited(RateLimit::default()).retry_after(NOW),
            Some(Duration::from_mins(1))
        );
        assert_eq!(
            Error::RateLimited(asking_for(7)).retry_after(NOW),
            Some(Duration::from_secs(7))
        );
    }

    #[test]
    fn an_absurd_header_cannot_park_a_tenant() {
        assert_eq!(
            Error::RateLimited(asking_for(u32::MAX)).retry_after(NOW),
            Some(Duration::from_mins(15))
        );
    }

    #[test]
    fn only_the_server_can_say_how_long_it_is_unavailable() {
        let unavailable = |limit| Error::Unavailable { status: 503, limit };
        assert_eq!(unavailable(RateLimit::default()).retry_after(NOW), None);
        assert_eq!(
            unavailable(asking_for(30)).retry_after(NOW),
            Some(Duration::from_secs(30))
        );
        assert_eq!(Error::Unauthorized.retry_after(NOW), None);
    }
}
