//! Writing one account.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use provisioning::{Change, ChangeKind};

use crate::Error;
use crate::apply::{Fate, OPERATION, Pen};
use crate::attributes::{PK, PROFILE};
use crate::backoff::Backoff;
use crate::keys::Item;
use crate::writes::{Update, Writes, is_ours};

impl Pen<'_> {
    pub(crate) async fn carry_out_one(self, change: &Change) -> Result<Fate, Error> {
        let mut backoff = Backoff::default();
        loop {
            let attempt = match change.kind {
                ChangeKind::Create => self.create(change).await,
                ChangeKind::Update
                | ChangeKind::Reactivate
                | ChangeKind::Deactivate(_)
                | ChangeKind::Mark => self.update(change).await,
            };
            match attempt {
                Err(Error::Throttled { .. }) if backoff.wait().await => {}
                result => return result,
            }
        }
    }

    async fn create(self, change: &Change) -> Result<Fate, Error> {
        let sent = self
            .team
            .client
            .put_item()
            .table_name(&self.team.table)
            .set_item(Some(self.item_of(change)?))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(Fate::Done) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                Ok(self.fate_beside(failed.item()))
            }
            _ => Err(Error::of(OPERATION)(error)),
        }
    }

    async fn update(self, change: &Change) -> Result<Fate, Error> {
        let update = self.update_of(change).await?;
        self.send(change, update).await
    }

    async fn send(self, change: &Change, update: Update) -> Result<Fate, Error> {
        let sent = self
            .team
            .client
            .update_item()
            .table_name(&self.team.table)
            .set_key(Some(self.team.keys.account(&change.account)))
            .update_expression(update.expression())
            .condition_expression(update.condition)
            .set_expression_attribute_names(Some(update.names))
            .set_expression_attribute_values(Some(update.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(Fate::Done) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                Ok(self.fate_beside(failed.item()))
            }
            _ => Err(Error::of(OPERATION)(error)),
        }
    }

    /// The fate of a change that met this item where it expected another.
    fn fate_beside(self, stored: Option<&Item>) -> Fate {
        match stored {
            Some(item) if is_ours(item, self.write) => Fate::Done,
            _ => Fate::ChangedMeanwhile,
        }
    }

    fn writes_of(self, change: &Change) -> Result<Writes, Error> {
        Writes::of(&self.team.keys, change, &self.targets.edits(change), self.write)
    }

    pub(crate) fn item_of(self, change: &Change) -> Result<Item, Error> {
        Ok(self
            .writes_of(change)?
            .into_item(self.team.keys.account(&change.account)))
    }

    /// The update of an account. One that is adopted may have no profile to put fields into, and gets it first. More
    /// fields than one update can name are stored first too, without the fingerprint and the revision, so that a run
    /// which dies in between finds the rest again.
    pub(crate) async fn update_of(self, change: &Change) -> Result<Update, Error> {
        let mut writes = self.writes_of(change)?;
        if change.links && writes.has_profile() {
            self.make_profile(change).await?;
        }
        while let Some(excess) = writes.take_excess() {
            self.send(change, excess.into_update(change, self.write.fence))
                .await?;
        }
        Ok(writes.into_update(change, self.write.fence))
    }

    async fn make_profile(self, change: &Change) -> Result<(), Error> {
        let sent = self
            .team
            .client
            .update_item()
            .table_name(&self.team.table)
            .set_key(Some(self.team.keys.account(&change.account)))
            .update_expression("SET #profile = :empty")
            .condition_expression("attribute_exists(#pk) AND attribute_not_exists(#profile)")
            .expression_attribute_names("#profile", PROFILE)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":empty", AttributeValue::M(Item::new()))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
            _ => Err(Error::of(OPERATION)(error)),
        }
    }
}
