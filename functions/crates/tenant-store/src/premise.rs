//! Writes that make sense only as long as something else about the tenant holds.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem};
use provisioning::TenantId;

use crate::keys::{CONNECTION, Partition, RUN_STATE, number};
use crate::{Error, TenantStore};

/// A transaction that meets another one is tried so often.
const MOST_TRIES: u32 = 4;

/// What has to hold, besides its own condition, for an item to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Premise {
    /// The tenant is connected: the item would be left behind.
    Connected,
    /// The service user has the token that it had at this fence, see [`RunState::token_fence`].
    ///
    /// [`RunState::token_fence`]: crate::RunState::token_fence
    Token(u64),
}

/// What kept an item from being written.
pub(crate) enum Unwritten {
    /// The premise does not hold.
    Premise,
    /// The item's own condition does not hold.
    Condition,
    /// Something else.
    Failed(Error),
}

impl TenantStore {
    /// Puts an item if the premise holds.
    pub(crate) async fn put_if(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        premise: Premise,
        put: PutBuilder,
    ) -> Result<(), Unwritten> {
        let put = put
            .build()
            .map_err(|error| Unwritten::Failed(Error::unbuilt(operation, error)))?;
        let put = TransactWriteItem::builder().put(put).build();
        self.write_if(operation, tenant, premise, put).await
    }

    /// Writes an item if the premise holds.
    pub(crate) async fn write_if(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        premise: Premise,
        write: TransactWriteItem,
    ) -> Result<(), Unwritten> {
        let check = ConditionCheck::builder().table_name(&self.table);
        let check = match premise {
            Premise::Connected => check
                .set_key(Some(Partition::of(tenant).item(CONNECTION)))
                .condition_expression("attribute_exists(pk)"),
            Premise::Token(fence) => check
                .set_key(Some(Partition::of(tenant).item(RUN_STATE)))
                .condition_expression("token_fence = :token_fence")
                .expression_attribute_values(":token_fence", number(fence)),
        };
        let check = check
            .build()
            .map_err(|error| Unwritten::Failed(Error::unbuilt(operation, error)))?;
        let check = TransactWriteItem::builder().condition_check(check).build();
        self.write_together(operation, vec![check, write]).await
    }

    /// Writes items all at once: the last one is what is wanted, the others are premises.
    pub(crate) async fn write_together(
        &self,
        operation: &'static str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<(), Unwritten> {
        let last = writes.len() - 1;
        let mut tries = 0;
        loop {
            let write = self.client.transact_write_items();
            let sent = write.set_transact_items(Some(writes.clone())).send().await;
            let Err(error) = sent else { return Ok(()) };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            else {
                return Err(Unwritten::Failed(Error::of(operation)(error)));
            };
            let codes = cancelled
                .cancellation_reasons()
                .iter()
                .map(|reason| reason.code());
            let failed: Vec<bool> = codes.map(|code| code == Some("ConditionalCheckFailed")).collect();
            if failed.iter().take(last).any(|failed| *failed) {
                return Err(Unwritten::Premise);
            }
            if failed.get(last) == Some(&true) {
                return Err(Unwritten::Condition);
            }
            // Most likely somebody else is writing one of the items at this moment.
            tries += 1;
            if tries == MOST_TRIES {
                return Err(Unwritten::Failed(Error::Unavailable {
                    operation,
                    source: error.into(),
                }));
            }
            tokio::time::sleep(Duration::from_millis(25 << tries)).await;
        }
    }
}
