//! Tables, secrets and one connected tenant.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use embedded_aws::{EmbeddedAws, Faults, SAMPLE_PARAMETERS, TEMPLATE, Template, provision};
use jiff::{Timestamp, ToSpan};
use provisioning::{History, Policy, RunId, TenantId};
use tenant_store::{
    Connection, Lease, LeaseOutcome, LeaseRequest, Night, Notices, Release, RunHistory, Tasks, TenantStore,
    Vault, Versioned,
};

pub(crate) struct Stack {
    _aws: EmbeddedAws,
    tables: std::collections::BTreeMap<String, String>,
    pub(crate) client: Client,
    pub(crate) faults: Faults,
    pub(crate) store: TenantStore,
    pub(crate) history: RunHistory,
    pub(crate) notices: Notices,
    pub(crate) tasks: Tasks,
    pub(crate) vault: Vault,
}

pub(crate) fn tenant(id: &str) -> TenantId {
    id.parse().unwrap()
}

pub(crate) fn acme() -> TenantId {
    tenant("acme")
}

/// The instant of a day of November 2026.
pub(crate) fn at(day: i8, time: &str) -> Timestamp {
    format!("2026-11-{day:02}T{time}Z").parse().unwrap()
}

/// Acme's run of a day of November 2026.
pub(crate) fn run(day: i8) -> RunId {
    RunId {
        tenant: acme(),
        due_at: at(day, "03:30:00"),
    }
}

/// A run that ends without a result and leaves nothing to remember.
pub(crate) fn given_up() -> Release {
    Release::GivenUp {
        history: History::default(),
    }
}

pub(crate) fn connection() -> Connection {
    Connection {
        enabled: true,
        company_id: Some("637465".to_owned()),
        night: Night::new("Europe/London", Night::USUAL).unwrap(),
        contacts: vec!["it@acme.example".parse().unwrap()],
        policy: Policy::default(),
    }
}

impl Stack {
    pub(crate) async fn start() -> Self {
        let aws = EmbeddedAws::start(None).await.unwrap();
        let template = Template::parse(TEMPLATE).unwrap();
        let provisioned = provision(&aws.sdk_config(), &template, &SAMPLE_PARAMETERS)
            .await
            .unwrap();
        let (faults, config) = Faults::before(&aws.sdk_config());
        let client = Client::new(&config);
        let tables = provisioned.tables;
        Self {
            store: TenantStore::new(client.clone(), &tables["TenantsTable"]),
            history: RunHistory::new(client.clone(), &tables["RunsTable"]),
            notices: Notices::new(client.clone(), &tables["NoticesTable"]),
            tasks: Tasks::new(client.clone(), &tables["TasksTable"]),
            vault: Vault::new(
                aws_sdk_secretsmanager::Client::new(&config),
                "hithrive-hibob/test/",
            ),
            _aws: aws,
            tables,
            client,
            faults,
        }
    }

    /// With acme connected on the 23rd, so that its first night is that of the 24th.
    pub(crate) async fn with_acme() -> (Self, Versioned<Connection>) {
        let stack = Self::start().await;
        let connected = stack
            .store
            .create_connection(&acme(), &connection(), at(23, "12:00:00"))
            .await
            .unwrap();
        (stack, connected)
    }

    /// Asks for acme's run of a night, at a minute of it, for a quarter of an hour.
    pub(crate) async fn ask(&self, day: i8, owner: &str, time: &str) -> LeaseOutcome {
        self.ask_for(&run(day), owner, at(day, time)).await
    }

    /// Asks for any run.
    pub(crate) async fn ask_for(&self, run: &RunId, owner: &str, now: Timestamp) -> LeaseOutcome {
        let request = LeaseRequest {
            run,
            owner,
            now,
            expires_at: now.checked_add(15.minutes()).unwrap(),
            next_due_at: connection().night.next_after(now),
        };
        self.store.lease(&request).await.unwrap()
    }

    pub(crate) async fn lease(&self, day: i8, owner: &str, time: &str) -> Lease {
        match self.ask(day, owner, time).await {
            LeaseOutcome::Taken(lease) => *lease,
            outcome => panic!("{outcome:?}"),
        }
    }

    /// The fence since which acme's service user has its token.
    pub(crate) async fn token(&self) -> u64 {
        let state = self.store.run_state(&acme()).await.unwrap().unwrap();
        state.token_fence.unwrap()
    }

    /// The name of a table of the template.
    pub(crate) fn table(&self, id: &str) -> &str {
        &self.tables[id]
    }

    /// An item as stored.
    pub(crate) async fn item(
        &self,
        table: &str,
        pk: &str,
        sk: &str,
    ) -> Option<HashMap<String, AttributeValue>> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let get = self
            .client
            .get_item()
            .table_name(&self.tables[table])
            .key("pk", text(pk))
            .key("sk", text(sk));
        get.consistent_read(true).send().await.unwrap().item
    }
}
