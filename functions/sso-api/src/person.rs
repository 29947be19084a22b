//! Who somebody is in HiThrive, and what they may open.

use provisioning::{AccountId, EmailAddress, TenantId};
use single_sign_on::{Portal, SsoSettings, Standing};
use team_directory::{Account, Error, Team};

use crate::SsoApi;
use crate::denial::Denial;

/// Somebody with an active account.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) account: Account,
    pub(crate) standing: Standing,
}

impl Person {
    /// The one active account of a tenant with an address. `portal` is what is to be opened, or nothing if all that may be is
    /// wanted; whether somebody reports to the person is looked up only where it matters.
    pub(crate) async fn find(
        api: &SsoApi,
        tenant: &TenantId,
        settings: &SsoSettings,
        email: &EmailAddress,
        portal: Option<Portal>,
    ) -> Result<Self, Denial> {
        let team = api.teams.team(tenant);
        let mut found = team.find_by_email(email).await?;
        found.retain(|account| account.status.is_let_in());
        let account = found.pop().ok_or_else(|| Denial::UnknownPerson(email.clone()))?;
        // Of two people with one address, nobody knows who it is.
        if !found.is_empty() {
            return Err(Denial::SharedAddress(email.clone()));
        }
        Ok(Self::of(&team, settings, account, portal).await?)
    }

    /// Whoever has an account by now, if it is still an active one.
    pub(crate) async fn get(
        api: &SsoApi,
        tenant: &TenantId,
        settings: &SsoSettings,
        id: &AccountId,
        portal: Portal,
    ) -> Result<Option<Self>, Error> {
        let team = api.teams.team(tenant);
        match team.get(id).await? {
            Some(account) if account.status.is_let_in() => {
                Self::of(&team, settings, account, Some(portal)).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn of(
        team: &Team,
        settings: &SsoSettings,
        account: Account,
        portal: Option<Portal>,
    ) -> Result<Self, Error> {
        let on_admin_list = settings.admins.contains(&account.status.id);
        let has_active_report = match &account.status.employee {
            Some(employee) if !on_admin_list && portal != Some(Portal::Rewards) => {
                let reports = team.reports_of(employee).await?;
                reports.iter().any(|report| report.status.is_let_in())
            }
            _ => false,
        };
        let standing = Standing {
            active: true,
            on_admin_list,
            has_active_report,
        };
        Ok(Self { account, standing })
    }

    /// Refuses a portal that the person may not open.
    pub(crate) fn require(self, portal: Portal) -> Result<Self, Denial> {
        if self.standing.may_open(portal) {
            return Ok(self);
        }
        let may_open = self.standing.portals();
        Err(Denial::NoRight { portal, may_open })
    }
}
