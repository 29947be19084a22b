//! A company's three nights, seen from outside of the worker.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use embedded_aws::Stack;
use hibob::{Client, Credentials};
use jiff::tz::TimeZone;
use local_system::{LocalSystem, SimulatedClock};
use provisioning::{Basis, Mapping, Policy, RunId, TenantId};
use serde_json::json;
use stand_in_hibob::{Company, Limits, StandInHibob};
use startup::Clock;
use tenant_store::{Connection, Night, RunStatus, ServiceUser};
use tokio::task::spawn_blocking;

use crate::calls::Calls;
use crate::mapping::mapping;
use crate::worker::{AS_WORKER, Cost};

const SEED: u64 = 7;
const TENANT: &str = "acme";
/// On the third night, one person in so many has another first name.
const ONE_IN: usize = 100;

/// A night and what it took.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) people: usize,
    /// Accounts that were changed.
    pub(crate) changes: u32,
    /// HiBob's answer, decompressed.
    pub(crate) answer_bytes: u64,
    /// From the start of the worker's process to its end.
    pub(crate) wall: Duration,
    pub(crate) cost: Cost,
    /// To DynamoDB, by operation.
    pub(crate) calls: String,
}

/// Measures the nights of a company of that size, one after the other.
pub(crate) async fn nights(people: usize, mut measured: impl FnMut(&Measured)) {
    let bench = Bench::start(people).await;
    let first = bench.night("first").await;
    measured(&first);
    let unchanged = bench.night("unchanged").await;
    assert_eq!(unchanged.changes, 0, "a second night changes nothing");
    measured(&unchanged);
    bench.rename_some();
    measured(&bench.night("1 %").await);
}

struct Bench {
    aws: Stack,
    calls: Calls,
    hibob: StandInHibob,
    _server: stand_in_hibob::RunningHibob,
    base_url: String,
    system: LocalSystem,
    tenant: TenantId,
    mapping: Mapping,
    people: usize,
}

impl Bench {
    async fn start(people: usize) -> Self {
        let now = Clock::system().now();
        let today = now.to_zoned(TimeZone::UTC).date();
        let hibob = StandInHibob::new();
        hibob.set_limits(Limits {
            requests: None,
            ..Limits::default()
        });
        let company = Company::generate(SEED, people, today);
        let connection = Connection {
            enabled: true,
            company_id: Some(company.company_id().to_string()),
            night: Night::new("UTC", Night::USUAL).unwrap(),
            contacts: Vec::new(),
            policy: Policy::default(),
        };
        hibob.host(
            TENANT,
            company,
            stand_in_hibob::ServiceUser::all_seeing(TENANT, TENANT),
        );
        let server = hibob.start_on(0).await.unwrap();
        let base_url = server.base_url();

        let aws = Stack::embedded(None).await.unwrap();
        let calls = Calls::counted(&aws.endpoints().dynamodb).await;
        let clock = SimulatedClock::starting_at(now);
        let system = LocalSystem::start(&aws.sdk_config(), "bench", &base_url, clock)
            .await
            .unwrap();
        let tenant: TenantId = TENANT.parse().unwrap();
        let mapping = mapping(&base_url, TENANT, TENANT).await;
        let user = ServiceUser {
            id: TENANT.to_owned(),
            token: TENANT.into(),
        };
        system
            .connect(&tenant, &connection, &user, &mapping)
            .await
            .unwrap();
        Self {
            aws,
            calls,
            hibob,
            _server: server,
            base_url,
            system,
            tenant,
            mapping,
            people,
        }
    }

    async fn night(&self, name: &'static str) -> Measured {
        let answer_bytes = self.answer_bytes().await;
        let due_at = self.system.next_due_at(&self.tenant).await.unwrap().unwrap();
        let run = RunId {
            tenant: self.tenant.clone(),
            due_at,
        };
        let began = Instant::now();
        let cost = self.invoke(&run).await;
        let wall = began.elapsed();
        let calls = self.calls.take();
        let record = self
            .system
            .runs
            .run(&run, self.system.clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(record.status, RunStatus::Applied);
        let applied = record.applied;
        Measured {
            name,
            people: self.people,
            changes: applied.created + applied.updated + applied.deactivated + applied.reactivated,
            answer_bytes,
            wall,
            cost,
            calls,
        }
    }

    /// The same question as the worker's.
    async fn answer_bytes(&self) -> u64 {
        let client = Client::new(self.base_url.parse().unwrap(), hibob::http_client().unwrap());
        let credentials = Credentials::new(TENANT, TENANT);
        let mut session = client.session(credentials, Instant::now() + Duration::from_mins(5));
        let fields = Basis::fields(&self.mapping, &Policy::default());
        let mut everybody = session.search(&fields).await.unwrap();
        while everybody.next().await.unwrap().is_some() {}
        drop(everybody);
        session.usage().bytes_read
    }

    /// One invocation in a process of its own.
    async fn invoke(&self, run: &RunId) -> Cost {
        let event = json!({ "Records": [{
            "messageId": "1",
            "receiptHandle": "1",
            "body": serde_json::to_string(run).unwrap(),
        }] });
        let mut worker = Command::new(std::env::current_exe().unwrap())
            .arg(AS_WORKER)
            .env_clear()
            .envs(self.aws.endpoints().environment())
            .env("AWS_ENDPOINT_URL_DYNAMODB", &self.calls.url)
            .envs(&self.system.provisioned.functions["SyncWorkerFunction"])
            .env("RUST_LOG", "warn")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        worker
            .stdin
            .take()
            .unwrap()
            .write_all(event.to_string().as_bytes())
            .unwrap();
        let output = spawn_blocking(|| worker.wait_with_output())
            .await
            .unwrap()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        Cost::read(&text)
    }

    fn rename_some(&self) {
        self.hibob.edit(TENANT, |company| {
            let ids: Vec<_> = company
                .employees()
                .map(stand_in_hibob::Employee::id)
                .step_by(ONE_IN)
                .collect();
            for id in ids {
                company.edit(id).set("root.firstName", "Renée");
            }
        });
    }
}
