//! The people who may open the admin area.

use std::collections::{BTreeSet, HashSet};

use futures::future::try_join_all;
use http_api::Problem;
use provisioning::{AccountId, EmailAddress, TenantId};
use serde::Serialize;
use team_directory::{Account, Error};
use utoipa::ToSchema;

use crate::ConnectionApi;

/// Somebody who may open the admin area
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SsoAdmin {
    account: AccountId,
    /// Null if HiThrive knows none.
    name: Option<String>,
    /// Null if there is no such account any more.
    email: Option<EmailAddress>,
    /// Whether the account may be used. If not, neither may the admin area.
    active: bool,
}

impl ConnectionApi {
    /// The people with these accounts, by their names.
    pub(super) async fn sso_admins(
        &self,
        tenant: &TenantId,
        accounts: &BTreeSet<AccountId>,
    ) -> Result<Vec<SsoAdmin>, Problem> {
        let team = &self.teams.team(tenant);
        let reads = accounts.iter().map(|id| async move {
            match team.get(id).await {
                Ok(account) => Ok(SsoAdmin::of(id, account.as_ref())),
                // One account of HiThrive's own that nobody can read must not hide the others.
                Err(Error::Malformed { .. }) => Ok(SsoAdmin::of(id, None)),
                Err(error) => Err(error),
            }
        });
        let mut admins = try_join_all(reads).await?;
        admins.sort_by_cached_key(SsoAdmin::calling);
        Ok(admins)
    }

    /// Those of some accounts that are in the tenant's team.
    pub(super) async fn in_team(
        &self,
        tenant: &TenantId,
        accounts: &[AccountId],
    ) -> Result<HashSet<AccountId>, Problem> {
        // A batch may name nothing twice.
        let distinct: BTreeSet<_> = accounts.iter().cloned().collect();
        let distinct: Vec<_> = distinct.into_iter().collect();
        let found = self.teams.team(tenant).labels(&distinct).await?;
        Ok(found.into_keys().collect())
    }
}

impl SsoAdmin {
    fn of(id: &AccountId, account: Option<&Account>) -> Self {
        Self {
            account: id.clone(),
            name: account.and_then(Account::name),
            email: account.map(|account| account.status.email.clone()),
            active: account.is_some_and(|account| account.status.is_let_in()),
        }
    }

    pub(super) fn example() -> Option<Self> {
        Some(Self {
            account: "hibob-2735482639".parse().ok()?,
            name: Some("Ada Lovelace".to_owned()),
            email: Some("ada@example.com".parse().ok()?),
            active: true,
        })
    }

    fn calling(&self) -> (bool, String) {
        let email = self.email.as_ref().map(EmailAddress::as_str);
        let calling = self.name.as_deref().or(email);
        (
            calling.is_none(),
            calling.unwrap_or(self.account.as_str()).to_lowercase(),
        )
    }
}
