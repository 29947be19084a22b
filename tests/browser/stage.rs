//! A company's HiBob, the whole system, HiThrive's log-in and portals, and a worker that takes up what admins start.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use embedded_aws::EmbeddedAws;
use jiff::Timestamp;
use local_system::{Addresses, Development, LocalSystem, SampleCompany, SimulatedClock};
use stand_in_gateway::RunningGateway;
use stand_in_hibob::{Company, Limits, RunningHibob, ServiceUser, StandInHibob};
use tokio::task::JoinHandle;

/// The date of every company.
pub(crate) const TODAY: &str = "2026-11-24T09:00:00Z";

/// A system with one company, `acme`, that is not connected.
pub(crate) struct Stage {
    pub(crate) hibob: StandInHibob,
    pub(crate) system: Arc<LocalSystem>,
    /// What answers every address here, without the way over the network.
    pub(crate) router: Router,
    user: String,
    server: RunningHibob,
    gateway: RunningGateway,
    worker: JoinHandle<()>,
    aws: EmbeddedAws,
}

impl Stage {
    pub(crate) async fn start(company: Company, user: ServiceUser) -> Self {
        Self::start_at(TODAY.parse().unwrap(), company, user).await
    }

    /// The same with another present.
    pub(crate) async fn start_at(now: Timestamp, company: Company, user: ServiceUser) -> Self {
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
        let clock = SimulatedClock::starting_at(now);
        let config = aws.sdk_config();
        let stage = format!("browser-{number}");
        let listener = RunningGateway::bind(0).await.unwrap();
        let addresses = Addresses::at(&RunningGateway::origin(&listener).unwrap());
        let hibob_url = server.base_url();
        let system = LocalSystem::start_at(addresses, &config, &stage, &hibob_url, clock);
        let system = Arc::new(system.await.unwrap());
        let development = Development {
            companies: vec![SampleCompany {
                tenant: "acme".parse().unwrap(),
                name: "Acme".to_owned(),
                service_user: user_id.clone(),
                identity_provider: None,
            }],
            hibob: hibob.clone(),
            mailbox: aws.mailbox(),
        };
        let router = development.around(&system).unwrap();
        let gateway = RunningGateway::serve(listener, router.clone()).unwrap();
        let working = Arc::clone(&system);
        let worker = tokio::spawn(async move {
            loop {
                working.work().await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Self {
            hibob,
            system,
            router,
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

    /// Where the stand-in for HiBob is, as the functions reach it.
    pub(crate) fn hibob_url(&self) -> String {
        self.server.base_url()
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
