//! Pages in the place of what stands around the system: HiThrive's log-in, HiBob's settings, an inbox.

mod hibob;
mod login;
mod mails;

use std::fmt;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use embedded_aws::Mailbox;
use provisioning::TenantId;
use stand_in_gateway::TokenIssuer;
use stand_in_hibob::StandInHibob;

use crate::SimulatedClock;

/// A company that one can sign in to.
#[derive(Debug, Clone)]
pub struct SampleCompany {
    /// Its name in the system and in the stand-in for HiBob.
    pub tenant: TenantId,
    /// What it calls itself.
    pub name: String,
    /// The id of its service user.
    pub service_user: String,
}

/// What the pages show and change.
#[derive(Clone)]
pub struct Development {
    /// Who can be signed in to.
    pub companies: Vec<SampleCompany>,
    /// Where the companies' people are.
    pub hibob: StandInHibob,
    /// Who signs the tokens.
    pub issuer: Arc<TokenIssuer>,
    /// From when on they are valid.
    pub clock: SimulatedClock,
    /// What was sent.
    pub mailbox: Mailbox,
}

impl fmt::Debug for Development {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Development")
            .field("companies", &self.companies)
            .finish_non_exhaustive()
    }
}

impl Development {
    /// The pages, all below `/dev`.
    pub fn into_router(self) -> Router {
        Router::new()
            .route("/dev/login", get(login::show).post(login::sign_in))
            .route("/dev/token", post(login::token))
            .route("/dev/hibob", get(hibob::show))
            .route("/dev/hibob/{tenant}", post(hibob::save))
            .route("/dev/hibob/{tenant}/token", post(hibob::replace_token))
            .route("/dev/mails", get(mails::show))
            .with_state(Arc::new(self))
    }

    fn company(&self, tenant: &str) -> Option<&SampleCompany> {
        self.companies
            .iter()
            .find(|company| company.tenant.as_str() == tenant)
    }
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => ([(CACHE_CONTROL, "no-store")], Html(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests;
