//! What the handlers share.

use std::time::{Duration, Instant};

use hibob::{Credentials, Disposition, Refusal, Session};
use http_api::{Problem, ProblemKind};
use provisioning::TenantId;
use startup::Clock;
use tenant_store::{Connection, Tasks, TenantStore, Vault};

use crate::Config;
use crate::metadata::Metadata;
use crate::queue::Queue;

/// API Gateway waits 30 seconds; what HiBob leaves of them is for our own stores.
const HIBOB_TIME: Duration = Duration::from_secs(20);

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
    pub(crate) vault: Vault,
    pub(crate) queue: Queue,
    pub(crate) hibob: hibob::Client,
    pub(crate) clock: Clock,
}

impl MappingApi {
    /// The API over clients.
    #[must_use]
    pub fn new(aws: AwsClients, http: reqwest::Client, config: Config, clock: Clock) -> Self {
        Self {
            tenants: TenantStore::new(aws.dynamodb.clone(), config.tenants_table),
            tasks: Tasks::new(aws.dynamodb, config.tasks_table),
            vault: Vault::new(aws.secrets, config.secret_prefix),
            queue: Queue::new(aws.sqs, config.interactive_queue_url),
            hibob: hibob::Client::new(config.hibob_base_url, http),
            clock,
        }
    }

    /// The tenant's connection, without which there are no fields to map.
    pub(crate) async fn connection(&self, tenant: &TenantId) -> Result<Connection, Problem> {
        let connection = self.tenants.connection(tenant).await?;
        let connection = connection.map(|connection| connection.value);
        connection.ok_or_else(|| Problem::new(ProblemKind::NotConnected, "HiBob is not connected yet."))
    }

    /// Calls to HiBob with the tenant's token, as many as fit in the time that a request has.
    pub(crate) async fn session(&self, tenant: &TenantId) -> Result<Session, Problem> {
        if let Some(wait) = self.tenants.must_wait(tenant, self.clock.now()).await? {
            return Err(Problem::too_many_refusals(wait.unsigned_abs()));
        }
        let user = self.vault.service_user(tenant).await?;
        let credentials = Credentials::new(user.id, user.token);
        Ok(self.hibob.session(credentials, Instant::now() + HIBOB_TIME))
    }

    /// The company's fields as HiBob describes them at this moment.
    pub(crate) async fn metadata(
        &self,
        tenant: &TenantId,
        session: &mut Session,
    ) -> Result<Metadata, Problem> {
        match session.fields().await {
            Ok(fields) => Ok(Metadata::new(fields)),
            Err(error) => Err(self.of_hibob(tenant, error).await),
        }
    }

    /// What a failed call means; a refusal is counted.
    pub(crate) async fn of_hibob(&self, tenant: &TenantId, error: hibob::Error) -> Problem {
        let now = self.clock.now();
        if error.disposition() == Disposition::Refused(Refusal::Unauthorized)
            && let Err(error) = self.tenants.note_refusal(tenant, now).await
        {
            return error.into();
        }
        Problem::of_hibob(error, now)
    }
}
