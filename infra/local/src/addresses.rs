/// Where HiThrive's own admin view would be.
pub(crate) const ADMIN_ORIGIN: &str = "https://team.hithrive.example";

/// Where the system is reached, and what of HiThrive it leads to.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// To which e-mails lead.
    pub settings_page: String,
    /// To which the settings page leads.
    pub login: String,
    /// Under which identity providers know the system: an origin.
    pub sign_on: String,
    /// To which people are signed in: the admin area, the managers' reports, the rewards.
    pub portals: [String; 3],
}

impl Addresses {
    /// Everything at one origin, with [`Development`](crate::Development) in HiThrive's place.
    #[must_use]
    pub fn at(origin: &str) -> Self {
        Self {
            settings_page: format!("{origin}/"),
            login: format!("{origin}/dev/login"),
            sign_on: origin.to_owned(),
            portals: ["admin", "reports", "rewards"].map(|portal| format!("{origin}/dev/portals/{portal}")),
        }
    }
}

/// As long as nobody is there: tests need no address.
impl Default for Addresses {
    fn default() -> Self {
        Self {
            settings_page: format!("{ADMIN_ORIGIN}/settings/integrations/hibob"),
            login: format!("{ADMIN_ORIGIN}/login"),
            sign_on: "https://hibob.hithrive.example".to_owned(),
            portals: ["admin", "reports", "rewards"].map(|portal| format!("{ADMIN_ORIGIN}/{portal}")),
        }
    }
}
