//! Taking a tenant for one run, so that no two workers ever sync it at once.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
use provisioning::{RunId, TenantId};

use crate::item::from_item;
use crate::keys::{Partition, RUN_STATE, instant, number};
use crate::{Error, RunState, TenantStore, Trigger};

const OPERATION: &str = "take a lease";
pub(crate) const IS_FREE: &str = "(attribute_not_exists(lease_expires_at) OR lease_expires_at <= :now)";

/// Who wants to run what.
#[derive(Debug, Clone)]
pub struct LeaseRequest<'a> {
    /// The run, as the message names it.
    pub run: &'a RunId,
    /// Who asks: an id that no other invocation has.
    pub owner: &'a str,
    /// The present.
    pub now: Timestamp,
    /// When the lease ends by itself: later than the invocation can.
    pub expires_at: Timestamp,
    /// When the tenant is due after this run, if this is the one it is due for.
    pub next_due_at: Timestamp,
}

/// A tenant taken for one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The run.
    pub run: RunId,
    /// Who took it.
    pub owner: String,
    /// Higher than that of every earlier lease of the tenant.
    pub fence: u64,
    /// What led to the run.
    pub trigger: Trigger,
    /// How often the run was begun, this time included.
    pub attempt: u32,
    /// When the lease ends by itself.
    pub expires_at: Timestamp,
    /// What earlier runs left.
    pub state: RunState,
}

/// What came of asking for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseOutcome {
    /// The run may begin, or begin again.
    Taken(Box<Lease>),
    /// Another worker has the tenant. The message waits until then.
    Busy {
        /// When that worker's lease ends at the latest.
        until: Timestamp,
    },
    /// This very run is over: the message came twice.
    AlreadyDone,
    /// The tenant is not due at this instant, or no longer: it was rescheduled, or a later run has begun.
    Stale,
    /// The connection is disabled.
    Disabled,
    /// There is no such tenant.
    Unknown,
}

/// A lease can be taken for a run in three ways, told apart by a condition each.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// The tenant is due: its next due instant moves on with the lease.
    Fresh,
    /// An admin asked for the run: the request is taken up, and the next night stays where it is.
    Requested,
    /// The run was begun and not finished.
    Resumed,
}

impl TenantStore {
    /// Takes the lease, raises the fence, counts the attempt and, for a fresh run, moves the next due instant on: all
    /// with one conditional write.
    pub async fn lease(&self, request: &LeaseRequest<'_>) -> Result<LeaseOutcome, Error> {
        let found = match self.take(request, Way::Fresh).await? {
            Ok(lease) => return Ok(LeaseOutcome::Taken(Box::new(lease))),
            Err(state) => state,
        };
        match refusal(request, found.as_ref()) {
            Some(outcome) => Ok(outcome),
            None => match self.take(request, request.way(found.as_ref())).await? {
                Ok(lease) => Ok(LeaseOutcome::Taken(Box::new(lease))),
                // Somebody was faster between the two writes. To come back after no time at all is soon enough.
                Err(state) => {
                    Ok(refusal(request, state.as_ref()).unwrap_or(LeaseOutcome::Busy { until: request.now }))
                }
            },
        }
    }

    /// Checks that the lease is still this worker's and not voided by an admin; otherwise [`Error::LeaseLost`].
    pub async fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<(), Error> {
        self.confirm_owner(
            &lease.run.tenant,
            &lease.owner,
            lease.fence,
            lease.expires_at,
            now,
        )
        .await
    }

    pub(crate) async fn confirm_owner(
        &self,
        tenant: &TenantId,
        owner: &str,
        fence: u64,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let state = self.run_state(tenant).await?.unwrap_or_default();
        let is_ours = state.fence == fence && state.lease_owner.as_deref() == Some(owner);
        if is_ours && now < expires_at {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }

    /// The state of a tenant's runs.
    pub async fn run_state(&self, tenant: &TenantId) -> Result<Option<RunState>, Error> {
        const OPERATION: &str = "read the state of a tenant's runs";
        let item = self.item(OPERATION, tenant, RUN_STATE).await?;
        item.map(|item| from_item(OPERATION, item)).transpose()
    }

    /// One conditional write; when its condition fails, the state it found.
    async fn take(
        &self,
        request: &LeaseRequest<'_>,
        way: Way,
    ) -> Result<Result<Lease, Option<RunState>>, Error> {
        let (sets, condition) = match way {
            Way::Fresh => (
                "run_due_at = :due, run_trigger = :trigger, run_attempts = :one, run_done = :false, \
                 last_night_at = :due, next_due_at = :next",
                "next_due_at = :due",
            ),
            Way::Requested => (
                "run_due_at = :due, run_trigger = :trigger, run_attempts = :one, run_done = :false \
                 REMOVE requested_due_at",
                "requested_due_at = :due",
            ),
            Way::Resumed => (
                "run_attempts = run_attempts + :one",
                "run_due_at = :due AND run_done = :false",
            ),
        };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Partition::of(&request.run.tenant).item(RUN_STATE)))
            .update_expression(format!(
                "SET lease_owner = :owner, lease_expires_at = :expires_at, fence = fence + :one, {sets}"
            ))
            .condition_expression(format!(
                "attribute_exists(due_shard) AND {condition} AND {IS_FREE}"
            ))
            .expression_attribute_values(":owner", AttributeValue::S(request.owner.to_owned()))
            .expression_attribute_values(":expires_at", number(request.expires_at.as_millisecond()))
            .expression_attribute_values(":now", number(request.now.as_millisecond()))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":false", AttributeValue::Bool(false))
            .expression_attribute_values(":due", instant(request.run.due_at))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let trigger = match way {
            Way::Fresh => Some(Trigger::Night),
            Way::Requested => Some(Trigger::Admin),
            Way::Resumed => None,
        };
        if let Some(trigger) = trigger {
            let trigger = AttributeValue::S(trigger.key().to_owned());
            update = update.expression_attribute_values(":trigger", trigger);
        }
        if let Way::Fresh = way {
            update = update.expression_attribute_values(":next", instant(request.next_due_at));
        }

        let error = match update.send().await {
            Ok(output) => {
                return Ok(Ok(
                    request.taken(from_item(OPERATION, output.attributes.unwrap_or_default())?)
                ));
            }
            Err(error) => error,
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(Error::of(OPERATION)(error));
        };
        let found: Option<RunState> = failed
            .item()
            .cloned()
            .map(|item| from_item(OPERATION, item))
            .transpose()?;
        match found {
            // The answer to a first attempt was lost, and the SDK repeated it.
            Some(state) if request.holds(&state) => Ok(Ok(request.taken(state))),
            found => Ok(Err(found)),
        }
    }
}

impl LeaseRequest<'_> {
    fn holds(&self, state: &RunState) -> bool {
        state.lease_owner.as_deref() == Some(self.owner)
            && state.run_due_at == Some(self.run.due_at)
            && !state.run_done
    }

    /// How the run can be begun, if it is not the one that is due.
    fn way(&self, state: Option<&RunState>) -> Way {
        match state {
            Some(state) if state.requested_due_at == Some(self.run.due_at) => Way::Requested,
            _ => Way::Resumed,
        }
    }

    fn taken(&self, state: RunState) -> Lease {
        Lease {
            run: self.run.clone(),
            owner: self.owner.to_owned(),
            fence: state.fence,
            trigger: state.run_trigger,
            attempt: state.run_attempts,
            expires_at: self.expires_at,
            state,
        }
    }
}

/// Why a run may not begin with this state, or `None` if it was requested, or begun, and is free to be taken up.
fn refusal(request: &LeaseRequest<'_>, state: Option<&RunState>) -> Option<LeaseOutcome> {
    let Some(state) = state else {
        return Some(LeaseOutcome::Unknown);
    };
    let due_at = Some(request.run.due_at);
    if state.due_shard.is_none() {
        return Some(LeaseOutcome::Disabled);
    }
    if state.run_due_at == due_at && state.run_done {
        return Some(LeaseOutcome::AlreadyDone);
    }
    if ![state.run_due_at, state.next_due_at, state.requested_due_at].contains(&due_at) {
        return Some(LeaseOutcome::Stale);
    }
    match state.lease_expires_at {
        Some(until) if until > request.now => Some(LeaseOutcome::Busy { until }),
        _ => None,
    }
}
