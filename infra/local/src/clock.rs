use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use startup::Clock;

/// A clock that runs as fast as any other and can be moved on.
#[derive(Debug, Clone)]
pub struct SimulatedClock {
    began_at: Timestamp,
    began: Instant,
    moved_ns: Arc<AtomicI64>,
}

impl SimulatedClock {
    /// A clock that shows this instant now.
    #[must_use]
    pub fn starting_at(instant: Timestamp) -> Self {
        Self {
            began_at: instant,
            began: Instant::now(),
            moved_ns: Arc::default(),
        }
    }

    /// The instant it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.began.elapsed()).unwrap_or_default();
        let moved = SignedDuration::from_nanos(self.moved_ns.load(Ordering::Relaxed));
        self.began_at + elapsed + moved
    }

    /// Moves it, backwards if the duration is negative.
    pub fn advance(&self, by: SignedDuration) {
        // Exact, so that the instant somebody is due is reached; the years that 64 bits hold are enough.
        let ns = i64::try_from(by.as_nanos()).unwrap_or_default();
        self.moved_ns.fetch_add(ns, Ordering::Relaxed);
    }

    /// Moves it on to an instant; one that is past already leaves it.
    pub fn advance_to(&self, instant: Timestamp) {
        self.advance(instant.duration_since(self.now()).max(SignedDuration::ZERO));
    }

    /// The same clock as the functions take it.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || clock.now())
    }
}
