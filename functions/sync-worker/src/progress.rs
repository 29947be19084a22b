//! Telling an admin who waits how far it has come.

use jiff::{SignedDuration, Timestamp};
use startup::Chain;
use tenant_store::{Lease, RunRecord, TaskId};
use tracing::debug;

use crate::SyncWorker;
use provisioning::TenantId;

/// Told no more often, unless so many people came meanwhile.
const AT_MOST_EVERY: SignedDuration = SignedDuration::from_secs(1);
const PEOPLE: u32 = 5_000;

/// How many people were read so far, told now and then.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    worker: &'a SyncWorker,
    of: Of<'a>,
    people: u32,
    told_at: Timestamp,
    told: u32,
}

/// Whose progress it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of<'a> {
    /// Nobody waits for a night.
    Night,
    /// A run that an admin asked for.
    Run(&'a Lease, &'a RunRecord),
    /// A task, in one of its stages.
    Task(&'a TenantId, &'a TaskId, &'static str),
}

impl<'a> Progress<'a> {
    pub(crate) fn new(worker: &'a SyncWorker, of: Of<'a>) -> Self {
        Self {
            worker,
            of,
            people: 0,
            told_at: worker.clock.now(),
            told: 0,
        }
    }

    /// One more person was read.
    pub(crate) async fn count(&mut self) {
        self.people += 1;
        if matches!(self.of, Of::Night) {
            return;
        }
        let now = self.worker.clock.now();
        if self.people - self.told >= PEOPLE || now.duration_since(self.told_at) >= AT_MOST_EVERY {
            (self.told_at, self.told) = (now, self.people);
            self.tell().await;
        }
    }

    /// Says how far it is. What is not told now is told later, or not at all: nothing depends on it.
    pub(crate) async fn tell(&self) {
        let told = match self.of {
            Of::Night => Ok(()),
            Of::Run(lease, record) => {
                let mut record = record.clone();
                record.findings.people = self.people;
                let runs = &self.worker.runs;
                runs.record(&lease.run.tenant, lease.fence, &record).await
            }
            Of::Task(tenant, id, stage) => {
                let people = (self.people > 0).then_some(self.people);
                self.worker.tasks.progress(tenant, id, stage, people).await
            }
        };
        if let Err(error) = told {
            debug!(error = %Chain(&error), "progress was not told");
        }
    }
}
