//! The HTTP function that connects a tenant to HiBob, shows and changes the connection, tells what its runs did, and sets up
//! single sign-on.
//!
//! The tenant of every request is its caller's. What takes longer than a request may is a task or a run of the worker's,
//! asked for through the interactive queue.

mod api;
mod config;
mod connect;
mod document;
mod enable;
mod examples;
mod people;
mod queue;
mod rows;
mod runs;
mod settings;
mod show;
mod sso;
mod story;
mod tasks;
mod words;

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use api::{AwsClients, ConnectionApi};
pub use config::{Config, SignOnUrl};

/// The routes, ready to be served.
pub fn router(api: ConnectionApi) -> Router {
    let clock = api.clock.clone();
    let router = routes().with_state(Arc::new(api));
    http_api::finish(router.into(), "connection-api", clock)
}

/// The OpenAPI document of the routes.
#[must_use]
pub fn open_api() -> utoipa::openapi::OpenApi {
    let mut document = http_api::openapi::complete(routes().into_openapi());
    http_api::openapi::illustrate(&mut document, &examples::examples());
    document
}

fn routes() -> OpenApiRouter<Arc<ConnectionApi>> {
    OpenApiRouter::with_openapi(document::Document::openapi())
        .routes(routes!(show::show_connection))
        .routes(routes!(connect::put_service_user))
        .routes(routes!(enable::put_enabled))
        .routes(routes!(settings::replace_settings))
        .routes(routes!(tasks::start_proof, tasks::show_proof))
        .routes(routes!(tasks::start_disconnection, tasks::show_disconnection))
        .routes(routes!(runs::list_runs, runs::request_run))
        .routes(routes!(runs::show_run))
        .routes(routes!(rows::list_people_of_run))
        .routes(routes!(people::search_people))
        .routes(routes!(story::tell_story))
        .routes(routes!(sso::show_sso))
        .routes(routes!(sso::replace_sso_provider))
        .routes(routes!(sso::replace_sso_options))
        .routes(routes!(sso::replace_sso_admins))
        .routes(routes!(document::show_document))
        .routes(routes!(http_api::list_problems))
}
