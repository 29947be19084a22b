//! What the OpenAPI document says of the API as a whole.

use http_api::Json;
use utoipa::OpenApi;

use crate::open_api;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "HiBob connection",
        description = "Connects a HiThrive team to HiBob, shows and changes the connection, tells what the nightly runs did, and sets up single sign-on.\n\n\
            The tenant is that of the caller's token. Errors are problems as RFC 9457 has them; `/api/problems` lists their types. \
            Instants are RFC 3339 in UTC. What takes longer than a request may is a task: choose an id of 32 random bytes, \
            `PUT` it, and `GET` it until its status is `done` or `failed`; the same `PUT` again is the same task.",
    ),
    servers((url = "/", description = "The address of the settings page")),
    tags(
        (name = "connection", description = "The link to HiBob"),
        (name = "runs", description = "What was done, night by night"),
        (name = "single sign-on", description = "From the HiBob dashboard into HiThrive"),
        (name = "people", description = "Why a person is, or is not, in the team"),
        (name = "about", description = "What describes this API"),
    ),
)]
pub(crate) struct Document;

/// This document
///
/// Public.
#[utoipa::path(get, path = "/api/openapi/connection.json", tag = "about", security(()),
    responses((status = 200, description = "The OpenAPI document", body = serde_json::Value)))]
pub(crate) async fn show_document() -> Json<utoipa::openapi::OpenApi> {
    Json(open_api())
}
