//! Waiting for a throttled table.

use std::time::Duration;

/// With what the SDK itself repeats, about half a minute in all; after that the message is better handed back.
const ATTEMPTS: u32 = 9;
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);

/// A bounded number of waits, each up to twice as long as the one before and random within that, so that many writers
/// that were throttled together do not come back together.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    waits: u32,
}

impl Backoff {
    /// Waits and returns true, or returns false when there has been enough of it.
    pub(crate) async fn wait(&mut self) -> bool {
        if self.waits + 1 >= ATTEMPTS {
            return false;
        }
        let longest = LONGEST.min(SHORTEST * 2_u32.pow(self.waits));
        self.waits += 1;
        tokio::time::sleep(longest.mul_f64(rand::random_range(0.5..=1.0))).await;
        true
    }
}
