//! Who may open which portal.

use crate::Portal;

/// What about a person decides where they may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether their account is active.
    pub active: bool,
    /// Whether the tenant named them as an admin.
    pub on_admin_list: bool,
    /// Whether somebody with an active account reports to them.
    pub has_active_report: bool,
}

impl Standing {
    /// Whether they may open the portal.
    #[must_use]
    pub fn may_open(self, portal: Portal) -> bool {
        self.active
            && match portal {
                Portal::Admin => self.on_admin_list,
                Portal::Reports => self.on_admin_list || self.has_active_report,
                Portal::Rewards => true,
            }
    }

    /// Every portal that they may open.
    #[must_use]
    pub fn portals(self) -> Vec<Portal> {
        Portal::ALL
            .into_iter()
            .filter(|portal| self.may_open(*portal))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Portal::{Admin, Reports, Rewards};

    fn portals(active: bool, on_admin_list: bool, has_active_report: bool) -> Vec<Portal> {
        Standing {
            active,
            on_admin_list,
            has_active_report,
        }
        .portals()
    }

    #[test]
    fn each_standing_opens_its_portals() {
        assert_eq!(portals(true, false, false), [Rewards]);
        assert_eq!(portals(true, false, true), [Reports, Rewards]);
        assert_eq!(portals(true, true, false), [Admin, Reports, Rewards]);
        assert_eq!(portals(true, true, true), [Admin, Reports, Rewards]);
    }

    #[test]
    fn without_an_active_account_nothing_opens() {
        assert_eq!(portals(false, true, true), []);
    }
}
