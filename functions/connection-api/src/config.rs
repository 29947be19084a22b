//! The variables of this function.

use std::str::FromStr;

use hibob::BaseUrl;
use single_sign_on::{InvalidAddress, ServiceProvider};
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
    /// `SSO_SETTINGS_TABLE`: what is set up for single sign-on.
    pub sso_settings_table: String,
    /// `SIGN_ON_URL`: where people sign in, without a slash at its end.
    pub sign_on_url: SignOnUrl,
    /// `SIGNED_REQUESTS`: whether the deployment has a key to sign requests to identity providers with.
    pub signed_requests: bool,
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
        let sso_settings_table = environment.required("SSO_SETTINGS_TABLE");
        let sign_on_url = environment.required("SIGN_ON_URL");
        let signed_requests = environment.required("SIGNED_REQUESTS");
        let secret_prefix = environment.required("SECRET_PREFIX");
        let interactive_queue_url = environment.required("INTERACTIVE_QUEUE_URL");
        let hibob_base_url = environment.required("HIBOB_BASE_URL");
        let config = (|| {
            Some(Self {
                tenants_table: tenants_table?,
                accounts_table: accounts_table?,
                runs_table: runs_table?,
                tasks_table: tasks_table?,
                sso_settings_table: sso_settings_table?,
                sign_on_url: sign_on_url?,
                signed_requests: signed_requests?,
                secret_prefix: secret_prefix?,
                interactive_queue_url: interactive_queue_url?,
                hibob_base_url: hibob_base_url?,
            })
        })();
        environment.finish(config)
    }
}

/// The address below which people sign in. This function only tells of it; it never signs a request.
#[derive(Debug, Clone)]
pub struct SignOnUrl(ServiceProvider);

impl SignOnUrl {
    pub(crate) fn into_service_provider(self) -> ServiceProvider {
        self.0
    }
}

impl FromStr for SignOnUrl {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        ServiceProvider::new(text, None).map(Self)
    }
}
