//! One message, one run for one tenant: take the lease, read the accounts, stream HiBob's answer past them, check the plan,
//! apply it, record it, give the lease back. Or one task that an admin waits for: a proof of what HiBob lets us read, a
//! preview of another mapping, the housekeeping after disconnecting.

mod asking;
mod attempt;
mod config;
mod disconnection;
mod message;
mod metrics;
mod preview;
mod progress;
mod proof;
mod queues;
mod read;
mod refusals;
mod run;
mod task;
mod task_error;
mod write;

pub use config::Config;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::{SignedDuration, Timestamp};
use startup::{Chain, Clock, Metrics, Unit};
use team_directory::TeamDirectory;
use tenant_store::{Notices, RunHistory, Tasks, TenantStore, Vault};
use tracing::{Instrument, error, info, info_span, warn};

use crate::attempt::Verdict;
use crate::message::Message;
use crate::queues::Queues;
use crate::run::Invocation;

/// Syncs tenants.
#[derive(Debug)]
pub struct SyncWorker {
    tenants: TenantStore,
    runs: RunHistory,
    notices: Notices,
    tasks: Tasks,
    vault: Vault,
    directory: TeamDirectory,
    hibob: hibob::Client,
    queues: Queues,
    clock: Clock,
}

/// The AWS clients of this function.
#[derive(Debug)]
pub struct AwsClients {
    /// Tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Service users' tokens.
    pub secrets: aws_sdk_secretsmanager::Client,
    /// Queues.
    pub sqs: aws_sdk_sqs::Client,
}

/// After something of ours failed, the message waits this long.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(2);

impl SyncWorker {
    /// Wires the function.
    #[must_use]
    pub fn new(aws: AwsClients, http: reqwest::Client, config: Config, clock: Clock) -> Self {
        Self {
            tenants: TenantStore::new(aws.dynamodb.clone(), config.tenants_table),
            runs: RunHistory::new(aws.dynamodb.clone(), config.runs_table),
            notices: Notices::new(aws.dynamodb.clone(), config.notices_table),
            tasks: Tasks::new(aws.dynamodb.clone(), config.tasks_table),
            vault: Vault::new(aws.secrets, config.secret_prefix),
            directory: TeamDirectory::new(aws.dynamodb, config.accounts_table),
            hibob: hibob::Client::new(config.hibob_base_url, http),
            queues: Queues::new(
                aws.sqs,
                config.sync_queue_url,
                config.interactive_queue_url,
                config.failure_emails_queue_url,
            ),
            clock,
        }
    }

    /// Handles the messages of an event, of which the queue sends one at a time. A message is either done with, or handed
    /// back to come again later; one that is no request goes to the dead letters.
    pub async fn handle(
        &self,
        event: SqsEvent,
        invocation_id: &str,
        deadline: Timestamp,
    ) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in event.records {
            if let Some(delay) = self.handle_message(&message, invocation_id, deadline).await {
                if let Err(error) = self.queues.hand_back(&message, delay).await {
                    // It comes again after the queue's own time-out, which is longer and as good.
                    warn!(error = %Chain(&error), "could not set when a message comes again");
                }
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = message.message_id.unwrap_or_default();
                response.batch_item_failures.push(failure);
            }
        }
        response
    }

    /// When the message shall come again; `None` when it is done with.
    async fn handle_message(
        &self,
        message: &SqsMessage,
        invocation_id: &str,
        deadline: Timestamp,
    ) -> Option<SignedDuration> {
        let request = match Message::read(message.body.as_deref().unwrap_or_default()) {
            Ok(request) => request,
            Err(error) => {
                // Where, and not what: the body may hold anything.
                error!(
                    message.id = message.message_id,
                    error.kind = ?error.classify(),
                    error.column = error.column(),
                    "a message is no request for a run or a task"
                );
                Metrics::new("sync-worker")
                    .metric("BadMessages", 1, Unit::Count)
                    .emit(self.clock.now());
                // Coming again at once, it is among the dead letters within seconds.
                return Some(SignedDuration::ZERO);
            }
        };
        let invocation = Invocation {
            id: invocation_id,
            deadline,
        };
        let (verdict, span) = match request {
            Message::Run(run) => {
                let span = info_span!("run", tenant.id = %run.tenant, run.due_at = %run.due_at);
                (self.run(&run, invocation).instrument(span.clone()).await, span)
            }
            Message::Task(task) => {
                let span = info_span!("task", tenant.id = %task.tenant, task.kind = ?task.kind);
                (self.task(&task, invocation).instrument(span.clone()).await, span)
            }
        };
        match verdict {
            Ok(Verdict::Done) => None,
            Ok(Verdict::Dropped(reason)) => {
                span.in_scope(|| info!(reason, "nothing to do"));
                None
            }
            Ok(Verdict::ComesAgain(delay)) => Some(delay),
            Err(error) => {
                span.in_scope(|| error!(error = %Chain(&error), "a run or a task was cut short"));
                Metrics::new("sync-worker")
                    .metric("RunsCutShort", 1, Unit::Count)
                    .emit(self.clock.now());
                Some(AFTER_FAILURE)
            }
        }
    }
}
