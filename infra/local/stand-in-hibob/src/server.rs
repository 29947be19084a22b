//! The stand-in as an HTTP server.

use std::{io, net::SocketAddr, time::Duration};

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{MethodRouter, get, post},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

use crate::{
    endpoints,
    gate::{gate, wrong_path},
    host::StandInHibob,
    requests::Endpoint,
};

/// How long open connections may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(1);

/// A stand-in that listens; it stops when this is dropped.
#[derive(Debug)]
pub struct RunningHibob {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl RunningHibob {
    /// What a client takes as HiBob's base address; it ends in `/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
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

impl StandInHibob {
    /// The whole API, for tests that call it without a socket.
    pub fn router(&self) -> Router {
        let guarded = |endpoint, route: MethodRouter<Self>| {
            route.route_layer(from_fn_with_state((self.clone(), endpoint), gate))
        };
        Router::new()
            .route(
                "/v1/people/search",
                guarded(Endpoint::Search, post(endpoints::search)),
            )
            .route(
                "/v1/people/{identifier}",
                guarded(Endpoint::ReadEmployee, post(endpoints::read_employee)),
            )
            .route(
                "/v1/people",
                guarded(Endpoint::AllPeople, get(endpoints::all_people)),
            )
            .route(
                "/v1/company/people/fields",
                guarded(Endpoint::Fields, get(endpoints::fields)),
            )
            .route(
                "/v1/company/named-lists",
                guarded(Endpoint::NamedLists, get(endpoints::named_lists)),
            )
            .route(
                "/v1/company/named-lists/{name}",
                guarded(Endpoint::NamedList, get(endpoints::named_list)),
            )
            .fallback(wrong_path)
            .method_not_allowed_fallback(wrong_path)
            .with_state(self.clone())
    }

    /// Serves from a listener until the handle is dropped or shut down.
    pub fn start(&self, listener: TcpListener) -> io::Result<RunningHibob> {
        let address = listener.local_addr()?;
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(async {
            // An error is the handle having been dropped, which means the same.
            let _ = stopped.await;
        });
        Ok(RunningHibob {
            address,
            stop,
            task: tokio::spawn(serving.into_future()),
        })
    }

    /// Serves on a port of this machine; 0 finds a free one.
    pub async fn start_on(&self, port: u16) -> io::Result<RunningHibob> {
        self.start(TcpListener::bind(("127.0.0.1", port)).await?)
    }
}
