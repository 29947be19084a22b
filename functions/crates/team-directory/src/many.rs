//! Writing several accounts with one request: the creates of a first run, and changes that are all or none.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, Put, PutRequest, TransactWriteItem, Update, WriteRequest};
use provisioning::{Change, ChangeKind};
use twox_hash::XxHash3_128;

use crate::Error;
use crate::apply::{Applied, Fate, OPERATION, Pen};
use crate::attributes::{PK, SK};
use crate::backoff::Backoff;
use crate::error::is_throttling;

impl Pen<'_> {
    /// Creates up to 25 accounts, sending again what a throttled table left over.
    pub(crate) async fn create_batch(self, changes: &[&Change], applied: &mut Applied) -> Result<(), Error> {
        let mut pending = Vec::with_capacity(changes.len());
        for change in changes {
            let put = PutRequest::builder()
                .set_item(Some(self.item_of(change)?))
                .build();
            let put = put.map_err(|error| Error::unbuilt(OPERATION, error))?;
            pending.push(WriteRequest::builder().put_request(put).build());
        }

        let mut backoff = Backoff::default();
        let result = loop {
            let requests = HashMap::from([(self.team.table.clone(), pending.clone())]);
            let sent = self
                .team
                .client
                .batch_write_item()
                .set_request_items(Some(requests))
                .send()
                .await;
            match sent.map_err(Error::of(OPERATION)) {
                Ok(answer) => {
                    let left = answer.unprocessed_items.into_iter().flatten();
                    pending = left.flat_map(|(_, requests)| requests).collect();
                }
                Err(Error::Throttled { .. }) => {}
                Err(error) => break Err(error),
            }
            if pending.is_empty() {
                break Ok(());
            }
            if !backoff.wait().await {
                break Err(Error::Throttled { operation: OPERATION });
            }
        };

        for change in changes {
            let key = self.team.keys.account(&change.account);
            let is_left = |request: &WriteRequest| {
                request
                    .put_request()
                    .is_some_and(|put| put.item().get(SK) == key.get(SK))
            };
            if !pending.iter().any(is_left) {
                applied.note(change, Fate::Done);
            }
        }
        result
    }

    /// Carries out all changes or none.
    pub(crate) async fn carry_out_together(self, changes: &[Change]) -> Result<Fate, Error> {
        let mut items = Vec::with_capacity(changes.len());
        for change in changes {
            items.push(self.transaction_item(change).await?);
        }

        let mut backoff = Backoff::default();
        loop {
            let sent = self
                .team
                .client
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .client_request_token(self.idempotency_token(changes))
                .send()
                .await;
            let Err(error) = sent else { return Ok(Fate::Done) };
            let may_pass = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let reasons = cancelled.cancellation_reasons();
                    if reasons
                        .iter()
                        .any(|reason| reason.code() == Some("ConditionalCheckFailed"))
                    {
                        return Ok(Fate::ChangedMeanwhile);
                    }
                    reasons.iter().any(may_pass)
                }
                Some(TransactWriteItemsError::TransactionInProgressException(_)) => true,
                _ => error.code().is_some_and(is_throttling),
            };
            if !may_pass {
                return Err(Error::of(OPERATION)(error));
            }
            if !backoff.wait().await {
                return Err(Error::Throttled { operation: OPERATION });
            }
        }
    }

    async fn transaction_item(self, change: &Change) -> Result<TransactWriteItem, Error> {
        let unbuilt = |error| Error::unbuilt(OPERATION, error);
        if change.kind == ChangeKind::Create {
            let put = Put::builder()
                .table_name(&self.team.table)
                .set_item(Some(self.item_of(change)?))
                .condition_expression("attribute_not_exists(#pk)")
                .expression_attribute_names("#pk", PK)
                .build()
                .map_err(unbuilt)?;
            return Ok(TransactWriteItem::builder().put(put).build());
        }
        let update = self.update_of(change).await?;
        let update = Update::builder()
            .table_name(&self.team.table)
            .set_key(Some(self.team.keys.account(&change.account)))
            .update_expression(update.expression())
            .condition_expression(update.condition)
            .set_expression_attribute_names(Some(update.names))
            .set_expression_attribute_values(Some(update.values))
            .build()
            .map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The same for every attempt at one group under one lease, so that an attempt whose answer was lost is not
    /// mistaken for somebody else's.
    fn idempotency_token(self, changes: &[Change]) -> String {
        let group = changes.first().and_then(|change| change.together);
        let named = format!(
            "{}/{}/{}/{}/{group:?}",
            self.team.table,
            self.team.keys.tenant(),
            self.write.due_at,
            self.write.fence
        );
        format!("{:032x}", XxHash3_128::oneshot(named.as_bytes()))
    }
}

fn may_pass(reason: &CancellationReason) -> bool {
    let passes =
        |code| is_throttling(code) || matches!(code, "TransactionConflict" | "ProvisionedThroughputExceeded");
    reason.code().is_some_and(passes)
}
