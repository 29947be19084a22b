//! Taking a tenant that was disconnected, so that no run that is still under way writes beside the housekeeping.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
use provisioning::TenantId;

use crate::item::from_item;
use crate::keys::{Partition, RUN_STATE, number};
use crate::lease::IS_FREE;
use crate::{Error, RunState, TenantStore};

/// A tenant taken for housekeeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The tenant.
    pub tenant: TenantId,
    /// Who took it.
    pub owner: String,
    /// The fence since the tenant was disconnected.
    pub fence: u64,
    /// When the hold ends by itself.
    pub expires_at: Timestamp,
}

/// What came of asking for a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldOutcome {
    /// The housekeeping may begin, or begin again.
    Taken(Hold),
    /// A worker has the tenant.
    Busy {
        /// When its lease ends at the latest.
        until: Timestamp,
    },
    /// The tenant was connected again since.
    Superseded,
}

impl TenantStore {
    /// Takes a tenant whose fence is still that of its disconnection. Unlike a lease it is about no run.
    pub async fn hold(
        &self,
        tenant: &TenantId,
        fence: u64,
        owner: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<HoldOutcome, Error> {
        const OPERATION: &str = "hold a tenant";
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(RUN_STATE)))
            .update_expression("SET lease_owner = :owner, lease_expires_at = :expires_at")
            .condition_expression(format!("fence = :fence AND ({IS_FREE} OR lease_owner = :owner)"))
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
            .expression_attribute_values(":expires_at", number(expires_at.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":fence", number(fence))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(HoldOutcome::Taken(Hold {
                tenant: tenant.clone(),
                owner: owner.to_owned(),
                fence,
                expires_at,
            }));
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(Error::of(OPERATION)(error));
        };
        let state: RunState = from_item(OPERATION, failed.item().cloned().unwrap_or_default())?;
        Ok(match state.lease_expires_at {
            Some(until) if state.fence == fence => HoldOutcome::Busy { until },
            _ => HoldOutcome::Superseded,
        })
    }

    /// Checks that the hold is still this worker's; otherwise [`Error::LeaseLost`].
    pub async fn confirm_hold(&self, hold: &Hold, now: Timestamp) -> Result<(), Error> {
        self.confirm_owner(&hold.tenant, &hold.owner, hold.fence, hold.expires_at, now)
            .await
    }

    /// Ends a hold. One that was lost needs no end.
    pub async fn let_go(&self, hold: &Hold) -> Result<(), Error> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Partition::of(&hold.tenant).item(RUN_STATE)))
            .update_expression("REMOVE lease_owner, lease_expires_at")
            .condition_expression("lease_owner = :owner")
            .expression_attribute_values(":owner", AttributeValue::S(hold.owner.clone()))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
            _ => Err(Error::of("let a tenant go")(error)),
        }
    }
}
