//! Carrying out the plan.

use std::collections::HashMap;

use provisioning::{AccountId, ChangeKind, Counts, SkipReason};
use team_directory::{Applied, WriteContext, slices};
use tenant_store::{ChangeRow, Release};
use tracing::info;

use crate::attempt::{Attempt, Ending, RunError};
use crate::read::Planned;

/// Changes between two looks at the clock and the lease.
pub(crate) const CHANGES_AT_ONCE: usize = 250;

impl Attempt<'_> {
    /// Applies a plan slice by slice, each recorded before it is written, while the lease and the time last.
    pub(crate) async fn write(&mut self, planned: Planned) -> Result<Ending, RunError> {
        let Planned {
            mut plan,
            team_was_empty,
        } = planned;
        self.record.held = Counts::of(&plan.held);
        self.record.hold = plan.hold;
        self.record.planned = plan.counts();
        if let Some(hold) = &plan.hold {
            info!(guard = %hold, held = self.record.held.total(), "a part of the plan waits for a person");
        }
        let held = std::mem::take(&mut plan.held);
        let (changes, targets, mut findings) = plan.into_parts();
        let mut skipped = std::mem::take(&mut findings.skipped);
        self.record.findings = findings;

        let run = self.lease.run.clone();
        let team = self.worker.directory.team(&run.tenant);
        let mut log = self.worker.runs.change_log(&run, self.lease.fence);
        let mut applied = Applied::default();
        let held = held.iter().filter_map(|change| ChangeRow::of(change, &targets));
        log.write_held(held.collect()).await?;
        for slice in slices(&changes, CHANGES_AT_ONCE) {
            let now = self.worker.clock.now();
            if now >= self.stop_writing_at {
                self.record.failure = Some("outOfTime".to_owned());
                // It counts: the next attempt then knows that this one has written.
                let release = Release::HandedBack {
                    counts: true,
                    suspicion: None,
                };
                return Ok(Ending::HandedBack {
                    after: jiff::SignedDuration::ZERO,
                    release,
                });
            }
            self.worker.tenants.confirm(&self.lease, now).await?;
            let rows = slice
                .iter()
                .filter_map(|change| ChangeRow::of(change, &targets))
                .collect();
            log.write(rows, std::mem::take(&mut skipped)).await?;
            let context = WriteContext {
                fence: self.lease.fence,
                due_at: run.due_at,
                now,
                team_was_empty,
            };
            team.apply(slice, &targets, &context, &mut applied).await?;
        }
        log.write(Vec::new(), skipped).await?;

        let void = u32::try_from(applied.changed_meanwhile.len()).unwrap_or(u32::MAX);
        if void > 0 {
            *self
                .record
                .findings
                .skips
                .entry(SkipReason::ChangedMeanwhile)
                .or_default() += void;
        }
        self.record.applied = if self.lease.attempt > 1 {
            self.applied_by_all(&applied).await?
        } else {
            applied.counts
        };
        Ok(Ending::Finished {
            is_fully_applied: self.record.hold.is_none() && void == 0,
        })
    }

    /// What this and all earlier attempts at the run have done. An attempt that died has recorded what it was about to do;
    /// whatever of that it did not do is planned, and recorded, again.
    async fn applied_by_all(&self, last: &Applied) -> Result<Counts, RunError> {
        let mut kinds = self.recorded().await?;
        for void in &last.changed_meanwhile {
            kinds.remove(&void.account);
        }
        let mut counts = Counts::default();
        for kind in kinds.into_values() {
            counts.add(kind);
        }
        Ok(counts)
    }

    /// What earlier attempts at the run were about to do, by account.
    pub(crate) async fn recorded(&self) -> Result<HashMap<AccountId, ChangeKind>, RunError> {
        let mut kinds = HashMap::new();
        if self.lease.attempt > 1 {
            let mut pages = self.worker.runs.rows(&self.lease.run);
            while let Some(page) = pages.next().await {
                kinds.extend(page?.changes.into_iter().map(|row| (row.account, row.kind)));
            }
        }
        Ok(kinds)
    }
}
