//! Asking HiBob while an admin waits. A page that is reloaded, or a token that was mistyped, must not get our address
//! blocked, which all tenants share.

use hibob::{Disposition, Refusal};
use jiff::SignedDuration;
use provisioning::TenantId;
use startup::Chain;
use tracing::warn;

use crate::SyncWorker;
use crate::refusals::AFTER_BLOCK;

/// What an attempt at HiBob met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// A 401.
    Refusal,
    /// A block of our address, which lasts so long.
    Block(SignedDuration),
    /// An answer, or anything else that does not count against us.
    Other,
}

impl SyncWorker {
    /// Whether HiBob may be asked for a tenant; if so, [`asked`](Self::asked) has to follow.
    pub(crate) async fn may_ask(&self, tenant: &TenantId) -> Result<bool, tenant_store::Error> {
        let wait = self.tenants.reserve_attempt(tenant, self.clock.now()).await?;
        Ok(wait.is_none())
    }

    /// Tells what came of asking. What cannot be told is forgotten within minutes, and no reason to end otherwise.
    pub(crate) async fn asked(&self, tenant: &TenantId, met: Met) {
        let now = self.clock.now();
        let told = match met {
            Met::Refusal => self.tenants.note_refusal(tenant, now).await,
            Met::Other => self.tenants.give_back_attempt(tenant, now).await,
            Met::Block(time) => match self.tenants.note_block(tenant, now + time, now).await {
                Ok(()) => self.tenants.give_back_attempt(tenant, now).await,
                failed => failed,
            },
        };
        if let Err(error) = told {
            warn!(error = %Chain(&error), "what came of asking HiBob was not noted");
        }
    }

    /// What an error means for the next attempts.
    pub(crate) fn met(&self, error: &hibob::Error) -> Met {
        match error.disposition() {
            Disposition::Refused(Refusal::Unauthorized) => Met::Refusal,
            Disposition::Blocked => {
                let asked = error.retry_after(self.clock.now());
                let asked = asked.and_then(|wait| SignedDuration::try_from(wait).ok());
                Met::Block(asked.unwrap_or(AFTER_BLOCK))
            }
            _ => Met::Other,
        }
    }
}
