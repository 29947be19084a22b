//! Asking for runs: SQS batches of ten, checked entry by entry.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::operation::send_message_batch::SendMessageBatchError;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use provisioning::RunId;
use twox_hash::XxHash3_64;

/// SQS takes no more entries in one batch.
pub(crate) const BATCH: usize = 10;

/// A single entry that SQS does not take is offered this often.
const ATTEMPTS: usize = 3;

/// A batch could not be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The queue did not take the call.
    #[error("could not send messages to the queue")]
    Send(#[source] Box<SdkError<SendMessageBatchError>>),
    /// A run could not be written as a message.
    #[error("could not write a message")]
    Write(#[from] serde_json::Error),
    /// An entry was incomplete, which cannot happen.
    #[error("could not build a batch")]
    Build(#[from] aws_sdk_sqs::error::BuildError),
}

#[derive(Debug)]
pub(crate) struct SyncQueue {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) spread_seconds: u16,
}

impl SyncQueue {
    /// Asks for up to [`BATCH`] runs. Returns how many the queue would not take; they are still due next time.
    pub(crate) async fn send(&self, runs: &[RunId]) -> Result<usize, QueueError> {
        let mut waiting: Vec<usize> = (0..runs.len()).collect();
        for _ in 0..ATTEMPTS {
            let mut batch = self.client.send_message_batch().queue_url(&self.url);
            for &index in &waiting {
                batch = batch.entries(self.entry(index, &runs[index])?);
            }
            let answer = batch
                .send()
                .await
                .map_err(|error| QueueError::Send(Box::new(error)))?;
            waiting = answer
                .failed()
                .iter()
                .filter_map(|failed| failed.id().parse().ok())
                .collect();
            if waiting.is_empty() {
                break;
            }
        }
        Ok(waiting.len())
    }

    fn entry(&self, index: usize, run: &RunId) -> Result<SendMessageBatchRequestEntry, QueueError> {
        let entry = SendMessageBatchRequestEntry::builder()
            .id(index.to_string())
            .message_body(serde_json::to_string(run)?)
            .delay_seconds(i32::from(delay_seconds(run, self.spread_seconds)));
        Ok(entry.build()?)
    }
}

/// A delay that is the same for a tenant every night and spreads tenants evenly, so that they do not all call HiBob from
/// one address at once.
fn delay_seconds(run: &RunId, spread_seconds: u16) -> u16 {
    let hash = XxHash3_64::oneshot(run.tenant.as_str().as_bytes());
    u16::try_from(hash % (u64::from(spread_seconds) + 1)).unwrap_or(spread_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_spread_evenly_over_the_window_and_steady_for_a_tenant() {
        let delay = |n: u32| {
            let run = RunId {
                tenant: format!("t{n}").parse().unwrap(),
                due_at: jiff::Timestamp::UNIX_EPOCH,
            };
            delay_seconds(&run, 599)
        };
        let mut minutes = [0_u32; 10];
        for n in 0..10_000 {
            minutes[usize::from(delay(n) / 60)] += 1;
        }
        assert!(
            minutes.iter().all(|starts| (900..=1100).contains(starts)),
            "{minutes:?}"
        );
        assert_eq!(delay(7), delay(7));
    }
}
