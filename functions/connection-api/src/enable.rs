//! The toggle.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use hibob::Company;
use http_api::{Caller, Json, Problem, ProblemKind};
use provisioning::TenantId;
use serde::Deserialize;
use tenant_store::{Connection, Error, Versioned};
use utoipa::ToSchema;

use crate::ConnectionApi;
use crate::connect::company;
use crate::show::ConnectionBody;

/// Somebody else's save between reading and writing is overcome so often.
const MOST_TRIES: u8 = 3;

/// Whether the sync is switched on
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"enabled": true}))]
pub(crate) struct EnabledBody {
    enabled: bool,
}

http_api::problems!(pub(crate) EnableProblems: NotConnected, CompanyUnverified, TokenRefused, AccessDenied,
    TooManyRefusals, HibobUnavailable, HibobBlocked, HibobTooSlow);

/// Switch the sync on or off
///
/// It may be on before fields are mapped; then it waits. Switched off, a run under way ends without changing anything more.
#[utoipa::path(put, path = "/api/connection/enabled", tag = "connection", request_body = EnabledBody,
    responses((status = 200, description = "The connection as it is now", body = ConnectionBody), EnableProblems))]
pub(crate) async fn put_enabled(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Json(body): Json<EnabledBody>,
) -> Result<impl IntoResponse, Problem> {
    let tenant = &caller.tenant;
    let mut found = None;
    for _ in 0..MOST_TRIES {
        let read = api.connected(tenant).await?;
        if read.value.enabled == body.enabled {
            return api.show(tenant).await;
        }
        if body.enabled && read.value.company_id.is_none() && found.is_none() {
            found = Some(api.find_company(tenant).await?);
        }
        match api.switch(tenant, &read, body.enabled, found.clone()).await {
            Err(Error::VersionChanged { .. }) => {}
            switched => {
                switched?;
                return api.show(tenant).await;
            }
        }
    }
    Err(ProblemKind::Unavailable.into())
}

impl ConnectionApi {
    /// Nobody's nights begin before it is known whose HiBob it is: another company's would empty the team.
    async fn find_company(&self, tenant: &TenantId) -> Result<String, Problem> {
        let company = self
            .hibob
            .ask(tenant, |mut session| async move { company(&mut session).await });
        match company.await? {
            Company::Known(id) => Ok(id),
            Company::Unseen => Err(ProblemKind::CompanyUnverified.into()),
        }
    }

    async fn switch(
        &self,
        tenant: &TenantId,
        read: &Versioned<Connection>,
        enabled: bool,
        found: Option<String>,
    ) -> Result<Versioned<Connection>, Error> {
        let known = read.value.company_id.clone();
        let connection = Connection {
            enabled,
            company_id: known.or(found),
            ..read.value.clone()
        };
        self.tenants
            .save_connection(tenant, read, connection, self.clock.now())
            .await
    }
}
