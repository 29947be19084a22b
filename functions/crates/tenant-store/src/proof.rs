//! What the last proof of a connection found.

use aws_sdk_dynamodb::types::Put;
use jiff::Timestamp;
use provisioning::TenantId;
use provisioning::access::ProofReport;
use serde::{Deserialize, Serialize};

use crate::item::{from_item, to_item};
use crate::keys::{PROOF, Partition};
use crate::premise::{Premise, Unwritten};
use crate::{Error, TenantStore};

/// The report of a proof, which holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedProof {
    /// When the proof was over.
    pub finished_at: Timestamp,
    /// What it found.
    pub report: ProofReport,
}

impl TenantStore {
    /// What a tenant's last proof found.
    pub async fn last_proof(&self, tenant: &TenantId) -> Result<Option<SavedProof>, Error> {
        const OPERATION: &str = "read a proof";
        let item = self.item(OPERATION, tenant, PROOF).await?;
        item.map(|item| from_item(OPERATION, item)).transpose()
    }

    /// Keeps what a proof found, in place of the last one. If the tenant was disconnected, or its token replaced, since
    /// the token of that fence was used, it is [`Error::VersionChanged`] and nothing is kept.
    pub async fn save_proof(
        &self,
        tenant: &TenantId,
        token_fence: u64,
        proof: &SavedProof,
    ) -> Result<(), Error> {
        const OPERATION: &str = "keep a proof";
        let mut item = to_item(OPERATION, proof)?;
        item.extend(Partition::of(tenant).item(PROOF));
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        match self
            .put_if(OPERATION, tenant, Premise::Token(token_fence), put)
            .await
        {
            Ok(()) => Ok(()),
            Err(Unwritten::Premise | Unwritten::Condition) => Err(Error::VersionChanged {
                expected: token_fence,
            }),
            Err(Unwritten::Failed(error)) => Err(error),
        }
    }
}
