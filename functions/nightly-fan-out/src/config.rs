//! The variables of this function.

use startup::{Environment, InvalidEnvironment};

/// What this function needs to know of where it runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TENANTS_TABLE`: its index `by-due` says who is due.
    pub tenants_table: String,
    /// `SYNC_QUEUE_URL`: where runs are asked for.
    pub sync_queue_url: String,
    /// `START_SPREAD_SECONDS`: over how long the starts of one firing are spread, 600 by default, 900 at most, which is
    /// the longest delay SQS knows.
    pub start_spread_seconds: u16,
}

const LONGEST_SPREAD_SECONDS: u16 = 900;

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    /// Names every variable that is missing or unreadable.
    pub fn read(mut environment: Environment<'_>) -> Result<Self, InvalidEnvironment> {
        let tenants_table = environment.required("TENANTS_TABLE");
        let sync_queue_url = environment.required("SYNC_QUEUE_URL");
        let spread = environment.optional::<u16>("START_SPREAD_SECONDS").unwrap_or(600);
        let config = tenants_table
            .zip(sync_queue_url)
            .map(|(tenants_table, sync_queue_url)| Self {
                tenants_table,
                sync_queue_url,
                start_spread_seconds: spread.min(LONGEST_SPREAD_SECONDS),
            });
        environment.finish(config)
    }
}
