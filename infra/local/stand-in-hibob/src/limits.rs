//! Rate limits per endpoint, and blocks for callers who are refused too often. Given the time, so that tests need not wait.

use std::{
    collections::{BTreeMap, VecDeque},
    net::IpAddr,
    time::{Duration, Instant},
};

use crate::requests::Endpoint;

/// How much the server puts up with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests to one endpoint in one window by one caller; `None` lifts the limit and leaves the headers out.
    pub requests: Option<u32>,
    /// The length of the window.
    pub window: Duration,
    /// Seconds in `Retry-After` of a 429; not sent when `None`.
    pub retry_after: Option<u32>,
    /// Whether a 429 has a JSON body; if not it is empty.
    pub has_error_body: bool,
    /// This many refusals of one kind within [`refusal_window`](Self::refusal_window) block a caller.
    pub refusals: usize,
    /// See [`refusals`](Self::refusals).
    pub refusal_window: Duration,
    /// How long a block lasts.
    pub block: Duration,
}

impl Default for Limits {
    /// What HiBob documents.
    fn default() -> Self {
        Self {
            requests: Some(50),
            window: Duration::from_mins(1),
            retry_after: None,
            has_error_body: true,
            refusals: 50,
            refusal_window: Duration::from_secs(10),
            block: Duration::from_mins(5),
        }
    }
}

/// What the `X-RateLimit-*` headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) resets_in: Duration,
    pub(crate) is_exceeded: bool,
}

/// Who is counted: an address, or an `Authorization` header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Caller {
    Address(IpAddr),
    Header(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refusal {
    Unauthorized,
    Forbidden,
}

/// The counts of the present window and the blocks in force.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    windows: BTreeMap<(Caller, Endpoint), (Instant, u32)>,
    refused: BTreeMap<(Caller, Refusal), VecDeque<Instant>>,
    blocked: BTreeMap<Caller, Instant>,
}

impl Meter {
    /// Counts a request; `None` when there is no limit.
    pub(crate) fn count(
        &mut self,
        limits: &Limits,
        caller: Caller,
        endpoint: Endpoint,
        now: Instant,
    ) -> Option<Allowance> {
        let limit = limits.requests?;
        let window = self.windows.entry((caller, endpoint)).or_insert((now, 0));
        if now.duration_since(window.0) >= limits.window {
            *window = (now, 0);
        }
        window.1 += 1;
        Some(Allowance {
            limit,
            remaining: limit.saturating_sub(window.1),
            resets_in: (window.0 + limits.window).duration_since(now),
            is_exceeded: window.1 > limit,
        })
    }

    /// Counts a refusal; enough of them block the caller.
    pub(crate) fn refuse(&mut self, limits: &Limits, caller: &Caller, refusal: Refusal, now: Instant) {
        let times = self.refused.entry((caller.clone(), refusal)).or_default();
        times.push_back(now);
        while times
            .front()
            .is_some_and(|first| now.duration_since(*first) >= limits.refusal_window)
        {
            times.pop_front();
        }
        if times.len() >= limits.refusals {
            times.clear();
            self.blocked.insert(caller.clone(), now + limits.block);
        }
    }

    pub(crate) fn is_blocked(&self, caller: &Caller, now: Instant) -> bool {
        self.blocked.get(caller).is_some_and(|until| now < *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_over_after_its_length_and_not_before() {
        let limits = Limits {
            requests: Some(2),
            ..Limits::default()
        };
        let caller = Caller::Header("x".to_owned());
        let (mut meter, start) = (Meter::default(), Instant::now());
        let mut count = |seconds| {
            let now = start + Duration::from_secs(seconds);
            meter
                .count(&limits, caller.clone(), Endpoint::Search, now)
                .map(|it| (it.remaining, it.is_exceeded))
        };

        assert_eq!(count(0), Some((1, false)));
        assert_eq!(count(30), Some((0, false)));
        assert_eq!(count(59), Some((0, true)));
        assert_eq!(count(60), Some((1, false)));
    }

    #[test]
    fn fifty_refusals_in_ten_seconds_block_for_five_minutes_and_slower_ones_do_not() {
        let limits = Limits::default();
        let start = Instant::now();
        let mut meter = Meter::default();
        let (hasty, patient) = (
            Caller::Header("hasty".to_owned()),
            Caller::Header("patient".to_owned()),
        );

        for turn in 0..50 {
            meter.refuse(&limits, &hasty, Refusal::Unauthorized, start);
            meter.refuse(
                &limits,
                &patient,
                Refusal::Unauthorized,
                start + Duration::from_secs(turn),
            );
        }

        assert!(meter.is_blocked(&hasty, start + Duration::from_secs(299)));
        assert!(!meter.is_blocked(&hasty, start + Duration::from_mins(5)));
        assert!(!meter.is_blocked(&patient, start + Duration::from_secs(50)));
    }
}
