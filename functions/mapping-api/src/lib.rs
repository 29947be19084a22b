//! The HTTP function with which an admin decides which field of HiBob fills which field of HiThrive.
//!
//! The tenant of every request is its caller's. A preview takes longer than a request may, so it is a task of the worker's,
//! asked for through the interactive queue.

mod api;
mod config;
mod document;
mod examples;
mod faults;
mod fields;
mod mapping;
mod preview;
mod queue;
mod samples;
mod targets;

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use api::{AwsClients, MappingApi};
pub use config::Config;

/// The routes, ready to be served.
pub fn router(api: MappingApi) -> Router {
    let clock = api.clock.clone();
    let router = routes().with_state(Arc::new(api));
    http_api::finish(router.into(), "mapping-api", clock)
}

/// The OpenAPI document of the routes.
#[must_use]
pub fn open_api() -> utoipa::openapi::OpenApi {
    let mut document = http_api::openapi::complete(routes().into_openapi());
    http_api::openapi::illustrate(&mut document, &examples::examples());
    document
}

fn routes() -> OpenApiRouter<Arc<MappingApi>> {
    OpenApiRouter::with_openapi(document::Document::openapi())
        .routes(routes!(targets::list_targets))
        .routes(routes!(fields::list_fields))
        .routes(routes!(fields::suggest_mapping))
        .routes(routes!(mapping::show_mapping, mapping::replace_mapping))
        .routes(routes!(samples::sample_mapping))
        .routes(routes!(preview::start_preview, preview::show_preview))
        .routes(routes!(document::show_document))
}
