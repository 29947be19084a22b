//! Bad nights: what the server does instead of answering as it should, and for how long.

use std::{collections::VecDeque, time::Duration};

use crate::requests::Endpoint;

/// What goes wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// 500 with HiBob's JSON error.
    ServerError,
    /// 502 with a gateway's HTML page.
    BadGateway,
    /// 503 without a body.
    Unavailable,
    /// 200 with an HTML page.
    Html,
    /// 200 with a JSON object that has no `employees`.
    NoEmployees,
    /// 200, said to be JSON, that is none.
    NotJson,
    /// 200 with an empty list.
    EmptyList,
    /// 429; with or without the rate-limit headers, with or without seconds in `Retry-After`.
    TooManyRequests {
        /// Whether `X-RateLimit-*` headers come with it.
        headers: bool,
        /// The value of `Retry-After`.
        retry_after: Option<u32>,
    },
    /// 403 with a firewall's HTML page.
    Blocked,
    /// 403 with HiBob's JSON error.
    Forbidden,
    /// The answer ends, as if complete, after this share of its records and half of one more.
    Truncated(f64),
    /// The connection breaks after this share of the records and half of one more.
    Reset(f64),
    /// Nothing comes for this long; then the answer as it should be.
    SlowStart(Duration),
    /// The answer comes in small pieces with pauses between them.
    Drip {
        /// Bytes in a piece.
        bytes: usize,
        /// The time between two pieces.
        pause: Duration,
    },
    /// Every record carries this many bytes of a key nobody asked for.
    Padding(usize),
}

/// When a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// Only at this endpoint; `None` is all that need credentials.
    pub endpoint: Option<Endpoint>,
    /// For so many requests; `None` is until cleared.
    pub times: Option<u32>,
}

impl When {
    /// At every people search until cleared.
    pub const SEARCHING: Self = Self {
        endpoint: Some(Endpoint::Search),
        times: None,
    };

    /// At the next `times` people searches.
    #[must_use]
    pub const fn next_searches(times: u32) -> Self {
        Self {
            endpoint: Some(Endpoint::Search),
            times: Some(times),
        }
    }
}

/// Faults in the order they were asked for; the first that fits a request happens to it.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<(Fault, When)>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault, when: When) {
        self.0.push_back((fault, when));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn strike(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let place = self
            .0
            .iter()
            .position(|(_, when)| when.endpoint.is_none_or(|at| at == endpoint))?;
        let (fault, when) = self.0.get_mut(place)?;
        let fault = *fault;
        match &mut when.times {
            Some(times @ 2..) => *times -= 1,
            Some(_) => drop(self.0.remove(place)),
            None => {}
        }
        Some(fault)
    }
}
