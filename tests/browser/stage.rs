//! A company's HiBob, the whole system, HiThrive's log-in, and a worker that takes up what admins start.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use embedded_aws::EmbeddedAws;
use local_system::{Development, LocalSystem, SampleCompany, SimulatedClock};
use stand_in_gateway::RunningGateway;
use stand_in_hibob::{Company, Limits, RunningHibob, ServiceUser, StandInHibob};
use tokio::task::JoinHandle;

/// A system with one company, `acme`, that is not connected.
pub(crate) struct Stage {
    hibob: StandInHibob,
    user: String,
    server: RunningHibob,
    gateway: RunningGateway,
    worker: JoinHandle<()>,
    aws: EmbeddedAws,
}

impl Stage {
    pub(crate) async fn start(company: Company, user: ServiceUser) -> Self {
        static STAGES: AtomicU32 = AtomicU32::new(0);
        let number = STAGES.fetch_add(1, Ordering::Relaxed);
        let hibob = StandInHibob::new();
        hibob.set_limits(Limits {
            requests: None,
            ..Limits::default()
        });
        let user_id = user.id.clone();
        hibob.host("acme", company, user);
        let server = hibob.start_on(0).await.unwrap();
        let aws = EmbeddedAws::start(None).await.unwrap();
        let clock = SimulatedClock::starting_at("2026-11-24T09:00:00Z".parse().unwrap());
        let config = aws.sdk_config();
        let stage = format!("browser-{number}");
        let listener = RunningGateway::bind(0).await.unwrap();
        let page = format!("http://{}/", listener.local_addr().unwrap());
        let login = format!("{page}dev/login");
        let places = (page.as_str(), login.as_str());
        let hibob_url = server.base_url();
        let system = LocalSystem::start_between(&config, &stage, &hibob_url, places, clock.clone());
        let system = system.await.unwrap();
        let development = Development {
            companies: vec![SampleCompany {
                tenant: "acme".parse().unwrap(),
                name: "Acme".to_owned(),
                service_user: user_id.clone(),
            }],
            hibob: hibob.clone(),
            issuer: system.issuer.clone(),
            clock,
            mailbox: aws.mailbox(),
        };
        let router = development.into_router().fallback_service(system.http().unwrap());
        let gateway = RunningGateway::serve(listener, router).unwrap();
        let system = Arc::new(system);
        let worker = tokio::spawn(async move {
            loop {
                system.work().await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Self {
            hibob,
            user: user_id,
            server,
            gateway,
            worker,
            aws,
        }
    }

    /// Where the settings page is.
    pub(crate) fn url(&self) -> String {
        format!("{}/", self.gateway.base_url())
    }

    /// Lets the service user see a category.
    pub(crate) fn allow(&self, category: &str) {
        self.hibob.edit_user(&self.user, |user| {
            user.view.insert(category.to_owned());
            user.edit.insert(category.to_owned());
        });
    }

    pub(crate) async fn stop(self) {
        self.worker.abort();
        self.gateway.shutdown().await;
        self.server.shutdown().await;
        self.aws.shutdown().await;
    }
}
