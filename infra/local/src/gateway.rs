//! The HTTP functions behind a stand-in for API Gateway.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::Router;
use stand_in_gateway::{Gateway, RunningGateway, TokenIssuer};

use crate::sign_on::SSO_API;
use crate::system::{LocalSystem, StartError, environment};

/// Logical ids in the template.
const CONNECTION_API: &str = "ConnectionApiFunction";
const MAPPING_API: &str = "MappingApiFunction";
const SETTINGS_PAGE: &str = "SettingsPageFunction";

/// Who signs tokens, and for whom.
pub(crate) const JWT_ISSUER: &str = "https://login.hithrive.example";
pub(crate) const JWT_AUDIENCE: &str = "hithrive-hibob";

/// Who redeems codes for HiThrive's portals.
pub(crate) const PORTAL_BACKEND: &str = "hithrive-portals";

/// The issuer of all systems in this process: making a key takes a while.
pub(crate) fn token_issuer() -> Result<Arc<TokenIssuer>, StartError> {
    static ISSUER: LazyLock<Mutex<Option<Arc<TokenIssuer>>>> = LazyLock::new(Mutex::default);
    let mut known = ISSUER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(issuer) = &*known {
        return Ok(Arc::clone(issuer));
    }
    let issuer = Arc::new(TokenIssuer::new(JWT_ISSUER, JWT_AUDIENCE)?);
    *known = Some(Arc::clone(&issuer));
    Ok(issuer)
}

impl LocalSystem {
    /// The settings APIs, the settings page and single sign-on behind a gateway, on a free port of this machine.
    ///
    /// # Errors
    /// The template and a function disagree, or there is no port.
    pub async fn gateway(&self) -> Result<RunningGateway, StartError> {
        let listener = RunningGateway::bind(0).await?;
        Ok(RunningGateway::serve(listener, self.http()?)?)
    }

    /// The same without an address. It answers every path.
    ///
    /// # Errors
    /// The template and a function disagree.
    pub fn http(&self) -> Result<Router, StartError> {
        let parameters = self
            .parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let gateway = Gateway::new(
            &self.template,
            &parameters.collect::<Vec<_>>(),
            self.issuer.public_key(),
            self.clock.clock(),
        )?;
        let functions = self.http_functions()?.into_iter();
        let gateway = functions.fold(gateway, |gateway, (id, router)| gateway.with_function(id, router));
        Ok(gateway.into_router())
    }

    /// The HTTP functions by their logical ids.
    ///
    /// # Errors
    /// The template and a function disagree.
    pub fn http_functions(&self) -> Result<[(&'static str, Router); 4], StartError> {
        Ok([
            (CONNECTION_API, self.connection_api()?),
            (MAPPING_API, self.mapping_api()?),
            (SETTINGS_PAGE, self.settings_page()?),
            (SSO_API, self.sso_api.clone()),
        ])
    }

    fn connection_api(&self) -> Result<Router, StartError> {
        let config = connection_api::Config::read(environment(&self.provisioned, CONNECTION_API))?;
        let clients = connection_api::AwsClients {
            dynamodb: aws_sdk_dynamodb::Client::new(&self.aws),
            secrets: aws_sdk_secretsmanager::Client::new(&self.aws),
            sqs: aws_sdk_sqs::Client::new(&self.aws),
        };
        let clock = self.clock.clock();
        let api = connection_api::ConnectionApi::new(clients, hibob::http_client()?, config, clock);
        Ok(connection_api::router(api))
    }

    fn mapping_api(&self) -> Result<Router, StartError> {
        let config = mapping_api::Config::read(environment(&self.provisioned, MAPPING_API))?;
        let clients = mapping_api::AwsClients {
            dynamodb: aws_sdk_dynamodb::Client::new(&self.aws),
            secrets: aws_sdk_secretsmanager::Client::new(&self.aws),
            sqs: aws_sdk_sqs::Client::new(&self.aws),
        };
        let clock = self.clock.clock();
        let api = mapping_api::MappingApi::new(clients, hibob::http_client()?, config, clock);
        Ok(mapping_api::router(api))
    }

    fn settings_page(&self) -> Result<Router, StartError> {
        let config = settings_page::Config::read(environment(&self.provisioned, SETTINGS_PAGE))?;
        Ok(settings_page::router(&config, self.clock.clock()))
    }
}
