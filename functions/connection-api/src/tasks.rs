//! What the worker does while an admin waits: proving the access, and the housekeeping after disconnecting.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use http_api::{Caller, Json, Problem, ProblemKind, TaskBody, TaskPath};
use jiff::Timestamp;
use provisioning::TenantId;
use provisioning::access::ProofReport;
use serde::{Deserialize, Serialize};
use tenant_store::{
    Erased, Error, LeftAccounts, Task, TaskId, TaskKind, TaskMessage, TaskRequest, TaskStatus,
};
use utoipa::ToSchema;

use crate::ConnectionApi;
use crate::api::{not_connected, to_second};

/// How long an equal request, which came first by a hair, may take to note its task.
const TWINS_LEAD: Duration = Duration::from_millis(400);

http_api::problems!(pub(crate) StartProblems: InvalidRequest, NotConnected, TooManyTasks);
http_api::problems!(pub(crate) NoSuchTask: InvalidRequest, NotFound);

/// Prove what HiBob lets the service user see
///
/// Asks only harmless questions, and keeps counts, never values. Repeated with the same id, it is the same proof.
#[utoipa::path(put, path = "/api/connection/proofs/{task}", tag = "connection",
    params(("task" = String, Path, description = "An id of the caller's choice: 32 random bytes in base64url",
        pattern = "^[A-Za-z0-9_-]{43}$", example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")),
    responses((status = 202, description = "The proof is under way, or over", body = TaskBody<ProofReport>), StartProblems))]
pub(crate) async fn start_proof(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    TaskPath(id): TaskPath,
) -> Result<impl IntoResponse, Problem> {
    api.connected(&caller.tenant).await?;
    let now = api.clock.now();
    let task = api
        .tasks
        .start(&caller.tenant, &id, &TaskRequest::Proof, now)
        .await?;
    api.ask_for(&caller.tenant, &task).await?;
    Ok((
        StatusCode::ACCEPTED,
        Json(TaskBody::<ProofReport>::of(task, TaskKind::Proof)?),
    ))
}

/// How a proof stands, and what it has found
///
/// For an hour.
#[utoipa::path(get, path = "/api/connection/proofs/{task}", tag = "connection",
    params(("task" = String, Path, description = "The id that the caller chose", pattern = "^[A-Za-z0-9_-]{43}$",
        example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")),
    responses((status = 200, description = "The proof", body = TaskBody<ProofReport>), NoSuchTask))]
pub(crate) async fn show_proof(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    TaskPath(id): TaskPath,
) -> Result<Json<TaskBody<ProofReport>>, Problem> {
    let task = api.tasks.read(&caller.tenant, &id, api.clock.now()).await?;
    Ok(Json(TaskBody::of(
        task.ok_or(ProblemKind::NotFound)?,
        TaskKind::Proof,
    )?))
}

/// What is to become of the team
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accounts": "keep"}))]
pub(crate) struct Leaving {
    #[schema(value_type = LeftAccountsBody)]
    accounts: LeftAccounts,
}

/// What becomes of the accounts that the sync created or adopted
#[derive(ToSchema)]
#[schema(as = LeftAccounts, rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the other type of this name")]
enum LeftAccountsBody {
    Keep,
    Deactivate,
}

/// What disconnecting has erased, and what it has left
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    disconnected_at: Timestamp,
    #[schema(value_type = LeftAccountsBody)]
    accounts: LeftAccounts,
    accounts_deactivated: u32,
    accounts_kept: u32,
    erased: Vec<ErasedItems>,
    kept: Vec<KeptItem>,
    /// When what was erased has also left our backups.
    backups_expire_by: Timestamp,
}

/// Something that was erased
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
struct ErasedItems {
    #[schema(example = "token")]
    what: String,
    items: u32,
}

/// Something that had to stay
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
struct KeptItem {
    #[schema(example = "fence")]
    what: String,
    why: String,
}

/// Disconnect from HiBob
///
/// Erases token, settings and mapping at once, and the history of the runs soon after; the receipt says what was erased.
/// What was set up for single sign-on goes with the settings: nobody signs in that way any more. Repeated with the same id,
/// it is the same disconnecting.
#[utoipa::path(put, path = "/api/connection/disconnections/{task}", tag = "connection", request_body = Leaving,
    params(("task" = String, Path, description = "An id of the caller's choice: 32 random bytes in base64url",
        pattern = "^[A-Za-z0-9_-]{43}$", example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")),
    responses((status = 202, description = "Disconnected; the rest is being erased", body = TaskBody<Receipt>), StartProblems))]
pub(crate) async fn start_disconnection(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    TaskPath(id): TaskPath,
    Json(leaving): Json<Leaving>,
) -> Result<impl IntoResponse, Problem> {
    let task = api.disconnect(&caller.tenant, &id, leaving.accounts).await?;
    // Whoever connected again since then keeps the new token, and what was set up with it.
    if api.tenants.connection(&caller.tenant).await?.is_none() {
        api.vault.erase(&caller.tenant).await?;
        api.sso.erase(&caller.tenant).await?;
    }
    api.ask_for(&caller.tenant, &task).await?;
    let body = TaskBody::<Receipt>::of(task, TaskKind::Disconnection)?;
    Ok((StatusCode::ACCEPTED, Json(body)))
}

/// How a disconnecting stands, and its receipt
///
/// For an hour.
#[utoipa::path(get, path = "/api/connection/disconnections/{task}", tag = "connection",
    params(("task" = String, Path, description = "The id that the caller chose", pattern = "^[A-Za-z0-9_-]{43}$",
        example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")),
    responses((status = 200, description = "The disconnecting", body = TaskBody<Receipt>), NoSuchTask))]
pub(crate) async fn show_disconnection(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    TaskPath(id): TaskPath,
) -> Result<Json<TaskBody<Receipt>>, Problem> {
    let task = api.tasks.read(&caller.tenant, &id, api.clock.now()).await?;
    Ok(Json(TaskBody::of(
        task.ok_or(ProblemKind::NotFound)?,
        TaskKind::Disconnection,
    )?))
}

impl ConnectionApi {
    /// Sends a task that nobody has begun to the worker. A message too many does no harm.
    async fn ask_for(&self, tenant: &TenantId, task: &Task) -> Result<(), Problem> {
        if task.status != TaskStatus::Waiting {
            return Ok(());
        }
        let message = TaskMessage {
            tenant: tenant.clone(),
            kind: task.kind,
            task: task.id.clone(),
        };
        Ok(self.queue.send(&message).await?)
    }

    /// Disconnects the tenant and notes the task that finishes it. A task that is noted already has disconnected it: were
    /// that done again, it would undo a new connection.
    async fn disconnect(
        &self,
        tenant: &TenantId,
        id: &TaskId,
        accounts: LeftAccounts,
    ) -> Result<Task, Problem> {
        let now = self.clock.now();
        match self.tasks.read(tenant, id, now).await? {
            Some(task) if task.kind == TaskKind::Disconnection => return Ok(task),
            Some(_) => return Err(Error::OtherTask.into()),
            None => {}
        }
        let mut disconnected = self.tenants.disconnect(tenant).await?.ok_or_else(not_connected)?;
        if disconnected.erased == Erased::default() {
            // An equal request may have just done it, and knows what there was.
            tokio::time::sleep(TWINS_LEAD).await;
        }
        // Not before: who could not be disconnected keeps them. Also when the connection was gone already, since a request that
        // was cut short may have left them.
        disconnected.erased.single_sign_on = self.sso.erase(tenant).await?;
        let request = TaskRequest::Disconnection {
            accounts,
            disconnected_at: to_second(now),
            fence: disconnected.fence,
            erased: disconnected.erased,
        };
        Ok(self.tasks.start(tenant, id, &request, now).await?)
    }
}
