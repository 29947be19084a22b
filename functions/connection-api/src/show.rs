//! The connection as its admin sees it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use http_api::{Caller, ETag, Json, Problem};
use jiff::Timestamp;
use provisioning::TenantId;
use provisioning::access::ProofReport;
use serde::Serialize;
use tenant_store::{
    AttentionCause, Connection, Error, RunRecord, RunState, RunStatus, SavedMapping, SavedProof, Versioned,
};
use utoipa::ToSchema;

use crate::ConnectionApi;
use crate::api::to_second;
use crate::runs::{RunBody, is_unfinished};
use crate::settings::Settings;
use crate::words;

/// Enough to find one that is over.
const LATEST_RUNS: u8 = 3;

/// The connection to HiBob
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Connection)]
pub(crate) struct ConnectionBody {
    state: ConnectionState,
    /// The state in a sentence or two.
    #[schema(example = "The sync is on. The next one is on 25 November 2026, 03:30.")]
    summary: String,
    enabled: bool,
    /// Rises with every save; null if HiBob is not connected. Also in the header `ETag`.
    version: Option<u64>,
    settings: Option<Settings>,
    /// Set while the connection waits for somebody.
    attention: Option<AttentionBody>,
    /// Set while HiBob's first refusal is to be confirmed.
    suspicion: Option<SuspicionBody>,
    /// The latest run that is over.
    last_run: Option<RunBody>,
    /// The run that is under way.
    #[schema(value_type = Option<String>, format = DateTime)]
    running_run: Option<Timestamp>,
    /// The run that was asked for and has not begun.
    #[schema(value_type = Option<String>, format = DateTime)]
    requested_run: Option<Timestamp>,
    next_run_at: Option<Timestamp>,
    mapping: Option<MappingSummary>,
    last_proof: Option<LastProof>,
}

/// How the connection stands
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum ConnectionState {
    NotConnected,
    Off,
    NeedsAttention,
    WaitingForMapping,
    Running,
    On,
}

/// What the connection waits for
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attention)]
struct AttentionBody {
    #[schema(value_type = CauseBody)]
    cause: AttentionCause,
    since: Timestamp,
}

/// What only somebody at the customer's can mend
#[derive(ToSchema)]
#[schema(as = AttentionCause, rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the other type of this name")]
enum CauseBody {
    TokenRefused,
    AccessDenied,
    TokenMissing,
    OtherCompany,
    MappingUnusable,
}

/// HiBob's first refusal, until the next answer
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Suspicion)]
struct SuspicionBody {
    first_at: Timestamp,
    /// What HiBob answered with.
    #[schema(example = 401)]
    status: u16,
}

/// The field mapping in short
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MappingSummary {
    version: u64,
    /// How many HiThrive fields are filled.
    targets: usize,
    /// Whether somebody has seen whom this mapping removes. If not, removals wait.
    removals_seen: bool,
}

/// What the last proof found
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LastProof {
    finished_at: Timestamp,
    report: ProofReport,
}

/// Show the connection
///
/// Never the token.
#[utoipa::path(get, path = "/api/connection", tag = "connection",
    responses((status = 200, description = "The connection", body = ConnectionBody,
        headers(("ETag" = String, description = "Its version, if HiBob is connected")))))]
pub(crate) async fn show_connection(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
) -> Result<impl IntoResponse, Problem> {
    api.show(&caller.tenant).await
}

impl ConnectionApi {
    /// The connection, with its version as `ETag` if there is one.
    pub(crate) async fn show(
        &self,
        tenant: &TenantId,
    ) -> Result<(Option<ETag>, Json<ConnectionBody>), Problem> {
        let now = self.clock.now();
        let Some(connection) = self.tenants.connection(tenant).await? else {
            return Ok((None, Json(ConnectionBody::not_connected())));
        };
        let proof = async {
            match self.tenants.last_proof(tenant).await {
                // One of an older release is worth no more than none.
                Err(Error::Malformed { .. }) => Ok(None),
                proof => proof,
            }
        };
        // In a box, for together they are too large to be moved about.
        let reads = Box::pin(async {
            tokio::try_join!(
                self.tenants.mapping(tenant),
                proof,
                self.history.latest(tenant, LATEST_RUNS, now),
            )
        });
        let (mapping, proof, runs) = reads.await?;
        // Read after the records, since a run begins with its state.
        let state = self.tenants.run_state(tenant).await?;
        let etag = ETag(connection.version);
        let snapshot = Snapshot {
            connection,
            state: state.unwrap_or_default(),
            mapping,
            proof,
            runs,
        };
        Ok((Some(etag), Json(snapshot.into_body(now))))
    }
}

/// Everything that the view is made of.
pub(crate) struct Snapshot {
    pub(crate) connection: Versioned<Connection>,
    pub(crate) state: RunState,
    pub(crate) mapping: Option<SavedMapping>,
    pub(crate) proof: Option<SavedProof>,
    /// The latest first.
    pub(crate) runs: Vec<RunRecord>,
}

impl Snapshot {
    pub(crate) fn into_body(self, now: Timestamp) -> ConnectionBody {
        let running_run = self.running_run(now);
        let state = self.connection_state(running_run.is_some());
        let last = self.runs.iter().find(|run| {
            let is_last_begun = self.state.run_due_at == Some(run.due_at);
            Some(run.due_at) != running_run && !(is_last_begun && is_unfinished(run))
        });
        let Versioned {
            version,
            value: connection,
        } = &self.connection;
        ConnectionBody {
            state,
            summary: self.summary(state, last),
            enabled: connection.enabled,
            version: Some(*version),
            settings: Some(Settings::of(connection)),
            attention: self.state.attention.as_ref().map(|attention| AttentionBody {
                cause: attention.cause,
                since: to_second(attention.since),
            }),
            suspicion: self.state.suspicion.as_ref().map(|suspicion| SuspicionBody {
                first_at: to_second(suspicion.first_at),
                status: suspicion.status,
            }),
            last_run: last.cloned().map(|run| RunBody::of(run, Some(&self.state))),
            running_run,
            requested_run: self.state.requested_due_at,
            next_run_at: self.state.next_due_at,
            mapping: self.mapping.as_ref().map(|saved| MappingSummary {
                version: saved.version,
                targets: saved.document.entries.len(),
                removals_seen: saved.removals_seen
                    || self.state.cleared_mapping_version == Some(saved.version),
            }),
            last_proof: self.proof.map(|proof| LastProof {
                finished_at: to_second(proof.finished_at),
                report: proof.report,
            }),
        }
    }

    /// The run whose lease lasts.
    fn running_run(&self, now: Timestamp) -> Option<Timestamp> {
        let is_leased = self.state.lease_expires_at.is_some_and(|until| now < until);
        let run = self.state.run_due_at;
        run.filter(|_| is_leased && !self.state.run_done)
    }

    fn connection_state(&self, is_running: bool) -> ConnectionState {
        if !self.connection.value.enabled {
            ConnectionState::Off
        } else if self.state.attention.is_some() {
            ConnectionState::NeedsAttention
        } else if self.mapping.is_none() {
            ConnectionState::WaitingForMapping
        } else if is_running {
            ConnectionState::Running
        } else {
            ConnectionState::On
        }
    }

    fn summary(&self, state: ConnectionState, last: Option<&RunRecord>) -> String {
        let next = || {
            let zone = self.connection.value.night.time_zone();
            let next = self.state.next_due_at.map(|next| words::moment(next, zone));
            next.map_or_else(String::new, |next| format!(" The next one is on {next}."))
        };
        match state {
            ConnectionState::NotConnected => NOT_CONNECTED.to_owned(),
            ConnectionState::Off => {
                "HiBob is connected and the sync is off. Your team stays as it is.".to_owned()
            }
            ConnectionState::NeedsAttention => {
                let cause = self.state.attention.as_ref().map(|attention| attention.cause);
                cause.map_or("", words::attention).to_owned()
            }
            ConnectionState::WaitingForMapping => {
                "The sync is on and waits until you map the fields. Nothing is read before that.".to_owned()
            }
            ConnectionState::Running => "Your team is being synced at the moment.".to_owned(),
            ConnectionState::On if last.is_some_and(|run| run.status == RunStatus::Held) => {
                format!("The sync is on, and some changes wait for you.{}", next())
            }
            ConnectionState::On => format!("The sync is on.{}", next()),
        }
    }
}

const NOT_CONNECTED: &str = "HiBob is not connected yet.";

impl ConnectionBody {
    fn not_connected() -> Self {
        Self {
            state: ConnectionState::NotConnected,
            summary: NOT_CONNECTED.to_owned(),
            enabled: false,
            version: None,
            settings: None,
            attention: None,
            suspicion: None,
            last_run: None,
            running_run: None,
            requested_run: None,
            next_run_at: None,
            mapping: None,
            last_proof: None,
        }
    }
}

#[cfg(test)]
mod tests;
