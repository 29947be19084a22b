//! One run of one tenant, from the lease to its release.

use jiff::{SignedDuration, Timestamp};
use provisioning::{Mapping, RunId, Today};
use startup::Chain;
use tenant_store::{
    Attention, AttentionCause, Connection, Lease, LeaseOutcome, LeaseRequest, Release, RunRecord, RunStatus,
    ServiceUser, Versioned,
};
use tracing::{info, warn};

use crate::SyncWorker;
use crate::queues::QueueError;
use crate::read::{Decided, ReadError, Reading, as_instant, read_and_plan};
use crate::write::WriteError;

/// The invocation a run happens in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invocation<'a> {
    /// Lambda's request id: no other invocation has it.
    pub(crate) id: &'a str,
    /// When Lambda ends the invocation.
    pub(crate) deadline: Timestamp,
}

/// What becomes of the message that asked for a run.
#[derive(Debug)]
pub(crate) enum Verdict {
    Done,
    Dropped(&'static str),
    ComesAgain(SignedDuration),
}

/// A run could not go on for a reason on our side. The message comes again and the next attempt finishes the work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("could not use the tenant's stores")]
    Store(#[from] tenant_store::Error),
    #[error("could not use the team's accounts")]
    Directory(#[from] team_directory::Error),
    #[error("could not use a queue")]
    Queue(#[from] QueueError),
}

/// How an attempt ended. What it found and did is in the run's record.
#[derive(Debug)]
pub(crate) enum Ending {
    /// The plan was carried out, or as much of it as the guards let through.
    Finished { is_fully_applied: bool },
    /// The answer was recognised as bad.
    AnswerRefused,
    /// Only a person can mend the connection.
    NeedsAttention(Attention),
    /// The attempt goes on when the message comes again.
    HandedBack { after: SignedDuration, release: Release },
    /// The admin has not mapped any field yet.
    NoMapping,
    /// Nothing can be done before the next night.
    GivenUp(&'static str),
}

/// A lease outlives its invocation by this much, so that no two workers ever write at once.
const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// Writing stops this long before the invocation ends, to leave time for the record and the release.
const WRITING_MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// Reading HiBob stops this long before the invocation ends.
const READING_MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// A run is not begun more often; the next night is another run.
const MOST_ATTEMPTS: u32 = 6;
/// The shortest wait for a tenant that another worker has.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(5);

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
            next_due_at: connection.night.next_after(now.max(run.due_at)),
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
            record: RunRecord::begun(run.due_at, lease.attempt, now),
            connection,
            today,
            lease,
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

/// One attempt at a run, under its lease.
pub(crate) struct Attempt<'a> {
    pub(crate) worker: &'a SyncWorker,
    pub(crate) lease: Lease,
    pub(crate) connection: Connection,
    pub(crate) today: Today,
    pub(crate) record: RunRecord,
    pub(crate) stop_writing_at: Timestamp,
    stop_reading_at: Timestamp,
}

impl Attempt<'_> {
    async fn sync(&mut self) -> Result<Ending, RunError> {
        if self.lease.attempt > MOST_ATTEMPTS {
            return Ok(Ending::GivenUp("tooManyAttempts"));
        }
        if let Some(ending) = self.before_second_try() {
            return Ok(ending);
        }
        let tenant = self.lease.run.tenant.clone();
        let Some(Versioned {
            version,
            value: document,
        }) = self.worker.tenants.mapping(&tenant).await?
        else {
            return Ok(Ending::NoMapping);
        };
        self.record.mapping_version = Some(version);
        let mapping = match Mapping::try_from(document) {
            Ok(mapping) => mapping,
            Err(error) => {
                warn!(error = %error, "the mapping is not valid");
                return self.needs_attention(AttentionCause::MappingUnusable).await;
            }
        };
        let service_user = match self.worker.vault.service_user(&tenant).await {
            Ok(service_user) => service_user,
            Err(tenant_store::Error::NoToken) => {
                return self.needs_attention(AttentionCause::TokenMissing).await;
            }
            Err(error) => return Err(error.into()),
        };
        let reading = self.read(&mapping, service_user).await;
        self.record.hibob_calls = reading.usage.calls;
        match reading.result {
            Ok(planned) => {
                self.worker
                    .tenants
                    .note_run(self.worker.clock.now(), false)
                    .await?;
                match self.write(planned).await {
                    Ok(ending) => Ok(ending),
                    Err(WriteError::Store(error)) => Err(error.into()),
                    Err(WriteError::Directory(error)) => Err(error.into()),
                }
            }
            Err(ReadError::Refused(refused)) => {
                self.worker
                    .tenants
                    .note_run(self.worker.clock.now(), false)
                    .await?;
                warn!(guard = %refused.refusal, "the answer is recognised as bad");
                self.record.findings = refused.findings;
                self.record.refusal = Some(refused.refusal);
                Ok(Ending::AnswerRefused)
            }
            Err(ReadError::Hibob(error)) => self.hibob_failed(&error).await,
            Err(ReadError::Directory(error)) => Err(error.into()),
        }
    }

    async fn read(&self, mapping: &Mapping, service_user: ServiceUser) -> Reading {
        let team = self.worker.directory.team(&self.lease.run.tenant);
        let decided = Decided {
            mapping,
            policy: &self.connection.policy,
            today: &self.today,
            history: &self.lease.state.history,
        };
        let until = as_instant(self.stop_reading_at, self.worker.clock.now());
        read_and_plan(&self.worker.hibob, service_user, &team, &decided, until).await
    }

    /// Records the attempt and gives the lease back.
    async fn settle(mut self, ending: Ending) -> Result<Verdict, RunError> {
        let (status, release, verdict) = match ending {
            Ending::Finished { is_fully_applied } => {
                let people = is_fully_applied.then_some(self.record.findings.people);
                let history = self.lease.state.history.clone();
                let history = history.after(self.today.date(), self.record.applied.deactivated, people);
                let status = if self.record.hold.is_some() {
                    RunStatus::Held
                } else {
                    RunStatus::Applied
                };
                (status, Release::Finished { history }, Verdict::Done)
            }
            Ending::AnswerRefused => {
                let history = self.lease.state.history.clone();
                (RunStatus::Refused, Release::Finished { history }, Verdict::Done)
            }
            Ending::NeedsAttention(attention) => (
                RunStatus::NeedsAttention,
                Release::NeedsAttention(attention),
                Verdict::Done,
            ),
            Ending::HandedBack { after, release } => {
                (RunStatus::HandedBack, release, Verdict::ComesAgain(after))
            }
            Ending::NoMapping => (RunStatus::WaitingForMapping, Release::GivenUp, Verdict::Done),
            Ending::GivenUp(reason) => {
                self.record.failure = Some(reason.to_owned());
                (RunStatus::Failed, Release::GivenUp, Verdict::Done)
            }
        };
        let now = self.worker.clock.now();
        self.record.status = status;
        self.record.finished_at = Some(now);
        let duration = now.duration_since(self.record.started_at);
        self.record.duration_ms = u64::try_from(duration.as_millis()).unwrap_or_default();
        self.log();
        self.worker
            .runs
            .record(&self.lease.run.tenant, self.lease.fence, &self.record)
            .await?;
        match self.worker.tenants.release(&self.lease, release).await {
            Ok(()) => Ok(verdict),
            // An admin has replaced the token or disabled the connection meanwhile: what is to be done is decided anew.
            Err(tenant_store::Error::LeaseLost) => Ok(Verdict::ComesAgain(SHORTEST_WAIT)),
            Err(error) => Err(error.into()),
        }
    }

    fn log(&self) {
        let RunRecord {
            status,
            applied,
            held,
            findings,
            ..
        } = &self.record;
        info!(
            run.status = ?status,
            run.attempt = self.record.attempts,
            run.duration_ms = self.record.duration_ms,
            run.failure = self.record.failure,
            people = findings.people,
            applied.created = applied.created,
            applied.updated = applied.updated,
            applied.deactivated = applied.deactivated,
            applied.reactivated = applied.reactivated,
            held = held.total(),
            withheld = findings.withheld.len(),
            "run ended"
        );
        crate::metrics::of_run(&self.lease.run.tenant, &self.record).emit(self.worker.clock.now());
    }
}
