//! What the handlers share.

use http_api::{HibobDesk, Problem, ProblemKind};
use provisioning::TenantId;
use startup::Clock;
use tenant_store::{Connection, Tasks, TenantStore, Vault};

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
pub struct MappingApi {
    pub(crate) tenants: TenantStore,
    pub(crate) tasks: Tasks,
    pub(crate) queue: Queue,
    pub(crate) hibob: HibobDesk,
    pub(crate) clock: Clock,
}

impl MappingApi {
    /// The API over clients.
    #[must_use]
    pub fn new(aws: AwsClients, http: reqwest::Client, config: Config, clock: Clock) -> Self {
        let tenants = TenantStore::new(aws.dynamodb.clone(), config.tenants_table);
        let vault = Vault::new(aws.secrets, config.secret_prefix);
        let hibob = hibob::Client::new(config.hibob_base_url, http);
        Self {
            hibob: HibobDesk::new(hibob, tenants.clone(), vault, clock.clone()),
            tenants,
            tasks: Tasks::new(aws.dynamodb, config.tasks_table),
            queue: Queue::new(aws.sqs, config.interactive_queue_url),
            clock,
        }
    }

    /// The tenant's connection, without which there are no fields to map.
    pub(crate) async fn connection(&self, tenant: &TenantId) -> Result<Connection, Problem> {
        let connection = self.tenants.connection(tenant).await?;
        let connection = connection.map(|connection| connection.value);
        connection.ok_or_else(|| Problem::new(ProblemKind::NotConnected, "HiBob is not connected yet."))
    }
}
