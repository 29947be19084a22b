//! Single sign-on from the HiBob dashboard, as its admin sets it up.
//!
//! The settings belong to the connection: they can be saved while there is one, and disconnecting erases them.

mod admins;
mod options;
mod people;
mod provider;
mod provider_words;
mod show;

use http_api::{ETag, Fault, Json, Problem};
use provisioning::TenantId;
use serde::Serialize;
use sign_in_store::SaveError;
use single_sign_on::SsoSettings;

use crate::ConnectionApi;
use crate::api::not_connected;

pub(crate) use admins::{__path_replace_sso_admins, replace_sso_admins};
pub(crate) use options::{__path_replace_sso_options, replace_sso_options};
pub(crate) use provider::{__path_replace_sso_provider, replace_sso_provider};
pub(crate) use show::{__path_show_sso, example, show_sso};

/// Single sign-on as it is now, with its version.
type Answer = (ETag, Json<show::SsoBody>);

http_api::problems!(pub(crate) SaveSsoProblems: InvalidRequest, NotConnected, IfMatchMissing, StaleEdit);

impl ConnectionApi {
    /// Saves what `edit` makes of the settings, in place of the version that the caller has seen. `part` is what two admins
    /// who save at once are shown of both.
    async fn edit_sso<P: Serialize>(
        &self,
        tenant: &TenantId,
        version: u64,
        part: impl Fn(&SsoSettings) -> P,
        edit: impl FnOnce(&mut SsoSettings) -> Vec<Fault>,
    ) -> Result<Answer, Problem> {
        self.connected(tenant).await?;
        let mut read = self.sso.read(tenant).await?;
        let mut settings = read.value.clone();
        let faults = edit(&mut settings);
        if !faults.is_empty() {
            return Err(Problem::invalid_request(&faults));
        }
        if read.version == version {
            match self.sso.save(tenant, &settings, version, self.clock.now()).await {
                Ok(_) => {
                    self.keep_only_if_connected(tenant).await?;
                    return self.sso_body(tenant).await;
                }
                Err(SaveError::Outdated) => read = self.sso.read(tenant).await?,
                Err(SaveError::Store(error)) => return Err(error.into()),
            }
        }
        let stale = Problem::stale_edit(part(&read.value), part(&settings));
        Err(stale.with("currentVersion", read.version))
    }

    /// Disconnecting erases the connection first and these settings after it. What was saved in between, or later, finds no
    /// connection here and is erased again.
    async fn keep_only_if_connected(&self, tenant: &TenantId) -> Result<(), Problem> {
        if self.tenants.connection(tenant).await?.is_none() {
            self.sso.erase(tenant).await?;
            return Err(not_connected());
        }
        Ok(())
    }
}
