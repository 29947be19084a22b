//! The way of a run: who may begin it, and what becomes of the message that asked for it.

use jiff::{SignedDuration, Timestamp};
use provisioning::{RunId, Today};
use startup::Chain;
use tenant_store::{LeaseOutcome, LeaseRequest, Release, RunRecord, Versioned};
use tracing::warn;

use crate::SyncWorker;
use crate::attempt::{Attempt, RunError, SHORTEST_WAIT, Verdict};

/// The invocation a run happens in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invocation<'a> {
    /// Lambda's request id: no other invocation has it.
    pub(crate) id: &'a str,
    /// When Lambda ends the invocation.
    pub(crate) deadline: Timestamp,
}

/// A lease outlives its invocation by this much, so that no two workers ever write at once.
pub(crate) const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// Writing stops this long before the invocation ends, to leave time for the record and the release.
pub(crate) const WRITING_MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// Reading HiBob stops this long before the invocation ends.
pub(crate) const READING_MARGIN: SignedDuration = SignedDuration::from_secs(60);

impl SyncWorker {
    pub(crate) async fn run(&self, run: &RunId, invocation: Invocation<'_>) -> Result<Verdict, RunError> {
        let now = self.clock.now();
        let Some(Versioned {
            value: connection, ..
        }) = self.tenants.connection(&run.tenant).await?
        else {
            return Ok(Verdict::Dropped("there is no such tenant"));
        };
        if !connection.enabled {
            return Ok(Verdict::Dropped("the connection is disabled"));
        }
        let request = LeaseRequest {
            run,
            owner: invocation.id,
            now,
            expires_at: invocation.deadline + LEASE_MARGIN,
            // An hour that was changed since this run became due must not bring its date a second night.
            next_due_at: connection
                .night
                .next_of_another_date(Some(run.due_at), now.max(run.due_at)),
        };
        let lease = match self.tenants.lease(&request).await? {
            LeaseOutcome::Taken(lease) => *lease,
            LeaseOutcome::Busy { until } => {
                return Ok(Verdict::ComesAgain(until.duration_since(now).max(SHORTEST_WAIT)));
            }
            LeaseOutcome::AlreadyDone => return Ok(Verdict::Dropped("the run is over")),
            LeaseOutcome::Stale => return Ok(Verdict::Dropped("the tenant is not due at this instant")),
            LeaseOutcome::Disabled => return Ok(Verdict::Dropped("the connection is disabled")),
            LeaseOutcome::Unknown => return Ok(Verdict::Dropped("there is no such tenant")),
        };
        let today = Today::new(now, connection.night.time_zone().clone());
        let mut attempt = Attempt {
            worker: self,
            deactivating: std::collections::HashSet::new(),
            record: RunRecord::begun(run.due_at, lease.trigger, lease.attempt, now),
            connection,
            today,
            lease,
            address_fields: Vec::new(),
            stop_writing_at: invocation.deadline - WRITING_MARGIN,
            stop_reading_at: invocation.deadline - READING_MARGIN,
        };
        let ending = match attempt.sync().await {
            Ok(ending) => ending,
            Err(error) => {
                let release = Release::HandedBack {
                    counts: true,
                    suspicion: None,
                };
                if let Err(error) = self.tenants.release(&attempt.lease, release).await {
                    warn!(error = %Chain(&error), "the lease ends by itself");
                }
                return Err(error);
            }
        };
        attempt.settle(ending).await
    }
}
