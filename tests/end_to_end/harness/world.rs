//! A system of its own on the shared AWS, with a HiBob of its own.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_config::SdkConfig;
use embedded_aws::Faults;
use jiff::{SignedDuration, Timestamp};
use local_system::{EventSourceError, LocalSystem, SimulatedClock};
use provisioning::{Counts, Policy, RunId, TenantId};
use stand_in_hibob::{Company, Limits, RunningHibob, ServiceUser, StandInHibob};
use tenant_store::{Connection, Night, RequestOutcome, RunRecord, RunStatus};

use super::companies::mapping;
use super::stack::stack;

/// As long as Lambda lets a worker run.
pub(crate) const INVOCATION: SignedDuration = SignedDuration::from_mins(15);
/// What is left to an invocation that may read HiBob for two seconds: its margin is a minute.
pub(crate) const CURFEW: SignedDuration = SignedDuration::from_secs(62);

/// A system, its HiBob, and the network between it and AWS.
pub(crate) struct World {
    pub(crate) system: LocalSystem,
    pub(crate) hibob: StandInHibob,
    /// Between the functions and AWS. What the tests do themselves does not pass here.
    pub(crate) network: Faults,
    /// The way to AWS past the faults.
    pub(crate) aws: SdkConfig,
    stage: String,
    tenants: Mutex<Vec<TenantId>>,
    _server: RunningHibob,
}

impl World {
    /// Empty, the noon before the first night.
    pub(crate) async fn new() -> Self {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        let stage = format!("test-{}-{number}", std::process::id());
        let hibob = StandInHibob::new();
        hibob.set_limits(Limits {
            requests: None,
            refusals: usize::MAX,
            ..Limits::default()
        });
        let server = hibob.start_on(0).await.unwrap();
        let aws = stack().await.sdk_config();
        let (network, behind) = Faults::before(&aws);
        let clock = SimulatedClock::starting_at("2026-11-23T12:00:00Z".parse().unwrap());
        let hibob_url = server.base_url();
        // On the heap: a test has this future in its own, with everything that a start needs.
        let system = Box::pin(LocalSystem::start(&behind, &stage, &hibob_url, clock));
        let system = system.await.unwrap();
        Self {
            system,
            hibob,
            network,
            aws,
            stage,
            tenants: Mutex::default(),
            _server: server,
        }
    }

    /// A world with one tenant, `acme`.
    pub(crate) async fn with(company: Company) -> (Self, TenantId) {
        let world = Self::new().await;
        let tenant = world.connect("acme", company).await;
        (world, tenant)
    }

    /// A tenant whose HiBob is this company, mapped and due in the coming night.
    pub(crate) async fn connect(&self, name: &str, company: Company) -> TenantId {
        self.connect_with(name, company, Policy::default()).await
    }

    pub(crate) async fn connect_with(&self, name: &str, company: Company, policy: Policy) -> TenantId {
        let tenant: TenantId = name.parse().unwrap();
        let user = Self::service_user(name);
        let connection = Connection {
            enabled: true,
            company_id: Some(company.company_id().to_string()),
            night: Night::new("UTC", Night::USUAL).unwrap(),
            contacts: vec![self.contact(&tenant).parse().unwrap()],
            policy,
        };
        let token = tenant_store::ServiceUser {
            id: user.id.clone(),
            token: user.token.clone().into(),
        };
        self.hibob.host(name, company, user);
        let mapping = mapping();
        let connected = self.system.connect(&tenant, &connection, &token, &mapping);
        connected.await.unwrap();
        self.tenants.lock().unwrap().push(tenant.clone());
        tenant
    }

    /// Who reads HiBob for a tenant.
    pub(crate) fn service_user(name: &str) -> ServiceUser {
        ServiceUser::all_seeing(format!("SERVICE-{name}"), token(name))
    }

    /// The address that hears of a tenant's troubles, of this world alone.
    pub(crate) fn contact(&self, tenant: &TenantId) -> String {
        format!("hr@{tenant}.{}.example", self.stage)
    }

    /// Gives a tenant another token, as its admin does, and HiBob too.
    pub(crate) async fn replace_token(&self, tenant: &TenantId, token: &str) {
        let user = tenant_store::ServiceUser {
            id: Self::service_user(tenant.as_str()).id,
            token: token.to_owned().into(),
        };
        self.hibob.edit_user(&user.id, |known| {
            token.clone_into(&mut known.token);
            known.is_revoked = false;
        });
        self.system.vault.put(tenant, &user).await.unwrap();
        self.system.tenants.token_replaced(tenant).await.unwrap();
    }

    /// Moves on to when everybody is due, and asks for the runs.
    pub(crate) async fn nightfall(&self) {
        self.dusk().await;
        self.system.fire_schedule().await.unwrap();
    }

    /// Moves on to when everybody is due.
    pub(crate) async fn dusk(&self) {
        let tenants = self.tenants.lock().unwrap().clone();
        let mut last: Option<Timestamp> = None;
        for tenant in tenants {
            last = last.max(self.system.next_due_at(&tenant).await.unwrap());
        }
        self.system.clock.advance_to(last.unwrap());
    }

    /// The coming night, until no message is visible.
    pub(crate) async fn night(&self) {
        self.nightfall().await;
        self.system.work().await.unwrap();
    }

    /// The coming night, in which HiBob gets two seconds to answer.
    pub(crate) async fn short_night(&self) {
        self.nightfall().await;
        self.system.work_within(CURFEW).await.unwrap();
    }

    /// Waits until the functions call an operation of AWS.
    pub(crate) async fn called(&self, operation: &str) {
        let seen = self.network.operations().len();
        while !self.network.operations()[seen..]
            .iter()
            .any(|called| called == operation)
        {
            self.network.reached(self.network.calls() + 1).await;
        }
    }

    /// Lets so much time pass, and works on what comes again.
    pub(crate) async fn later(&self, time: SignedDuration) {
        self.system.let_pass(time).await.unwrap();
        self.system.work().await.unwrap();
    }

    /// Works and lets time pass until no message is left. Whatever fails on the way is repeated as Lambda would.
    pub(crate) async fn until_quiet(&self) {
        for _ in 0..20 {
            let worked = self.work_alone().await;
            let mut messages = 0;
            for queue in ["SyncQueue", "InteractiveQueue", "FailureEmailsQueue"] {
                messages += self.messages(queue).await;
            }
            if worked.is_ok() && messages == 0 {
                return;
            }
            self.system.let_pass(SignedDuration::from_mins(17)).await.unwrap();
        }
        panic!("messages come again and again");
    }

    /// One message after the other, so that every such night makes its calls to AWS in the same order.
    async fn work_alone(&self) -> Result<(), EventSourceError> {
        loop {
            let has_synced = self.system.invoke_worker(INVOCATION).await?;
            let has_mailed = self.system.invoke_emails().await?;
            if !has_synced && !has_mailed {
                return Ok(());
            }
        }
    }

    /// The last run of a tenant.
    pub(crate) async fn last_run(&self, tenant: &TenantId) -> RunRecord {
        let latest = self.system.runs.latest(tenant, 1, self.system.clock.now());
        latest.await.unwrap().remove(0)
    }

    /// A second run on the same local date, which must find everything as it should be and write nothing.
    pub(crate) async fn assert_settled(&self, tenant: &TenantId) {
        let before = self.accounts(tenant).await;
        self.system.clock.advance(SignedDuration::from_mins(2));
        let requested = self
            .system
            .tenants
            .request_run(tenant, self.system.clock.now())
            .await;
        let RequestOutcome::Requested(RunId { due_at: due, .. }) = requested.unwrap() else {
            panic!("{tenant} has a run under way");
        };
        let body = serde_json::json!({"tenant": tenant, "dueAt": due});
        self.send("InteractiveQueue", &body.to_string()).await;
        self.system.work().await.unwrap();

        let run = self.last_run(tenant).await;
        assert_eq!((run.due_at, run.status), (due, RunStatus::Applied), "{run:?}");
        assert_eq!(run.planned, Counts::default(), "{tenant} is not settled: {run:?}");
        assert_eq!(self.accounts(tenant).await, before, "something was written");
    }
}

/// The token of a tenant's service user.
fn token(name: &str) -> String {
    format!("s3cr3t-token-of-{name}")
}

/// Waits in real time.
pub(crate) async fn pause(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}
