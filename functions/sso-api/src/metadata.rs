//! What identity providers read about us.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use http_api::{Path, Problem, ProblemKind, Query};
use provisioning::TenantId;
use serde::Deserialize;
use single_sign_on::SetupError;

use crate::SsoApi;

/// What the metadata shall say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    signed: Option<bool>,
}

/// Describe the service provider
///
/// SAML 2.0 metadata for a tenant's identity provider. Its address is the entity id too. Any tenant id has one, known or
/// not. Public.
#[utoipa::path(get, path = "/sso/metadata/{tenant}", tag = "provider", security(()),
    params(
        ("tenant" = String, Path, description = "Whose identity provider asks", example = "acme"),
        ("signed" = Option<bool>, Query, description = "With our certificate, for a provider that takes signed requests only")),
    responses((status = 200, description = "The metadata", body = String, content_type = "application/samlmetadata+xml")))]
pub(crate) async fn show_metadata(
    State(api): State<Arc<SsoApi>>,
    Path(tenant): Path<TenantId>,
    Query(wish): Query<Wish>,
) -> Result<impl IntoResponse, Problem> {
    // The tenant's settings know whether its requests are signed, but would tell that there is such a tenant.
    let metadata = api.service.metadata(&tenant, wish.signed.unwrap_or_default());
    let metadata = metadata.map_err(|error| match error {
        SetupError::NoKey => Problem::new(ProblemKind::NotFound, "There is no key to sign requests with."),
        SetupError::Signature | SetupError::Saml(_) => Problem::from(ProblemKind::Internal).because(error),
    })?;
    Ok(([(CONTENT_TYPE, "application/samlmetadata+xml")], metadata))
}
