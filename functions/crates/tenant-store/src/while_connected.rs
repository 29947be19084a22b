//! Items that a tenant may have only as long as it is connected.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem};
use provisioning::TenantId;

use crate::keys::{CONNECTION, Partition};
use crate::{Error, TenantStore};

/// What kept an item from being written.
pub(crate) enum Unwritten {
    /// The tenant was disconnected meanwhile.
    Disconnected,
    /// The item's own condition does not hold.
    Condition,
    /// Something else.
    Failed(Error),
}

impl TenantStore {
    /// Writes an item unless the tenant was disconnected meanwhile, when it would be left behind.
    pub(crate) async fn put_while_connected(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        put: PutBuilder,
    ) -> Result<(), Unwritten> {
        let unbuilt = |error| Unwritten::Failed(Error::unbuilt(operation, error));
        let put = TransactWriteItem::builder().put(put.build().map_err(unbuilt)?);
        let is_connected = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(CONNECTION)))
            .condition_expression("attribute_exists(pk)");
        let check = TransactWriteItem::builder().condition_check(is_connected.build().map_err(unbuilt)?);
        let sent = self
            .client
            .transact_write_items()
            .transact_items(check.build())
            .transact_items(put.build())
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error()
        else {
            return Err(Unwritten::Failed(Error::of(operation)(error)));
        };
        let reasons = cancelled.cancellation_reasons();
        let failed =
            |at: usize| reasons.get(at).and_then(|reason| reason.code()) == Some("ConditionalCheckFailed");
        Err(match (failed(0), failed(1)) {
            (true, _) => Unwritten::Disconnected,
            (false, true) => Unwritten::Condition,
            (false, false) => Unwritten::Failed(Error::Unavailable {
                operation,
                source: error.into(),
            }),
        })
    }
}
