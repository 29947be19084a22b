//! The HTTP function by which people come from HiBob's dashboard into HiThrive: it sends them to their company's identity
//! provider, checks the answer, finds the account, and hands a portal a code that HiThrive's backend redeems.
//!
//! Its routes are public but for the redemption, so the tenant is the one that the path names. That is no key to anything:
//! only an answer signed by that tenant's own provider is, and only to that tenant's accounts.

mod acs;
mod api;
mod config;
mod cookie;
mod denial;
mod document;
mod examples;
mod form;
mod metadata;
mod page;
mod person;
mod redeem;
mod start;
mod trial;
mod visit;
mod waiting;
mod words;

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use api::{AwsClients, SsoApi, StartError};
pub use config::Config;

/// Bytes of a body that are looked at. A form that is too large is told so on a page; beyond this it is nobody's browser.
const BODY_LIMIT: usize = 1024 * 1024;

/// The routes, ready to be served.
pub fn router(api: SsoApi) -> Router {
    let clock = api.clock.clone();
    let router = Router::from(routes().with_state(Arc::new(api)));
    http_api::finish_with_limit(router, "sso-api", clock, BODY_LIMIT)
}

/// The OpenAPI document of the routes.
#[must_use]
pub fn open_api() -> utoipa::openapi::OpenApi {
    let mut document = http_api::openapi::complete(routes().into_openapi());
    http_api::openapi::illustrate(&mut document, &examples::examples());
    document
}

fn routes() -> OpenApiRouter<Arc<SsoApi>> {
    OpenApiRouter::with_openapi(document::Document::openapi())
        .routes(routes!(start::start_sign_in))
        .routes(routes!(start::start_test))
        .routes(routes!(acs::take_answer, acs::refuse_other_binding))
        .routes(routes!(metadata::show_metadata))
        .routes(routes!(redeem::redeem_code))
        .routes(routes!(document::show_document))
}
