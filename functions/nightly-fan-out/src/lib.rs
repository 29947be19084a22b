//! Asks the queue for one run of every tenant that is due. It decides nothing about a tenant: a run that is asked for twice
//! happens once, and one that was missed is still due at the next firing.

mod config;
mod queue;

pub use config::Config;
pub use queue::QueueError;

use futures::StreamExt;
use futures::stream;
use jiff::Timestamp;
use serde::Serialize;
use startup::{Clock, Metrics, Unit};
use tenant_store::{Shard, TenantStore};
use tracing::info;

use crate::queue::{BATCH, SyncQueue};

/// All of them: most are empty most of the time.
const SHARDS_AT_ONCE: usize = 16;
/// Batches of one shard on their way at once.
const BATCHES_AT_ONCE: usize = 4;

/// Asks for the runs that are due.
#[derive(Debug)]
pub struct NightlyFanOut {
    tenants: TenantStore,
    queue: SyncQueue,
    clock: Clock,
}

/// What one firing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FanOutReport {
    /// Tenants that were due.
    pub due: usize,
    /// Runs the queue took.
    pub sent: usize,
}

/// A firing did not reach everybody. Who was missed is due again at the next one.
#[derive(Debug, thiserror::Error)]
pub enum FanOutError {
    /// The index of due tenants could not be read.
    #[error("could not read who is due")]
    Due(#[from] tenant_store::Error),
    /// The queue could not be reached.
    #[error("could not ask for runs")]
    Queue(#[from] QueueError),
    /// The queue took a batch and left some entries.
    #[error("the queue did not take {0} messages")]
    Entries(usize),
}

impl NightlyFanOut {
    /// Wires the function.
    #[must_use]
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        sqs: aws_sdk_sqs::Client,
        config: Config,
        clock: Clock,
    ) -> Self {
        let queue = SyncQueue {
            client: sqs,
            url: config.sync_queue_url,
            spread_seconds: config.start_spread_seconds,
        };
        Self {
            tenants: TenantStore::new(dynamodb, config.tenants_table),
            queue,
            clock,
        }
    }

    /// Asks for one run of everybody who is due now.
    ///
    /// # Errors
    /// Somebody was missed. Calling again is safe.
    pub async fn handle(&self) -> Result<FanOutReport, FanOutError> {
        let now = self.clock.now();
        let shards: Vec<Result<FanOutReport, FanOutError>> = stream::iter(Shard::all())
            .map(|shard| self.fan_out(shard, now))
            .buffer_unordered(SHARDS_AT_ONCE)
            .collect()
            .await;
        let mut report = FanOutReport::default();
        for shard in shards {
            let shard = shard?;
            report.due += shard.due;
            report.sent += shard.sent;
        }
        info!(
            tenants.due = report.due,
            messages.sent = report.sent,
            "runs asked for"
        );
        Metrics::new("nightly-fan-out")
            .metric("TenantsDue", report.due, Unit::Count)
            .metric("MessagesSent", report.sent, Unit::Count)
            .emit(now);
        match report.due - report.sent {
            0 => Ok(report),
            refused => Err(FanOutError::Entries(refused)),
        }
    }

    /// Asks for the runs of one shard. Others go on if it fails.
    async fn fan_out(&self, shard: Shard, now: Timestamp) -> Result<FanOutReport, FanOutError> {
        let mut report = FanOutReport::default();
        let mut pages = self.tenants.due(shard, now);
        while let Some(page) = pages.next().await {
            let due = page?;
            let refused: Vec<Result<usize, QueueError>> = stream::iter(due.chunks(BATCH))
                .map(|batch| self.queue.send(batch))
                .buffer_unordered(BATCHES_AT_ONCE)
                .collect()
                .await;
            report.due += due.len();
            report.sent += due.len();
            for refused in refused {
                report.sent -= refused?;
            }
        }
        Ok(report)
    }
}
