//! One attempt at a run, under its lease: what it does, how it ends, and what it leaves behind.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use provisioning::{
    AccountId, ChangeKind, FieldId, History, HoldReason, Mapping, SkipReason, Target, Today, Withheld,
};
use tenant_store::{
    Attention, AttentionCause, Connection, Lease, Release, RunRecord, RunStatus, ServiceUser, Trigger,
};
use tracing::{info, warn};

use crate::SyncWorker;
use crate::asking::Met;
use crate::progress::{Of, Progress};
use crate::queues::QueueError;
use crate::read::{Decided, ReadError, Reading, as_instant, read_and_plan};

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

/// A run is not begun more often; the next night is another run.
const MOST_ATTEMPTS: u32 = 6;
/// The shortest wait for a tenant that another worker has.
pub(crate) const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(5);

/// One attempt at a run, under its lease.
pub(crate) struct Attempt<'a> {
    pub(crate) worker: &'a SyncWorker,
    pub(crate) lease: Lease,
    pub(crate) connection: Connection,
    pub(crate) today: Today,
    pub(crate) record: RunRecord,
    /// Accounts that earlier attempts were about to deactivate.
    pub(crate) deactivating: HashSet<AccountId>,
    /// The fields that fill the address.
    pub(crate) address_fields: Vec<FieldId>,
    pub(crate) stop_writing_at: Timestamp,
    pub(crate) stop_reading_at: Timestamp,
}

impl Attempt<'_> {
    pub(crate) async fn sync(&mut self) -> Result<Ending, RunError> {
        if let Some(ending) = self.before_second_try() {
            return Ok(ending);
        }
        let recorded = self.recorded().await?.into_iter();
        let removals = recorded.filter(|(_, kind)| matches!(kind, ChangeKind::Deactivate(_)));
        self.deactivating = removals.map(|(account, _)| account).collect();
        if self.lease.attempt > MOST_ATTEMPTS {
            return Ok(Ending::GivenUp("tooManyAttempts"));
        }
        let tenant = self.lease.run.tenant.clone();
        let saved = match self.worker.tenants.mapping(&tenant).await {
            Ok(Some(saved)) => saved,
            Ok(None) => return Ok(Ending::NoMapping),
            Err(tenant_store::Error::Malformed { .. }) => {
                return self.needs_attention(AttentionCause::MappingUnusable).await;
            }
            Err(error) => return Err(error.into()),
        };
        self.record.mapping_version = Some(saved.version);
        let is_cleared = self.lease.state.cleared_mapping_version == Some(saved.version);
        let removals_seen = saved.removals_seen || is_cleared;
        let mapping = match Mapping::try_from(saved.document) {
            Ok(mapping) => mapping,
            Err(error) => {
                warn!(error = %error, "the mapping is not valid");
                return self.needs_attention(AttentionCause::MappingUnusable).await;
            }
        };
        let address = mapping
            .entries()
            .iter()
            .filter(|entry| entry.target == Target::EMAIL);
        let sources = address.flat_map(|entry| &entry.sources);
        self.address_fields = sources.map(|source| source.id.clone()).collect();
        let service_user = match self.worker.vault.service_user(&tenant).await {
            Ok(service_user) => service_user,
            Err(tenant_store::Error::NoToken) => {
                return self.needs_attention(AttentionCause::TokenMissing).await;
            }
            Err(error) => return Err(error.into()),
        };
        // At night nobody presses a button, and each tenant has one.
        let is_counted = self.record.trigger == Trigger::Admin;
        if is_counted && !self.worker.may_ask(&tenant).await? {
            return Ok(Ending::GivenUp("tooManyRefusals"));
        }
        let reading = self.read(&mapping, removals_seen, service_user).await;
        self.record.hibob_calls = reading.usage.calls;
        if is_counted {
            let met = match &reading.result {
                Err(ReadError::Hibob(error)) => self.worker.met(error),
                _ => Met::Other,
            };
            self.worker.asked(&tenant, met).await;
        }
        match reading.result {
            Ok(planned) => {
                self.worker
                    .tenants
                    .note_run(self.worker.clock.now(), false)
                    .await?;
                self.write(planned).await
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

    async fn read(&self, mapping: &Mapping, removals_seen: bool, service_user: ServiceUser) -> Reading {
        let team = self.worker.directory.team(&self.lease.run.tenant);
        let decided = Decided {
            mapping,
            policy: &self.connection.policy,
            today: &self.today,
            history: &self.lease.state.history,
            deactivating: &self.deactivating,
            removals_seen,
        };
        let of = match self.record.trigger {
            Trigger::Night => Of::Night,
            Trigger::Admin => Of::Run(&self.lease, &self.record),
        };
        let progress = Progress::new(self.worker, of);
        progress.tell().await;
        let until = as_instant(self.stop_reading_at, self.worker.clock.now());
        read_and_plan(&self.worker.hibob, service_user, &team, &decided, until, progress).await
    }

    /// Records the attempt and gives the lease back.
    pub(crate) async fn settle(mut self, ending: Ending) -> Result<Verdict, RunError> {
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
                let release = Release::Finished {
                    history,
                    cleared_mapping: self.cleared_mapping(),
                };
                (status, release, Verdict::Done)
            }
            Ending::AnswerRefused => {
                let release = Release::Finished {
                    history: self.history_so_far(),
                    cleared_mapping: None,
                };
                (RunStatus::Refused, release, Verdict::Done)
            }
            Ending::NeedsAttention(attention) => (
                RunStatus::NeedsAttention,
                Release::NeedsAttention(attention),
                Verdict::Done,
            ),
            Ending::HandedBack { after, release } => {
                (RunStatus::HandedBack, release, Verdict::ComesAgain(after))
            }
            Ending::NoMapping => (RunStatus::WaitingForMapping, self.given_up(), Verdict::Done),
            Ending::GivenUp(reason) => {
                self.record.failure = Some(reason.to_owned());
                (RunStatus::Failed, self.given_up(), Verdict::Done)
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

    /// The mapping's version, if this run has shown all that it removes and renames, and none of that waits to be seen:
    /// without the fields that fill the address, or with changes that were dropped, more may come.
    fn cleared_mapping(&self) -> Option<u64> {
        let RunRecord { hold, findings, .. } = &self.record;
        let waits = matches!(hold, Some(HoldReason::MappingChanged { .. }));
        let is_withheld = |withheld: &Withheld| self.address_fields.contains(&withheld.field);
        let is_partial = findings.skips.contains_key(&SkipReason::ChangedMeanwhile)
            || findings.withheld.iter().any(is_withheld);
        self.record.mapping_version.filter(|_| !waits && !is_partial)
    }

    /// The history with what earlier attempts may have removed. No attempt of this answer's has changed anything.
    fn history_so_far(&self) -> History {
        let removed = u32::try_from(self.deactivating.len()).unwrap_or(u32::MAX);
        let history = self.lease.state.history.clone();
        history.after(self.today.date(), removed, None)
    }

    fn given_up(&self) -> Release {
        Release::GivenUp {
            history: self.history_so_far(),
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
