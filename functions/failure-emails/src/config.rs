//! The variables of this function.

use startup::{Environment, InvalidEnvironment};

/// What this function needs to know of where it runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TENANTS_TABLE`: connections, for their contacts.
    pub tenants_table: String,
    /// `NOTICES_TABLE`: which mails were claimed.
    pub notices_table: String,
    /// `SENDER_ADDRESS`: an SES identity.
    pub sender_address: String,
    /// `SETTINGS_PAGE_URL`: where deep links lead.
    pub settings_page_url: String,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    /// Names every variable that is missing or unreadable.
    pub fn read(mut environment: Environment<'_>) -> Result<Self, InvalidEnvironment> {
        let tenants_table = environment.required("TENANTS_TABLE");
        let notices_table = environment.required("NOTICES_TABLE");
        let sender_address = environment.required("SENDER_ADDRESS");
        let settings_page_url = environment.required("SETTINGS_PAGE_URL");
        let config = (|| {
            Some(Self {
                tenants_table: tenants_table?,
                notices_table: notices_table?,
                sender_address: sender_address?,
                settings_page_url: settings_page_url?,
            })
        })();
        environment.finish(config)
    }
}
