//! Taking leave of a tenant.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};
use provisioning::TenantId;
use serde::{Deserialize, Serialize};

use crate::keys::{CONNECTION, MAPPING, PROOF, Partition, RUN_STATE, number};
use crate::{Error, TenantStore};

const OPERATION: &str = "disconnect a tenant";
/// A worker's write between reading and writing is overcome so often.
const MOST_TRIES: u8 = 5;

/// A tenant that has no connection any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disconnected {
    /// Above that of every run: none that is under way may write. It is all that stays, with the lease of such a run.
    pub fence: u64,
    /// What this disconnecting has erased.
    pub erased: Erased,
}

/// What was there to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of another thing whether it was there"
)]
pub struct Erased {
    /// The connection.
    pub connection: bool,
    /// The mapping.
    pub mapping: bool,
    /// What the last proof found.
    pub proof: bool,
    /// What was set up for single sign-on, which is kept and erased elsewhere.
    #[serde(default)]
    pub single_sign_on: bool,
}

impl TenantStore {
    /// Erases connection, mapping, proof and whatever runs remembered, and voids a run under way, all at once. `None` if
    /// the tenant never was connected; repeated, it erases nothing more. The token is the vault's to erase.
    pub async fn disconnect(&self, tenant: &TenantId) -> Result<Option<Disconnected>, Error> {
        for _ in 0..MOST_TRIES {
            let Some(state) = self.run_state(tenant).await? else {
                return Ok(None);
            };
            let exists = async |sort| Ok::<_, Error>(self.item(OPERATION, tenant, sort).await?.is_some());
            let erased = Erased {
                connection: exists(CONNECTION).await?,
                mapping: exists(MAPPING).await?,
                proof: exists(PROOF).await?,
                single_sign_on: false,
            };
            if erased == Erased::default() {
                return Ok(Some(Disconnected {
                    fence: state.fence,
                    erased,
                }));
            }
            let fence = state.fence + 1;
            if self.erase_connection(tenant, fence).await? {
                return Ok(Some(Disconnected { fence, erased }));
            }
        }
        Err(Error::Unavailable {
            operation: OPERATION,
            source: "the state of the runs changes all the time".into(),
        })
    }

    /// False if a worker has raised the fence meanwhile.
    async fn erase_connection(&self, tenant: &TenantId, fence: u64) -> Result<bool, Error> {
        let unbuilt = |error| Error::unbuilt(OPERATION, error);
        let forget = Update::builder()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(RUN_STATE)))
            .update_expression(
                "SET fence = :fence REMOVE token_fence, due_shard, next_due_at, requested_due_at, last_night_at, run_due_at, run_trigger, \
                 run_attempts, run_done, history, cleared_mapping_version, suspicion, attention",
            )
            .condition_expression("fence = :read")
            .expression_attribute_values(":fence", number(fence))
            .expression_attribute_values(":read", number(fence - 1))
            .build()
            .map_err(unbuilt)?;
        let mut writes = vec![TransactWriteItem::builder().update(forget).build()];
        for sort in [CONNECTION, MAPPING, PROOF] {
            let delete = Delete::builder()
                .table_name(&self.table)
                .set_key(Some(Partition::of(tenant).item(sort)))
                .build()
                .map_err(unbuilt)?;
            writes.push(TransactWriteItem::builder().delete(delete).build());
        }
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .send()
            .await;
        let Err(error) = sent else { return Ok(true) };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(_)) => Ok(false),
            _ => Err(Error::of(OPERATION)(error)),
        }
    }
}
