//! What the OpenAPI document says of the API as a whole.

use http_api::Json;
use utoipa::OpenApi;

use crate::open_api;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "HiBob field mapping",
        description = "Which field of HiBob fills which field of HiThrive: what there is to choose from, a suggestion, live \
            examples, a preview of what a run would change, and the mapping itself.\n\n\
            The tenant is that of the caller's token. Errors are problems as RFC 9457 has them; `/api/problems` lists their \
            types. An `invalid-mapping` names the rows in `errors`, each with `entry` (counted from 0, or null), `code` and \
            `detail`. Instants are RFC 3339 in UTC.",
    ),
    servers((url = "/", description = "The address of the settings page")),
    tags(
        (name = "fields", description = "What there is to choose from"),
        (name = "mapping", description = "What is chosen"),
        (name = "about", description = "What describes this API"),
    ),
)]
pub(crate) struct Document;

/// This document
///
/// Public.
#[utoipa::path(get, path = "/api/openapi/mapping.json", tag = "about", security(()),
    responses((status = 200, description = "The OpenAPI document", body = Value)))]
pub(crate) async fn show_document() -> Json<utoipa::openapi::OpenApi> {
    Json(open_api())
}
