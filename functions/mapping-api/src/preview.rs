//! What a run would change under a mapping that is not saved.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use http_api::{Caller, Json, Problem, ProblemKind, TaskBody, TaskPath};
use provisioning::preview::Preview;
use tenant_store::{Error, TaskKind, TaskMessage, TaskRequest, TaskStatus};

use crate::MappingApi;
use crate::fields::HibobProblems;
use crate::mapping::EntriesBody;

http_api::problems!(pub(crate) PreviewProblems: InvalidRequest, InvalidMapping, NotConnected, TooManyTasks);
http_api::problems!(pub(crate) ShowPreviewProblems: InvalidRequest, NotFound);

/// Preview a mapping
///
/// Asks for what a run would do under these entries, computed by what computes a run. No account is changed and no run
/// recorded. Choose 32 random bytes as the task's id: they are the key to the result, which is gone after an hour. The same
/// id again is the same preview.
#[utoipa::path(put, path = "/api/mapping/previews/{task}", tag = "mapping", request_body = EntriesBody,
    params(("task" = String, Path, description = "32 random bytes as base64url without padding",
        min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$",
        example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")),
    responses((status = 202, description = "It is being computed", body = TaskBody<Preview>),
        PreviewProblems, HibobProblems))]
pub(crate) async fn start_preview(
    State(api): State<Arc<MappingApi>>,
    caller: Caller,
    TaskPath(id): TaskPath,
    Json(body): Json<EntriesBody>,
) -> Result<(StatusCode, Json<TaskBody<Preview>>), Problem> {
    let (tenant, now) = (&caller.tenant, api.clock.now());
    let task = match api.tasks.read(tenant, &id, now).await? {
        Some(task) if task.kind == TaskKind::Preview => task,
        Some(_) => return Err(Error::OtherTask.into()),
        None => {
            let mapping = api.checked(tenant, body.into()).await?.into();
            let request = TaskRequest::Preview { mapping };
            api.tasks.start(tenant, &id, &request, now).await?
        }
    };
    // A message too many does no harm; one too few would leave the task waiting for ever.
    if task.status == TaskStatus::Waiting {
        let message = TaskMessage {
            tenant: tenant.clone(),
            kind: TaskKind::Preview,
            task: id,
        };
        api.queue.send(&message).await?;
    }
    Ok((StatusCode::ACCEPTED, Json(TaskBody::of(task, TaskKind::Preview)?)))
}

/// Show a preview
///
/// With its result once its status is `done`. An hour after it was asked for there is nothing here any more.
#[utoipa::path(get, path = "/api/mapping/previews/{task}", tag = "mapping",
    params(("task" = String, Path, description = "The id that the preview was asked for by",
        min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$",
        example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")),
    responses((status = 200, description = "How far it is", body = TaskBody<Preview>), ShowPreviewProblems))]
pub(crate) async fn show_preview(
    State(api): State<Arc<MappingApi>>,
    caller: Caller,
    TaskPath(id): TaskPath,
) -> Result<Json<TaskBody<Preview>>, Problem> {
    let task = api.tasks.read(&caller.tenant, &id, api.clock.now()).await?;
    let task = task.ok_or(ProblemKind::NotFound)?;
    Ok(Json(TaskBody::of(task, TaskKind::Preview)?))
}
