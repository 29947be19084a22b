//! The way of a task that an admin waits for: begin, do, finish or fail.

use provisioning::TenantId;
use serde::Serialize;
use serde_json::Value;
use startup::{Chain, Metrics, Unit};
use tenant_store::{
    BeginOutcome, Connection, Disposition, Error, ServiceUser, TaskFailure, TaskId, TaskKind, TaskMessage,
    TaskRequest, Versioned,
};
use tracing::{info, warn};

use crate::asking::Met;
use crate::attempt::{RunError, SHORTEST_WAIT, Verdict};
use crate::progress::{Of, Progress};
use crate::run::{Invocation, LEASE_MARGIN};
use crate::task_error::{TaskError, failure, of_hibob};
use crate::{AFTER_FAILURE, SyncWorker};

/// Somebody waits at the settings page, so that a few attempts are enough.
const MOST_ATTEMPTS: u32 = 3;

/// One attempt at a task.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Errand<'a> {
    pub(crate) worker: &'a SyncWorker,
    pub(crate) tenant: &'a TenantId,
    pub(crate) id: &'a TaskId,
    pub(crate) invocation: Invocation<'a>,
}

impl SyncWorker {
    pub(crate) async fn task(
        &self,
        message: &TaskMessage,
        invocation: Invocation<'_>,
    ) -> Result<Verdict, RunError> {
        let TaskMessage {
            tenant,
            kind,
            task: id,
        } = message;
        let now = self.clock.now();
        let until = invocation.deadline + LEASE_MARGIN;
        let (request, attempt) = match self.tasks.begin(tenant, id, invocation.id, now, until).await? {
            BeginOutcome::Begun { request, attempt } => (request, attempt),
            BeginOutcome::Busy { until } => {
                return Ok(Verdict::ComesAgain(until.duration_since(now).max(SHORTEST_WAIT)));
            }
            BeginOutcome::Over => return Ok(Verdict::Dropped("the task is over")),
        };
        let errand = Errand {
            worker: self,
            tenant,
            id,
            invocation,
        };
        let ended = match errand.result(request).await {
            Ok(result) => self.tasks.finish(tenant, id, &result).await.map_err(unkept),
            Err(error) => Err(error),
        };
        match ended {
            Ok(()) => {
                self.log(*kind, None);
                Ok(Verdict::Done)
            }
            Err(TaskError::Busy { until }) => {
                self.tasks.put_back(tenant, id).await?;
                let wait = SHORTEST_WAIT * 2_i32.saturating_pow(attempt - 1);
                let longest = until.duration_since(self.clock.now());
                Ok(Verdict::ComesAgain(wait.min(longest).max(SHORTEST_WAIT)))
            }
            // What a tenant leaves behind has to go: if it never does, the message is among the dead letters in the end.
            Err(error) if *kind == TaskKind::Disconnection => {
                warn!(error = %Chain(&error), "what a tenant left behind is still there");
                self.tasks.put_back(tenant, id).await?;
                Ok(Verdict::ComesAgain(AFTER_FAILURE))
            }
            Err(TaskError::Failed(why)) => self.give_up(message, &why).await,
            Err(TaskError::Hibob(error)) => self.give_up(message, &of_hibob(&error)).await,
            Err(TaskError::Ours(error)) if attempt >= MOST_ATTEMPTS => {
                warn!(error = %Chain(&error), "a task is given up");
                let why = failure(
                    "unavailable",
                    "Something on our side did not answer. Try again later.",
                );
                self.give_up(message, &why).await
            }
            Err(TaskError::Ours(error)) => {
                self.tasks.put_back(tenant, id).await?;
                Err(error)
            }
        }
    }

    async fn give_up(&self, message: &TaskMessage, why: &TaskFailure) -> Result<Verdict, RunError> {
        self.tasks.fail(&message.tenant, &message.task, why).await?;
        self.log(message.kind, Some(why));
        Ok(Verdict::Done)
    }

    fn log(&self, kind: TaskKind, failure: Option<&TaskFailure>) {
        let problem = failure.map(|failure| failure.problem.as_str());
        info!(task.kind = ?kind, task.problem = problem, "task ended");
        Metrics::new("sync-worker")
            .metric("TasksDone", u32::from(failure.is_none()), Unit::Count)
            .metric("TasksFailed", u32::from(failure.is_some()), Unit::Count)
            .emit(self.clock.now());
    }
}

/// A result that could not be kept: at the next attempt it may be, unless something is wrong with the result itself.
fn unkept(error: Error) -> TaskError {
    match error.disposition() {
        Disposition::Retry => TaskError::Ours(error.into()),
        Disposition::GiveUp => TaskError::failed("internal", "The result cannot be kept."),
    }
}

impl Errand<'_> {
    async fn result(&self, request: TaskRequest) -> Result<Value, TaskError> {
        match request {
            TaskRequest::Proof => json(&self.asking(Box::pin(self.prove())).await?),
            TaskRequest::Preview { mapping } => json(&self.asking(Box::pin(self.preview(mapping))).await?),
            TaskRequest::Disconnection {
                accounts,
                disconnected_at,
                fence,
                erased,
            } => json(&self.tidy_up(accounts, disconnected_at, fence, erased).await?),
        }
    }

    pub(crate) async fn connection(&self) -> Result<Versioned<Connection>, TaskError> {
        let connection = self.worker.tenants.connection(self.tenant).await?;
        connection.ok_or_else(TaskError::not_connected)
    }

    /// Does what asks HiBob, unless HiBob has refused the tenant too often of late.
    async fn asking<T>(&self, work: impl Future<Output = Result<T, TaskError>>) -> Result<T, TaskError> {
        if !self.worker.may_ask(self.tenant).await? {
            return Err(TaskError::failed(
                "too-many-refusals",
                "HiBob has refused the service user too often. Check its ID and token, and try again in ten minutes.",
            ));
        }
        let done = work.await;
        let met = match &done {
            Err(TaskError::Hibob(error)) => self.worker.met(error),
            _ => Met::Other,
        };
        self.worker.asked(self.tenant, met).await;
        done
    }

    pub(crate) async fn service_user(&self) -> Result<ServiceUser, TaskError> {
        Ok(self.worker.vault.service_user(self.tenant).await?)
    }

    /// A new stage, told at once.
    pub(crate) async fn stage(&self, stage: &'static str) -> Progress<'_> {
        let progress = Progress::new(self.worker, Of::Task(self.tenant, self.id, stage));
        progress.tell().await;
        progress
    }
}

fn json(result: &impl Serialize) -> Result<Value, TaskError> {
    serde_json::to_value(result).map_err(|_| TaskError::failed("internal", "The result cannot be written."))
}
