//! Tasks as a caller polls them.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tenant_store::{Task, TaskFailure, TaskId, TaskKind, TaskStatus};
use utoipa::ToSchema;

use crate::{Fault, Path, Problem, ProblemKind};

/// Something that was asked for and takes a while
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskBody<R> {
    /// The id that the caller chose.
    #[schema(example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    id: String,
    #[schema(value_type = KindBody)]
    kind: TaskKind,
    #[schema(value_type = StatusBody)]
    status: TaskStatus,
    /// What is being done at the moment.
    stage: Option<String>,
    /// How many people have been read so far.
    people: Option<u32>,
    requested_at: Timestamp,
    /// From then on there is nothing here any more.
    expires_at: Timestamp,
    /// What came of it, once it is done.
    result: Option<R>,
    /// Why nothing came of it, once it has failed.
    failure: Option<FailureBody>,
}

/// What is done
#[derive(ToSchema)]
#[schema(as = TaskKind, rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the other type of this name")]
enum KindBody {
    Proof,
    Preview,
    Disconnection,
}

/// How a task stands
#[derive(ToSchema)]
#[schema(as = TaskStatus, rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the other type of this name")]
enum StatusBody {
    Waiting,
    Running,
    Done,
    Failed,
}

/// Why a task has failed
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TaskFailure)]
struct FailureBody {
    /// The problem it would be, if it were an answer: the last part of a problem's type.
    #[schema(example = "hibob-unavailable")]
    problem: String,
    #[schema(example = "HiBob cannot answer at the moment.")]
    detail: String,
}

impl<R: DeserializeOwned> TaskBody<R> {
    /// A task of a kind; one of another kind is not found there.
    pub fn of(task: Task, kind: TaskKind) -> Result<Self, Problem> {
        if task.kind != kind {
            return Err(ProblemKind::NotFound.into());
        }
        let result = task.result.map(serde_json::from_value).transpose();
        Ok(Self {
            id: task.id.into(),
            kind: task.kind,
            status: task.status,
            stage: task.stage,
            people: task.people,
            requested_at: task.requested_at,
            expires_at: task.expires_at,
            result: result.map_err(|error| Problem::from(ProblemKind::Internal).because(error))?,
            failure: task
                .failure
                .map(|TaskFailure { problem, detail }| FailureBody { problem, detail }),
        })
    }
}

/// The id of a task, as the path names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPath(pub TaskId);

impl<S: Send + Sync> FromRequestParts<S> for TaskPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await?;
        let id = text.parse().map_err(|_| {
            let detail =
                "A task's id is 32 random bytes, written as 43 characters of base64url without padding.";
            Problem::invalid_request(&[Fault::new("task", detail)])
        });
        id.map(Self)
    }
}
