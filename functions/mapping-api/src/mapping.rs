//! The mapping that runs go by.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, ETag, IfMatch, Json, Problem};
use provisioning::{Basis, FieldSet, Mapping, MappingDocument, MappingDocumentEntry, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tenant_store::{Error, SavedMapping, Task, TaskId, TaskRequest, TaskStatus};
use utoipa::ToSchema;

use crate::MappingApi;
use crate::faults::{EntryFault, describe, invalid, valid};
use crate::fields::HibobProblems;

/// The rows of a mapping
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Entries, example = json!({"entries": [email_entry(), title_entry()]}))]
pub(crate) struct EntriesBody {
    pub(crate) entries: Vec<MappingDocumentEntry>,
}

impl From<EntriesBody> for MappingDocument {
    fn from(body: EntriesBody) -> Self {
        Self {
            entries: body.entries,
        }
    }
}

/// A mapping to save
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"entries": [email_entry(), title_entry()],
    "preview": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}))]
pub(crate) struct SaveRequest {
    entries: Vec<MappingDocumentEntry>,
    /// A finished preview of exactly these entries: whom they remove has been seen then, and nothing waits for it.
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
    preview: Option<TaskId>,
}

/// The mapping that runs go by
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Mapping, example = json!({"version": 3, "entries": [email_entry(), title_entry()], "removalsSeen": true}))]
pub(crate) struct MappingBody {
    /// 0 if none is saved.
    version: u64,
    entries: Vec<MappingDocumentEntry>,
    /// Whether somebody has seen whom it removes; until then a run holds removals.
    removals_seen: bool,
}

pub(crate) fn email_entry() -> Value {
    json!({"target": "email", "sources": [
        {"id": "root.email", "type": "text", "category": {"id": "root", "name": "Basic info"}}], "whenEmpty": "keep"})
}

pub(crate) fn title_entry() -> Value {
    json!({"target": "jobTitle", "sources": [
        {"id": "work.title", "type": "list", "category": {"id": "work", "name": "Work"}}], "whenEmpty": "clear"})
}

type Answer = (ETag, Json<MappingBody>);

http_api::problems!(pub(crate) SaveProblems: InvalidRequest, InvalidMapping, StaleEdit, IfMatchMissing);

/// Show the mapping
#[utoipa::path(get, path = "/api/mapping", tag = "mapping",
    responses((status = 200, description = "The mapping; version 0 if none is saved", body = MappingBody,
        headers(("ETag" = String, description = "Its version, for If-Match")))))]
pub(crate) async fn show_mapping(
    State(api): State<Arc<MappingApi>>,
    caller: Caller,
) -> Result<Answer, Problem> {
    let saved = api.tenants.mapping(&caller.tenant).await?;
    Ok(answer(api.body(&caller.tenant, saved).await?))
}

/// Replace the mapping
///
/// What HiBob says about the fields at this moment is saved with them. Unless a preview of exactly these entries is named, the
/// next runs hold deactivations and new addresses until somebody has seen them.
#[utoipa::path(put, path = "/api/mapping", tag = "mapping", request_body = SaveRequest,
    params(("If-Match" = String, Header, description = "The ETag of the mapping that is replaced; `\"0\"` for the first",
        pattern = "^\"[0-9]{1,18}\"$", example = "\"3\"")),
    responses((status = 200, description = "Saved", body = MappingBody,
        headers(("ETag" = String, description = "Its version, for If-Match"))), SaveProblems, HibobProblems))]
pub(crate) async fn replace_mapping(
    State(api): State<Arc<MappingApi>>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(request): Json<SaveRequest>,
) -> Result<Answer, Problem> {
    let tenant = &caller.tenant;
    let saved = api.tenants.mapping(tenant).await?;
    if version != saved.as_ref().map_or(0, |saved| saved.version) {
        return Err(api.stale(tenant, saved, &request.entries).await?);
    }
    let sent = MappingDocument {
        entries: request.entries,
    };
    let mapping = api.checked(tenant, sent.clone()).await?;
    let document = MappingDocument::from(mapping.clone());
    let stays_the_same = saved
        .as_ref()
        .is_some_and(|saved| saved.removals_seen && saved.document == document);
    let removals_seen = stays_the_same
        || match &request.preview {
            Some(preview) => api.was_previewed(tenant, preview, &document).await?,
            None => false,
        };
    let read = saved.map(|saved| saved.version);
    match api
        .tenants
        .save_mapping(tenant, &mapping, read, removals_seen)
        .await
    {
        Err(Error::VersionChanged { .. }) => {
            let saved = api.tenants.mapping(tenant).await?;
            Err(api.stale(tenant, saved, &sent.entries).await?)
        }
        saved => Ok(answer(MappingBody {
            version: saved?,
            entries: document.entries,
            removals_seen,
        })),
    }
}

fn answer(body: MappingBody) -> Answer {
    (ETag(body.version), Json(body))
}

impl MappingApi {
    /// The mapping of a document with its fields as HiBob has them now, or everything that is wrong with it.
    pub(crate) async fn checked(
        &self,
        tenant: &TenantId,
        mut document: MappingDocument,
    ) -> Result<Mapping, Problem> {
        let connection = self.connection(tenant).await?;
        let metadata = self.hibob.metadata(tenant).await?;
        let unknown = describe(&metadata, &mut document.entries);
        let mapping = valid(document, unknown)?;
        let fields = Basis::fields(&mapping, &connection.policy).ids().len();
        if fields > FieldSet::MAX {
            return Err(invalid(&[EntryFault::too_many_fields(fields)]));
        }
        Ok(mapping)
    }

    async fn body(&self, tenant: &TenantId, saved: Option<SavedMapping>) -> Result<MappingBody, Problem> {
        let Some(saved) = saved else {
            return Ok(MappingBody {
                version: 0,
                entries: Vec::new(),
                removals_seen: true,
            });
        };
        let state = self.tenants.run_state(tenant).await?;
        let cleared = state.and_then(|state| state.cleared_mapping_version);
        Ok(MappingBody {
            version: saved.version,
            entries: saved.document.entries,
            removals_seen: saved.removals_seen || cleared == Some(saved.version),
        })
    }

    async fn stale(
        &self,
        tenant: &TenantId,
        saved: Option<SavedMapping>,
        yours: &[MappingDocumentEntry],
    ) -> Result<Problem, Problem> {
        let current = self.body(tenant, saved).await?;
        Ok(Problem::stale_edit(current, json!({"entries": yours})))
    }

    /// Whether a preview of exactly this mapping has been there to see.
    async fn was_previewed(
        &self,
        tenant: &TenantId,
        preview: &TaskId,
        document: &MappingDocument,
    ) -> Result<bool, Problem> {
        let now = self.clock.now();
        let request = self.tasks.request(tenant, preview, now).await?;
        if !matches!(&request, Some(TaskRequest::Preview { mapping }) if mapping == document) {
            return Ok(false);
        }
        let task = self.tasks.read(tenant, preview, now).await?;
        // Of an answer that was recognised as bad it shows nobody.
        let shows_people = |task: &Task| {
            task.result
                .as_ref()
                .is_some_and(|result| result["refusal"].is_null())
        };
        Ok(task.is_some_and(|task| task.status == TaskStatus::Done && shows_people(&task)))
    }
}
