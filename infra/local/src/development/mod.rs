//! Pages in the place of what stands around the system: HiThrive's log-in and portals, HiBob's settings and dashboards, an
//! inbox.

mod dashboard;
mod hibob;
mod login;
mod mails;
mod portals;

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
use team_directory::TeamDirectory;

use crate::{LocalSystem, SimulatedClock, StartError};

/// A company that one can sign in to.
#[derive(Debug, Clone)]
pub struct SampleCompany {
    /// Its name in the system and in the stand-in for HiBob.
    pub tenant: TenantId,
    /// What it calls itself.
    pub name: String,
    /// The id of its service user.
    pub service_user: String,
    /// Where its identity provider is, if it has one.
    pub identity_provider: Option<String>,
}

/// What the pages show and change.
#[derive(Clone)]
pub struct Development {
    /// Who can be signed in to.
    pub companies: Vec<SampleCompany>,
    /// Where the companies' people are.
    pub hibob: StandInHibob,
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
    /// The pages, all below `/dev`, and the system's own behind them.
    ///
    /// # Errors
    /// The template and a function disagree.
    pub fn around(self, system: &LocalSystem) -> Result<Router, StartError> {
        let gateway = system.http()?;
        let pages = Pages {
            development: self,
            issuer: Arc::clone(&system.issuer),
            clock: system.clock.clone(),
            directory: system.directory.clone(),
            sign_on: system.addresses.sign_on.clone(),
            gateway: gateway.clone(),
        };
        let router = Router::new()
            .route("/dev/login", get(login::show).post(login::sign_in))
            .route("/dev/token", post(login::token))
            .route("/dev/hibob", get(hibob::show))
            .route("/dev/hibob/{tenant}", post(hibob::save))
            .route("/dev/hibob/{tenant}/token", post(hibob::replace_token))
            .route("/dev/dashboard", get(dashboard::show))
            .route("/dev/portals/{portal}", get(portals::arrive))
            .route("/dev/portals/{portal}/{*path}", get(portals::arrive))
            .route("/dev/mails", get(mails::show))
            .with_state(Arc::new(pages));
        Ok(router.fallback_service(gateway))
    }
}

/// What they are made from.
struct Pages {
    development: Development,
    /// Who signs the tokens.
    issuer: Arc<TokenIssuer>,
    /// From when on they are valid.
    clock: SimulatedClock,
    /// HiThrive's accounts, from which its portals know names.
    directory: TeamDirectory,
    /// The origin of the links on dashboards.
    sign_on: String,
    /// Where the portals redeem codes.
    gateway: Router,
}

impl Pages {
    fn company(&self, tenant: &str) -> Option<&SampleCompany> {
        let mut companies = self.development.companies.iter();
        companies.find(|company| company.tenant.as_str() == tenant)
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
