//! The variables of this function.

use startup::{Environment, InvalidEnvironment};

/// What this function needs to know of where it runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// `SSO_SETTINGS_TABLE`: the tenants' identity providers and what they allow.
    pub sso_settings_table: String,
    /// `SIGN_INS_TABLE`: one-time records.
    pub sign_ins_table: String,
    /// `ACCOUNTS_TABLE`: the teams.
    pub accounts_table: String,
    /// `SIGN_ON_URL`: the address before `/sso`, without a slash at its end. It is part of every name that providers know.
    pub sign_on_url: String,
    /// `SETTINGS_PAGE_URL`: where an admin sets single sign-on up.
    pub settings_page_url: String,
    /// `PORTAL_ADMIN_URL`, `PORTAL_REPORTS_URL`, `PORTAL_REWARDS_URL`: the only addresses that a sign-in leads to.
    pub portals: [String; 3],
    /// `PORTAL_BACKEND_SUBJECT`: who may redeem codes.
    pub portal_backend_subject: String,
    /// `SSO_COOKIE_KEY_SECRET`: the secret that protects cookies.
    pub cookie_key_secret: String,
    /// `SSO_SIGNING_KEY_SECRET`: the secret with the key that signs requests, or with `{}`.
    pub signing_key_secret: String,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    /// Names every variable that is missing or unreadable.
    pub fn read(mut environment: Environment<'_>) -> Result<Self, InvalidEnvironment> {
        let sso_settings_table = environment.required("SSO_SETTINGS_TABLE");
        let sign_ins_table = environment.required("SIGN_INS_TABLE");
        let accounts_table = environment.required("ACCOUNTS_TABLE");
        let sign_on_url = environment.required("SIGN_ON_URL");
        let settings_page_url = environment.required("SETTINGS_PAGE_URL");
        let portals = ["PORTAL_ADMIN_URL", "PORTAL_REPORTS_URL", "PORTAL_REWARDS_URL"]
            .map(|variable| environment.required(variable));
        let portal_backend_subject = environment.required("PORTAL_BACKEND_SUBJECT");
        let cookie_key_secret = environment.required("SSO_COOKIE_KEY_SECRET");
        let signing_key_secret = environment.required("SSO_SIGNING_KEY_SECRET");
        let config = (|| {
            let [admin, reports, rewards] = portals;
            Some(Self {
                sso_settings_table: sso_settings_table?,
                sign_ins_table: sign_ins_table?,
                accounts_table: accounts_table?,
                sign_on_url: sign_on_url?,
                settings_page_url: settings_page_url?,
                portals: [admin?, reports?, rewards?],
                portal_backend_subject: portal_backend_subject?,
                cookie_key_secret: cookie_key_secret?,
                signing_key_secret: signing_key_secret?,
            })
        })();
        environment.finish(config)
    }
}
