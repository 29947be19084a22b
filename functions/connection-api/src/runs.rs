//! Asking for a run, and what runs did.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use http_api::{Caller, Fault, Json, Path, Problem, ProblemKind, Query};
use jiff::Timestamp;
use provisioning::{Counts, Findings, HoldReason, Refusal, RunId, TenantId};
use serde::{Deserialize, Serialize};
use tenant_store::{RequestOutcome, RunRecord, RunState, RunStatus, Trigger};
use utoipa::{IntoParams, ToSchema};

use crate::ConnectionApi;
use crate::api::{not_connected, to_second};
use crate::words;

/// One run
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Run)]
pub(crate) struct RunBody {
    /// The instant it was due.
    #[schema(value_type = String, format = DateTime, example = "2026-11-24T03:30:00Z")]
    pub(crate) id: Timestamp,
    #[schema(value_type = TriggerBody)]
    trigger: Trigger,
    #[schema(value_type = StatusBody)]
    status: RunStatus,
    /// How it went, in a sentence or two.
    #[schema(example = "People: 3 added, 12 updated. 1 person was left out.")]
    summary: String,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    /// How often it was begun.
    attempts: u32,
    /// The mapping that it used.
    mapping_version: Option<u64>,
    /// What was to be done.
    planned: Counts,
    /// What was done.
    applied: Counts,
    /// What waits for somebody.
    held: Counts,
    /// Why something waits.
    hold: Option<HoldReason>,
    /// Why HiBob's answer was not believed.
    refusal: Option<Refusal>,
    /// What ended it, in a word: `overtaken` if another run began before it was over.
    failure: Option<String>,
    findings: Findings,
    /// Requests made to HiBob.
    hibob_calls: u32,
    /// How long the last attempt took.
    duration_ms: u64,
}

/// What led to a run
#[derive(ToSchema)]
#[schema(as = Trigger, rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the other type of this name")]
pub(crate) enum TriggerBody {
    Night,
    Admin,
}

/// How a run stands
#[derive(ToSchema)]
#[schema(as = RunStatus, rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the other type of this name")]
pub(crate) enum StatusBody {
    Running,
    HandedBack,
    Applied,
    Held,
    Refused,
    NeedsAttention,
    WaitingForMapping,
    Failed,
}

impl RunBody {
    /// A run beside the state of the tenant's runs, which must have been read later: another that has begun since ends it.
    pub(crate) fn of(mut record: RunRecord, state: Option<&RunState>) -> Self {
        let is_last = state.and_then(|state| state.run_due_at) == Some(record.due_at);
        if is_unfinished(&record) && !is_last {
            record.status = RunStatus::Failed;
            record.failure = Some(words::OVERTAKEN.to_owned());
        }
        Self {
            id: record.due_at,
            summary: words::run(&record),
            trigger: record.trigger,
            status: record.status,
            started_at: to_second(record.started_at),
            finished_at: record.finished_at.map(to_second),
            attempts: record.attempts,
            mapping_version: record.mapping_version,
            planned: record.planned,
            applied: record.applied,
            held: record.held,
            hold: record.hold,
            refusal: record.refusal,
            failure: record.failure,
            findings: record.findings,
            hibob_calls: record.hibob_calls,
            duration_ms: record.duration_ms,
        }
    }
}

/// Whether a run was under way when it was recorded last.
pub(crate) fn is_unfinished(record: &RunRecord) -> bool {
    matches!(record.status, RunStatus::Running | RunStatus::HandedBack)
}

/// A run that was asked for
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"run": "2026-11-24T10:12:09Z", "isNew": true}))]
pub(crate) struct RequestedRun {
    /// The run's id, to be asked about.
    #[schema(value_type = String, format = DateTime)]
    run: Timestamp,
    /// False if it had been asked for before, or was under way.
    is_new: bool,
}

http_api::problems!(pub(crate) RequestProblems: NotConnected);

/// Sync now
///
/// Asked twice, it is one run; a run that is under way is as good as a new one.
#[utoipa::path(post, path = "/api/runs", tag = "runs",
    responses((status = 202, description = "The run that does it", body = RequestedRun), RequestProblems))]
pub(crate) async fn request_run(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
) -> Result<impl IntoResponse, Problem> {
    let (run, is_new, is_leased) = match api.tenants.request_run(&caller.tenant, api.clock.now()).await? {
        RequestOutcome::Requested(run) => (run, true, false),
        RequestOutcome::UnderWay { run, is_leased } => (run, false, is_leased),
        RequestOutcome::Disabled => {
            let detail = "The sync is switched off. Switch it on first.";
            return Err(Problem::new(ProblemKind::NotConnected, detail));
        }
        RequestOutcome::NotConnected => return Err(not_connected()),
    };
    // A run that no worker is at may wait for a message that is lost or comes late; one too many does no harm.
    if !is_leased {
        api.queue.send(&run).await?;
    }
    let requested = RequestedRun {
        run: run.due_at,
        is_new,
    };
    Ok((StatusCode::ACCEPTED, Json(requested)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageOfRuns {
    /// How many.
    #[serde(default = "usual_limit")]
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: u8,
    /// Only runs that were due before this one: the `next` of the page before.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
}

fn usual_limit() -> u8 {
    30
}

/// Runs, the latest first
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Runs {
    runs: Vec<RunBody>,
    /// The `before` of the next page, if there is one.
    #[schema(value_type = Option<String>, format = DateTime)]
    next: Option<Timestamp>,
}

/// What the runs of the last 90 days did, the latest first
#[utoipa::path(get, path = "/api/runs", tag = "runs", params(PageOfRuns),
    responses((status = 200, description = "A page of runs", body = Runs)))]
pub(crate) async fn list_runs(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Query(page): Query<PageOfRuns>,
) -> Result<Json<Runs>, Problem> {
    if !(1..=100).contains(&page.limit) {
        let fault = Fault::new("limit", "This must be from 1 to 100.");
        return Err(Problem::invalid_request(&[fault]));
    }
    let now = api.clock.now();
    let (runs, next) = api
        .history
        .page(&caller.tenant, page.limit, page.before, now)
        .await?;
    // Read after the records, since a run begins with its state.
    let state = api.tenants.run_state(&caller.tenant).await?;
    Ok(Json(Runs {
        runs: runs
            .into_iter()
            .map(|record| RunBody::of(record, state.as_ref()))
            .collect(),
        next,
    }))
}

http_api::problems!(pub(crate) NoSuchRun: NotFound);

/// What one run did
#[utoipa::path(get, path = "/api/runs/{run}", tag = "runs",
    params(("run" = String, Path, description = "The run's id", format = DateTime, example = "2026-11-24T03:30:00Z")),
    responses((status = 200, description = "The run", body = RunBody), NoSuchRun))]
pub(crate) async fn show_run(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Path(due_at): Path<Timestamp>,
) -> Result<Json<RunBody>, Problem> {
    let run = run_of(&caller.tenant, due_at);
    let record = api.history.run(&run, api.clock.now()).await?;
    let record = record.ok_or(ProblemKind::NotFound)?;
    let state = api.tenants.run_state(&caller.tenant).await?;
    Ok(Json(RunBody::of(record, state.as_ref())))
}

pub(crate) fn run_of(tenant: &TenantId, due_at: Timestamp) -> RunId {
    RunId {
        tenant: tenant.clone(),
        due_at,
    }
}
