//! The way of a task that an admin waits for: begin, do, finish or fail.

use provisioning::TenantId;
use serde::Serialize;
use serde_json::Value;
use startup::{Chain, Metrics, Unit};
use tenant_store::{
    BeginOutcome, Connection, ServiceUser, TaskFailure, TaskId, TaskKind, TaskMessage, TaskRequest, Versioned,
};
use tracing::{info, warn};

use crate::SyncWorker;
use crate::attempt::{RunError, SHORTEST_WAIT, Verdict};
use crate::progress::{Of, Progress};
use crate::run::{Invocation, LEASE_MARGIN};
use crate::task_error::{TOKEN_REFUSED, TaskError, failure};

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
        let (request, attempt) = match self.tasks.begin(tenant, id, now, until).await? {
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
        match errand.result(request).await {
            Ok(result) => {
                self.tasks.finish(tenant, id, &result).await?;
                self.log(*kind, None);
                Ok(Verdict::Done)
            }
            Err(TaskError::Failed(why)) => {
                if why.problem == TOKEN_REFUSED {
                    self.tenants.note_refusal(tenant, self.clock.now()).await?;
                }
                self.give_up(message, &why).await
            }
            Err(TaskError::Busy { until }) => {
                self.tasks.put_back(tenant, id).await?;
                let wait = SHORTEST_WAIT * 2_i32.saturating_pow(attempt - 1);
                let longest = until.duration_since(self.clock.now());
                Ok(Verdict::ComesAgain(wait.min(longest).max(SHORTEST_WAIT)))
            }
            Err(TaskError::Ours(error)) if attempt >= most_attempts(*kind) => {
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

/// Somebody waits at the settings page, so that a few attempts are enough; but what a tenant leaves behind has to go.
fn most_attempts(kind: TaskKind) -> u32 {
    match kind {
        TaskKind::Proof | TaskKind::Preview => 3,
        TaskKind::Disconnection => 9,
    }
}

impl Errand<'_> {
    async fn result(&self, request: TaskRequest) -> Result<Value, TaskError> {
        match request {
            TaskRequest::Proof => json(&self.prove().await?),
            TaskRequest::Preview { mapping } => json(&self.preview(mapping).await?),
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

    /// Who asks HiBob, unless HiBob has refused the tenant too often of late.
    pub(crate) async fn service_user(&self) -> Result<ServiceUser, TaskError> {
        let worker = self.worker;
        if worker
            .tenants
            .must_wait(self.tenant, worker.clock.now())
            .await?
            .is_some()
        {
            return Err(TaskError::failed(
                "too-many-refusals",
                "HiBob has refused the service user too often. Check its ID and token, and try again in ten minutes.",
            ));
        }
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
