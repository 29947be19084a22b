//! HiThrive's three portals and where they are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::address::{self, InvalidAddress};
use crate::{Code, DeepLink};

/// A part of HiThrive that a link on HiBob's dashboard can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Portal {
    /// Administration.
    Admin,
    /// A manager's reports.
    Reports,
    /// Where rewards are redeemed.
    Rewards,
}

/// A text that names no portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a portal")]
pub struct UnknownPortal;

impl Portal {
    /// Every portal.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Reports, Self::Rewards];

    /// Its name in addresses and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Reports => "reports",
            Self::Rewards => "rewards",
        }
    }
}

impl FromStr for Portal {
    type Err = UnknownPortal;

    fn from_str(name: &str) -> Result<Self, UnknownPortal> {
        Self::ALL
            .into_iter()
            .find(|portal| portal.as_str() == name)
            .ok_or(UnknownPortal)
    }
}

impl fmt::Display for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The configured addresses of the portals, the only places that a sign-in can end at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalAddresses {
    admin: Url,
    reports: Url,
    rewards: Url,
}

impl PortalAddresses {
    /// The addresses: https, or http on this machine; scheme, host, port and path only.
    pub fn new(admin: &str, reports: &str, rewards: &str) -> Result<Self, InvalidAddress> {
        Ok(Self {
            admin: address::parse_plain(admin)?,
            reports: address::parse_plain(reports)?,
            rewards: address::parse_plain(rewards)?,
        })
    }

    /// The portal's address as configured.
    #[must_use]
    pub fn address(&self, portal: Portal) -> &Url {
        match portal {
            Portal::Admin => &self.admin,
            Portal::Reports => &self.reports,
            Portal::Rewards => &self.rewards,
        }
    }

    /// Where a person who signed in goes: the portal's address, or the page below it that the link named, with the code.
    #[must_use]
    pub fn landing(&self, portal: Portal, deep_link: Option<&DeepLink>, code: &Code) -> Url {
        let mut url = self.address(portal).clone();
        if let Some(link) = deep_link {
            url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), link.path()));
            url.set_query(link.query());
        }
        url.query_pairs_mut().append_pair("code", code.expose());
        url
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn addresses() -> PortalAddresses {
        PortalAddresses::new(
            "https://admin.hithrive.example/",
            "https://app.hithrive.example/reports/",
            "http://localhost:7003/rewards",
        )
        .unwrap()
    }

    fn landing(portal: Portal, link: Option<&str>) -> String {
        let link = link.map(|link| link.parse::<DeepLink>().unwrap());
        let code = Code::from_random([0; 32]);
        let url = addresses().landing(portal, link.as_ref(), &code);
        url.as_str().replace(code.expose(), "CODE")
    }

    #[test]
    fn a_portal_has_one_name_everywhere() {
        for portal in Portal::ALL {
            assert_eq!(portal.to_string().parse(), Ok(portal));
            assert_eq!(serde_json::to_value(portal).unwrap(), portal.as_str());
        }
        assert_eq!("Admin".parse::<Portal>(), Err(UnknownPortal));
    }

    #[test]
    fn a_sign_in_lands_at_or_below_the_configured_address() {
        assert_eq!(
            landing(Portal::Admin, None),
            "https://admin.hithrive.example/?code=CODE"
        );
        assert_eq!(
            landing(Portal::Reports, None),
            "https://app.hithrive.example/reports/?code=CODE"
        );
        assert_eq!(
            landing(Portal::Reports, Some("/teams/7?tab=goals&of=2026")),
            "https://app.hithrive.example/reports/teams/7?tab=goals&of=2026&code=CODE"
        );
        assert_eq!(
            landing(Portal::Rewards, Some("/")),
            "http://localhost:7003/rewards/?code=CODE"
        );
    }

    proptest! {
        #[test]
        fn no_link_that_is_accepted_leaves_its_portal(link in "/[ -~]{0,40}") {
            if let Ok(link) = link.parse::<DeepLink>() {
                for portal in Portal::ALL {
                    let addresses = addresses();
                    let address = addresses.address(portal);
                    let landing = addresses.landing(portal, Some(&link), &Code::from_random([7; 32]));
                    prop_assert_eq!(landing.origin(), address.origin());
                    prop_assert!(landing.path().starts_with(address.path()), "{}", landing);
                    prop_assert_eq!(landing.query_pairs().filter(|(name, _)| name == "code").count(), 1);
                    prop_assert_eq!(landing.fragment(), None);
                }
            }
        }
    }
}
