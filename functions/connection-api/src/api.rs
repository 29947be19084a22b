//! What the handlers share.

use std::time::{Duration, Instant};

use hibob::{Credentials, Disposition, Refusal, Session};
use http_api::{Problem, ProblemKind};
use jiff::Timestamp;
use provisioning::TenantId;
use startup::Clock;
use team_directory::TeamDirectory;
use tenant_store::{Connection, RunHistory, ServiceUser, Tasks, TenantStore, Vault, Versioned};

use crate::Config;
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
pub struct ConnectionApi {
    pub(crate) tenants: TenantStore,
    pub(crate) teams: TeamDirectory,
    pub(crate) history: RunHistory,
    pub(crate) tasks: Tasks,
    pub(crate) vault: Vault,
    pub(crate) queue: Queue,
    pub(crate) hibob: hibob::Client,
    pub(crate) clock: Clock,
}

impl ConnectionApi {
    /// The API over clients.
    #[must_use]
    pub fn new(aws: AwsClients, http: reqwest::Client, config: Config, clock: Clock) -> Self {
        Self {
            tenants: TenantStore::new(aws.dynamodb.clone(), config.tenants_table),
            teams: TeamDirectory::new(aws.dynamodb.clone(), config.accounts_table),
            history: RunHistory::new(aws.dynamodb.clone(), config.runs_table),
            tasks: Tasks::new(aws.dynamodb, config.tasks_table),
            vault: Vault::new(aws.secrets, config.secret_prefix),
            queue: Queue::new(aws.sqs, config.interactive_queue_url),
            hibob: hibob::Client::new(config.hibob_base_url, http),
            clock,
        }
    }

    /// The tenant's connection, without which most things make no sense.
    pub(crate) async fn connected(&self, tenant: &TenantId) -> Result<Versioned<Connection>, Problem> {
        self.tenants.connection(tenant).await?.ok_or_else(not_connected)
    }

    /// Calls to HiBob, as many as fit in the time that a request has.
    pub(crate) fn session(&self, user: ServiceUser) -> Session {
        let credentials = Credentials::new(user.id, user.token);
        self.hibob.session(credentials, Instant::now() + HIBOB_TIME)
    }

    /// Refuses to ask HiBob for a tenant whose credentials it has refused too often.
    pub(crate) async fn may_ask(&self, tenant: &TenantId) -> Result<(), Problem> {
        match self.tenants.must_wait(tenant, self.clock.now()).await? {
            Some(wait) => Err(Problem::too_many_refusals(wait.unsigned_abs())),
            None => Ok(()),
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

pub(crate) fn not_connected() -> Problem {
    Problem::new(ProblemKind::NotConnected, "HiBob is not connected yet.")
}

/// An instant as the API shows it: to the second.
pub(crate) fn to_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
