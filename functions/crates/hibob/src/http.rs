//! The HTTP client that all tenants share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest silence. HiBob collects a whole company before it sends the first byte.
const READ_TIMEOUT: Duration = Duration::from_secs(90);

/// The HTTP client could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The TLS library refused the configuration.
    #[error("could not configure TLS")]
    Tls(#[source] rustls::Error),
    /// The HTTP library refused the configuration.
    #[error("could not build the HTTP client")]
    Http(#[source] reqwest::Error),
}

/// A connection pool for any number of tenants: it holds no credentials and keeps no cookies.
pub fn http_client() -> Result<reqwest::Client, SetupError> {
    with_read_timeout(READ_TIMEOUT)
}

pub(crate) fn with_read_timeout(read_timeout: Duration) -> Result<reqwest::Client, SetupError> {
    // Bundled roots: reading the system's would cost most of a cold start.
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(SetupError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("hithrive-hibob/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(read_timeout)
        // The token goes to HiBob and nowhere else.
        .redirect(Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        .build()
        .map_err(SetupError::Http)
}
