//! Asking HiBob while an admin waits. HiBob blocks an address that it has to refuse too often, and all tenants share ours,
//! so that every use is reserved before and settled after.

use std::time::{Duration, Instant};

use hibob::{Client, Credentials, Disposition, Refusal, Session};
use jiff::Timestamp;
use provisioning::TenantId;
use startup::{Chain, Clock};
use tenant_store::{ServiceUser, TenantStore, Vault};
use tracing::warn;

use crate::{Metadata, Problem};

/// API Gateway waits 30 seconds; what HiBob leaves of them is for our own stores.
const USUAL_TIME: Duration = Duration::from_secs(20);

/// Where HiBob is asked.
#[derive(Debug, Clone)]
pub struct HibobDesk {
    client: Client,
    tenants: TenantStore,
    vault: Vault,
    clock: Clock,
    time: Duration,
}

/// Why a use of HiBob came to nothing.
#[derive(Debug)]
pub enum Trouble {
    /// HiBob could not or would not.
    Hibob(hibob::Error),
    /// Something about the request.
    Request(Problem),
}

impl From<hibob::Error> for Trouble {
    fn from(error: hibob::Error) -> Self {
        Self::Hibob(error)
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Request(problem)
    }
}

impl HibobDesk {
    /// A desk for tenants whose tokens are in a vault.
    #[must_use]
    pub fn new(client: Client, tenants: TenantStore, vault: Vault, clock: Clock) -> Self {
        Self {
            client,
            tenants,
            vault,
            clock,
            time: USUAL_TIME,
        }
    }

    /// The same, with another time for everything that one use asks.
    #[must_use]
    pub fn within(&self, time: Duration) -> Self {
        Self { time, ..self.clone() }
    }

    /// One use of HiBob with the tenant's token, of any number of calls.
    pub async fn ask<T, F: Future<Output = Result<T, Trouble>>>(
        &self,
        tenant: &TenantId,
        calls: impl FnOnce(Session) -> F,
    ) -> Result<T, Problem> {
        let user = self.vault.service_user(tenant).await?;
        self.ask_as(tenant, user, calls).await
    }

    /// One use of HiBob with a token that is not kept yet.
    pub async fn ask_as<T, F: Future<Output = Result<T, Trouble>>>(
        &self,
        tenant: &TenantId,
        user: ServiceUser,
        calls: impl FnOnce(Session) -> F,
    ) -> Result<T, Problem> {
        let reserved_at = self.clock.now();
        if let Some(wait) = self.tenants.reserve_attempt(tenant, reserved_at).await? {
            return Err(Problem::too_many_refusals(wait.unsigned_abs()));
        }
        let credentials = Credentials::new(user.id, user.token);
        let answer = calls(self.client.session(credentials, Instant::now() + self.time)).await;
        self.settle(tenant, reserved_at, &answer).await;
        answer.map_err(|trouble| match trouble {
            Trouble::Hibob(error) => Problem::of_hibob(error, self.clock.now()),
            Trouble::Request(problem) => problem,
        })
    }

    /// The company's fields as HiBob describes them at this moment.
    pub async fn metadata(&self, tenant: &TenantId) -> Result<Metadata, Problem> {
        self.ask(tenant, |mut session| async move {
            Ok(Metadata::new(session.fields().await?))
        })
        .await
    }

    /// Tells the store what came of an attempt. HiBob's answer counts even if that cannot be noted.
    async fn settle<T>(&self, tenant: &TenantId, reserved_at: Timestamp, answer: &Result<T, Trouble>) {
        let error = match answer {
            Err(Trouble::Hibob(error)) => Some(error),
            Ok(_) | Err(Trouble::Request(_)) => None,
        };
        let (store, now) = (&self.tenants, self.clock.now());
        let noted = match error.map(hibob::Error::disposition) {
            Some(Disposition::Refused(Refusal::Unauthorized)) => {
                store.note_refusal(tenant, reserved_at).await
            }
            Some(Disposition::Blocked) => {
                let wait = error.and_then(|error| error.retry_after(now)).unwrap_or_default();
                // Noted first, so that no attempt slips in between.
                match store.note_block(tenant, now + wait, now).await {
                    Ok(()) => store.give_back_attempt(tenant, reserved_at).await,
                    failed => failed,
                }
            }
            _ => store.give_back_attempt(tenant, reserved_at).await,
        };
        if let Err(error) = noted {
            warn!(error = %Chain(&error), "what came of an attempt could not be noted");
        }
    }
}
