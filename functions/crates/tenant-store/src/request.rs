//! A run that an admin asks for, beside the nights.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use jiff::{SignedDuration, Timestamp};
use provisioning::{RunId, TenantId};

use crate::keys::{Partition, RUN_STATE, instant, number, to_second};
use crate::{Error, RunState, TenantStore};

const OPERATION: &str = "request a run";
/// A request that no worker has taken up for so long may have lost its message: whoever asks next sends another.
const LOST_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// A run that is not over after so long has lost its message, or waits longer than anybody would.
const OVERDUE_AFTER: SignedDuration = SignedDuration::from_hours(6);
/// Somebody else's write between reading and writing is overcome so often.
const MOST_TRIES: u8 = 5;

/// What came of asking for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestOutcome {
    /// The run is to be begun: a message shall be sent for it.
    Requested(RunId),
    /// This run was requested just before, or is under way.
    UnderWay {
        /// The run.
        run: RunId,
        /// Whether a worker is at it. Otherwise its message may be far from coming again, and another does no harm.
        is_leased: bool,
    },
    /// The connection is disabled.
    Disabled,
    /// There is no connection.
    NotConnected,
}

impl TenantStore {
    /// Asks for a run at once. Its due instant is the present, or the first second after it that no other run of the
    /// tenant has.
    pub async fn request_run(&self, tenant: &TenantId, now: Timestamp) -> Result<RequestOutcome, Error> {
        for _ in 0..MOST_TRIES {
            let state = self.run_state(tenant).await?.unwrap_or_default();
            if state.due_shard.is_none() {
                return Ok(match self.connection(tenant).await? {
                    Some(_) => RequestOutcome::Disabled,
                    None => RequestOutcome::NotConnected,
                });
            }
            let run = |due_at| RunId {
                tenant: tenant.clone(),
                due_at,
            };
            if let Some(under_way) = under_way(&state, now) {
                return Ok(RequestOutcome::UnderWay {
                    run: run(under_way),
                    is_leased: is_leased(&state, now),
                });
            }
            let due_at = match state.requested_due_at {
                Some(lost) => lost,
                None => free_instant(&state, now),
            };
            if self.note_request(tenant, &state, due_at).await? {
                return Ok(RequestOutcome::Requested(run(due_at)));
            }
        }
        Err(Error::Unavailable {
            operation: OPERATION,
            source: "the state of the runs changes all the time".into(),
        })
    }

    /// False if something happened to the tenant's runs meanwhile.
    async fn note_request(
        &self,
        tenant: &TenantId,
        state: &RunState,
        due_at: Timestamp,
    ) -> Result<bool, Error> {
        // Of two who ask for the first time at once, the second finds the other's request.
        let as_read = match state.requested_due_at {
            Some(_) => "requested_due_at = :due",
            None => "attribute_not_exists(requested_due_at)",
        };
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(RUN_STATE)))
            .update_expression("SET requested_due_at = :due")
            .condition_expression(format!(
                "attribute_exists(due_shard) AND fence = :fence AND {as_read}"
            ))
            .expression_attribute_values(":fence", number(state.fence))
            .expression_attribute_values(":due", instant(due_at))
            .send()
            .await;
        let Err(error) = sent else { return Ok(true) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
            _ => Err(Error::of(OPERATION)(error)),
        }
    }
}

/// The run that makes another one needless.
fn under_way(state: &RunState, now: Timestamp) -> Option<Timestamp> {
    let is_within = |at: Timestamp, time| now.duration_since(at) < time;
    let requested = state
        .requested_due_at
        .filter(|&due_at| is_within(due_at, LOST_AFTER));
    let begun = state
        .run_due_at
        .filter(|&due_at| !state.run_done && (is_leased(state, now) || is_within(due_at, OVERDUE_AFTER)));
    requested.or(begun)
}

fn is_leased(state: &RunState, now: Timestamp) -> bool {
    state.lease_expires_at.is_some_and(|until| until > now)
}

fn free_instant(state: &RunState, now: Timestamp) -> Timestamp {
    let second = SignedDuration::from_secs(1);
    let mut due_at = to_second(now);
    while [state.run_due_at, state.next_due_at].contains(&Some(due_at)) {
        due_at += second;
    }
    due_at
}
