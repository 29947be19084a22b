//! What the OpenAPI document says of the API as a whole.

use http_api::Json;
use utoipa::OpenApi;

use crate::open_api;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "HiThrive single sign-on",
        description = "Brings people from HiBob's dashboard into HiThrive by SAML 2.0.\n\n\
            A browser starts at `/sso/start`, goes to its company's identity provider, comes back to `/sso/acs` with the answer, and \
            goes on to a portal with a code. The portal's backend redeems the code. What a browser meets is a redirect or a page; \
            what a backend meets is JSON, and its errors are problems as RFC 9457 has them; `/api/problems` lists their types.",
    ),
    servers((url = "/", description = "The address of single sign-on")),
    tags(
        (name = "browser", description = "Where people's browsers go"),
        (name = "provider", description = "What identity providers read"),
        (name = "backend", description = "What HiThrive's backend calls"),
        (name = "about", description = "What describes this API"),
    ),
)]
pub(crate) struct Document;

/// This document
///
/// Public.
#[utoipa::path(get, path = "/api/openapi/sso.json", tag = "about", security(()),
    responses((status = 200, description = "The OpenAPI document", body = serde_json::Value)))]
pub(crate) async fn show_document() -> Json<utoipa::openapi::OpenApi> {
    Json(open_api())
}
