//! What HiBob says about its rate limits in an answer's headers.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The state of the caller's budget for one endpoint, as one answer told it. HiBob counts per endpoint and minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateLimit {
    /// Calls per minute.
    pub limit: Option<u32>,
    /// Calls left until the reset.
    pub remaining: Option<u32>,
    /// When the budget is full again.
    pub reset_at: Option<Timestamp>,
    /// The standard header, which HiBob does not document but a gateway before it may send.
    pub retry_after: Option<RetryAfter>,
}

/// The two forms of the `Retry-After` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds after the answer.
    Seconds(u32),
    /// Not before this instant.
    At(Timestamp),
}

impl RateLimit {
    /// What the headers say; what they do not say, or not legibly, is `None`.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
        Self {
            limit: text("x-ratelimit-limit").and_then(|n| n.parse().ok()),
            remaining: text("x-ratelimit-remaining").and_then(|n| n.parse().ok()),
            reset_at: text("x-ratelimit-reset").and_then(|n| Timestamp::from_second(n.parse().ok()?).ok()),
            retry_after: text(RETRY_AFTER.as_str()).and_then(RetryAfter::parse),
        }
    }

    /// How long HiBob asks to wait: until the reset, or if that says nothing, as `Retry-After` tells.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> Option<Duration> {
        let until = |instant: Timestamp| {
            Duration::try_from(instant.duration_since(now))
                .ok()
                .filter(|wait| !wait.is_zero())
        };
        self.reset_at.and_then(until).or_else(|| match self.retry_after? {
            RetryAfter::Seconds(seconds) => Some(Duration::from_secs(seconds.into())),
            RetryAfter::At(instant) => until(instant),
        })
    }
}

impl RetryAfter {
    fn parse(text: &str) -> Option<Self> {
        let seconds = text.parse().ok().map(Self::Seconds);
        seconds.or_else(|| {
            rfc2822::DateTimeParser::new()
                .parse_timestamp(text)
                .ok()
                .map(Self::At)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &str)]) -> RateLimit {
        RateLimit::read(
            &headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect(),
        )
    }

    const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

    #[test]
    fn all_headers_are_read() {
        let limit = read(&[
            ("X-RateLimit-Limit", "50"),
            ("X-RateLimit-Remaining", " 7"),
            ("X-RateLimit-Reset", "1795000042"),
            ("Retry-After", "9"),
        ]);

        assert_eq!((limit.limit, limit.remaining), (Some(50), Some(7)));
        assert_eq!(
            limit.wait(NOW),
            Some(Duration::from_secs(42)),
            "the reset goes before the standard header"
        );
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(
            read(&[("Retry-After", "120")]).wait(NOW),
            Some(Duration::from_mins(2))
        );
        let date = read(&[("Retry-After", "Wed, 18 Nov 2026 11:07:20 GMT")]);
        let Some(RetryAfter::At(instant)) = date.retry_after else {
            panic!("{date:?}")
        };
        assert_eq!(instant.to_string(), "2026-11-18T11:07:20Z");
    }

    #[test]
    fn a_reset_that_has_passed_gives_way_to_retry_after() {
        let limit = read(&[("X-RateLimit-Reset", "1794999999"), ("Retry-After", "3")]);

        assert_eq!(limit.wait(NOW), Some(Duration::from_secs(3)));
    }

    #[test]
    fn illegible_headers_say_nothing() {
        let limit = read(&[
            ("X-RateLimit-Limit", "many"),
            ("X-RateLimit-Reset", "1795000000000000"),
            ("Retry-After", "soon"),
        ]);

        assert_eq!(limit, RateLimit::default());
        assert_eq!(limit.wait(NOW), None);
    }
}
