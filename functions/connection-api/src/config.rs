//! The variables of this function.

use hibob::BaseUrl;
use startup::{Environment, InvalidEnvironment};

/// What this function needs to know of where it runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TENANTS_TABLE`: connections, mappings, run states, proofs.
    pub tenants_table: String,
    /// `ACCOUNTS_TABLE`: the teams.
    pub accounts_table: String,
    /// `RUNS_TABLE`: what runs did.
    pub runs_table: String,
    /// `TASKS_TABLE`: proofs and disconnections under way.
    pub tasks_table: String,
    /// `SECRET_PREFIX`: how the names of tenants' secrets begin.
    pub secret_prefix: String,
    /// `INTERACTIVE_QUEUE_URL`: where the worker takes from what somebody waits for.
    pub interactive_queue_url: String,
    /// `HIBOB_BASE_URL`: HiBob's API.
    pub hibob_base_url: BaseUrl,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    /// Names every variable that is missing or unreadable.
    pub fn read(mut environment: Environment<'_>) -> Result<Self, InvalidEnvironment> {
        let tenants_table = environment.required("TENANTS_TABLE");
        let accounts_table = environment.required("ACCOUNTS_TABLE");
        let runs_table = environment.required("RUNS_TABLE");
        let tasks_table = environment.required("TASKS_TABLE");
        let secret_prefix = environment.required("SECRET_PREFIX");
        let interactive_queue_url = environment.required("INTERACTIVE_QUEUE_URL");
        let hibob_base_url = environment.required("HIBOB_BASE_URL");
        let config = (|| {
            Some(Self {
                tenants_table: tenants_table?,
                accounts_table: accounts_table?,
                runs_table: runs_table?,
                tasks_table: tasks_table?,
                secret_prefix: secret_prefix?,
                interactive_queue_url: interactive_queue_url?,
                hibob_base_url: hibob_base_url?,
            })
        })();
        environment.finish(config)
    }
}
