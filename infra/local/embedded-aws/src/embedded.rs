use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::services::{self, Services};
use crate::{Endpoints, Error, SentMail};

/// How long requests in flight may take at shutdown; a long poll would hold it for up to 20 seconds.
const GRACE: Duration = Duration::from_millis(500);

/// DynamoDB on one loopback port, SQS, Secrets Manager and SES on another. Runs on the Tokio runtime it was started on,
/// until it is shut down or dropped.
#[derive(Debug)]
pub struct EmbeddedAws {
    endpoints: Endpoints,
    services: Arc<Services>,
    /// Dropping it stops both servers.
    running: watch::Sender<()>,
    servers: [JoinHandle<()>; 2],
}

/// What an embedded SES was given so far; also after it was shut down.
#[derive(Debug, Clone)]
pub struct Mailbox(Arc<Services>);

impl Mailbox {
    /// The mails, in order.
    #[must_use]
    pub fn sent_mails(&self) -> Vec<SentMail> {
        self.0.sent_mails()
    }
}

impl EmbeddedAws {
    /// Starts on free ports. With a directory, tables and secrets are kept there and found again at the next start;
    /// queues and mails always live in memory. The secrets are kept as they are, readable by this user alone.
    pub async fn start(data: Option<&Path>) -> Result<Self, Error> {
        if let Some(path) = data {
            std::fs::create_dir_all(path).map_err(|source| Error::Data {
                path: path.to_owned(),
                source,
            })?;
        }
        let tables = open_tables(data)?;
        let services = Arc::new(Services::start(data.map(|data| data.join("secrets.json"))).await?);

        let (dynamodb_listener, dynamodb) = listen().await?;
        let (services_listener, other) = listen().await?;
        let (running, stopped) = watch::channel(());
        let servers = [
            tokio::spawn({
                let stopped = until_dropped(stopped.clone());
                async move {
                    // Fails only if the listener does, and then every client says so.
                    let _ = dynoxide::server::serve_with_shutdown(dynamodb_listener, tables, stopped).await;
                }
            }),
            tokio::spawn({
                let router = services::router(Arc::clone(&services));
                async move {
                    let serving = axum::serve(services_listener, router);
                    let _ = serving.with_graceful_shutdown(until_dropped(stopped)).await;
                }
            }),
        ];

        Ok(Self {
            endpoints: Endpoints { dynamodb, other },
            services,
            running,
            servers,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// What the SDK's clients need to use it.
    #[must_use]
    pub fn sdk_config(&self) -> aws_config::SdkConfig {
        self.endpoints.sdk_config()
    }

    /// The mails SES was given, in order.
    #[must_use]
    pub fn sent_mails(&self) -> Vec<SentMail> {
        self.services.sent_mails()
    }

    /// The same for somebody who looks from time to time.
    #[must_use]
    pub fn mailbox(&self) -> Mailbox {
        Mailbox(Arc::clone(&self.services))
    }

    /// Stops both servers; what is kept in a directory is complete afterwards.
    pub async fn shutdown(self) {
        drop(self.running);
        for server in self.servers {
            let abort = server.abort_handle();
            if tokio::time::timeout(GRACE, server).await.is_err() {
                abort.abort();
            }
        }
    }
}

fn open_tables(data: Option<&Path>) -> Result<Database, Error> {
    match data {
        Some(data) => Database::new(&data.join("tables.sqlite").to_string_lossy()),
        None => Database::memory(),
    }
    .map_err(|error| Error::OpenTables(error.to_string()))
}

async fn listen() -> Result<(TcpListener, String), Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(Error::Listen)?;
    let address = listener.local_addr().map_err(Error::Listen)?;
    Ok((listener, format!("http://{address}")))
}

async fn until_dropped(mut running: watch::Receiver<()>) {
    while running.changed().await.is_ok() {}
}
