//! What the handlers share.

use http_api::{HibobDesk, Problem, ProblemKind};
use jiff::Timestamp;
use provisioning::TenantId;
use sign_in_store::SsoSettingsStore;
use single_sign_on::ServiceProvider;
use startup::Clock;
use team_directory::TeamDirectory;
use tenant_store::{Connection, RunHistory, Tasks, TenantStore, Vault, Versioned};

use crate::Config;
use crate::queue::Queue;

/// The SDK's clients, one of each per process.
#[derive(Debug, Clone)]
pub struct AwsClients {
    /// For the tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// For the tokens.
    pub secrets: aws_sdk_secretsmanager::Client,
    /// For the worker's queue.
    pub sqs: aws_sdk_sqs::Client,
}

/// What the handlers work with.
#[derive(Debug)]
pub struct ConnectionApi {
    pub(crate) tenants: TenantStore,
    pub(crate) teams: TeamDirectory,
    pub(crate) history: RunHistory,
    pub(crate) tasks: Tasks,
    pub(crate) sso: SsoSettingsStore,
    pub(crate) service_provider: ServiceProvider,
    pub(crate) can_sign_requests: bool,
    pub(crate) vault: Vault,
    pub(crate) queue: Queue,
    pub(crate) hibob: HibobDesk,
    pub(crate) clock: Clock,
}

impl ConnectionApi {
    /// The API over clients.
    #[must_use]
    pub fn new(aws: AwsClients, http: reqwest::Client, config: Config, clock: Clock) -> Self {
        let tenants = TenantStore::new(aws.dynamodb.clone(), config.tenants_table);
        let vault = Vault::new(aws.secrets, config.secret_prefix);
        let hibob = hibob::Client::new(config.hibob_base_url, http);
        Self {
            hibob: HibobDesk::new(hibob, tenants.clone(), vault.clone(), clock.clone()),
            tenants,
            teams: TeamDirectory::new(aws.dynamodb.clone(), config.accounts_table),
            history: RunHistory::new(aws.dynamodb.clone(), config.runs_table),
            tasks: Tasks::new(aws.dynamodb.clone(), config.tasks_table),
            sso: SsoSettingsStore::new(aws.dynamodb, config.sso_settings_table),
            service_provider: config.sign_on_url.into_service_provider(),
            can_sign_requests: config.signed_requests,
            vault,
            queue: Queue::new(aws.sqs, config.interactive_queue_url),
            clock,
        }
    }

    /// The tenant's connection, without which most things make no sense.
    pub(crate) async fn connected(&self, tenant: &TenantId) -> Result<Versioned<Connection>, Problem> {
        self.tenants.connection(tenant).await?.ok_or_else(not_connected)
    }
}

pub(crate) fn not_connected() -> Problem {
    Problem::new(ProblemKind::NotConnected, "HiBob is not connected yet.")
}

/// An instant as the API shows it: to the second.
pub(crate) fn to_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
