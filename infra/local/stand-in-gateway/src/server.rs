use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::Error;

/// How long open connections may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(1);

/// A gateway that listens; it stops when this is dropped.
#[derive(Debug)]
pub struct RunningGateway {
    origin: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl RunningGateway {
    /// A port of this machine to listen on; 0 finds a free one.
    pub async fn bind(port: u16) -> Result<TcpListener, Error> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(Error::Listen)
    }

    /// The origin of what will be served on a port: by name, so that its cookies are those of another site than of what
    /// listens as `127.0.0.1`.
    pub fn origin(listener: &TcpListener) -> Result<String, Error> {
        let address = listener.local_addr().map_err(Error::Listen)?;
        Ok(format!("http://localhost:{}", address.port()))
    }

    /// Serves a gateway's router, and whatever else is in it.
    pub fn serve(listener: TcpListener, router: Router) -> Result<Self, Error> {
        let origin = Self::origin(&listener)?;
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(async {
            // An error is the handle having been dropped, which means the same.
            let _ = stopped.await;
        });
        Ok(Self {
            origin,
            stop,
            task: tokio::spawn(serving.into_future()),
        })
    }

    /// Such as `http://localhost:8080`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.origin.clone()
    }

    /// Stops listening and waits a moment for what is being sent.
    pub async fn shutdown(self) {
        drop(self.stop);
        let mut task = self.task;
        if timeout(GRACE, &mut task).await.is_err() {
            task.abort();
        }
    }
}
