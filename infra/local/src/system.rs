use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_types::SdkConfig;
use axum::Router;
use embedded_aws::{Provisioned, TEMPLATE, Template, provision};
use failure_emails::FailureEmails;
use jiff::{SignedDuration, Timestamp};
use nightly_fan_out::{FanOutError, FanOutReport, NightlyFanOut};
use provisioning::{Mapping, TenantId};
use sign_in_store::SsoSettingsStore;
use stand_in_gateway::TokenIssuer;
use startup::{Environment, InvalidEnvironment};
use sync_worker::{AwsClients, SyncWorker};
use team_directory::TeamDirectory;
use tenant_store::{Connection, Notices, RunHistory, ServiceUser, Tasks, TenantStore, Vault};

use crate::SimulatedClock;
use crate::addresses::{ADMIN_ORIGIN, Addresses};
use crate::event_source::{EventSource, EventSourceError};
use crate::gateway::{JWT_AUDIENCE, JWT_ISSUER, PORTAL_BACKEND, token_issuer};
use crate::sign_on;

/// The system could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The stack did not take what the template describes.
    #[error("could not create the tables and queues")]
    Provision(#[from] embedded_aws::Error),
    /// The template and a function disagree about its variables.
    #[error("a function does not accept its environment")]
    Environment(#[from] InvalidEnvironment),
    /// The HTTP client towards HiBob could not be built.
    #[error("could not set up the HTTP client")]
    Http(#[from] hibob::SetupError),
    /// Single sign-on could not be set up.
    #[error("could not set up single sign-on")]
    SingleSignOn(#[from] sso_api::StartError),
    /// No key could be made for it.
    #[error("could not make a signing key")]
    Key(#[from] stand_in_idp::Error),
    /// The key could not be kept.
    #[error("could not keep the signing key")]
    SigningKey(#[source] Box<aws_sdk_secretsmanager::Error>),
    /// The gateway could not be built or started.
    #[error("could not set up the gateway")]
    Gateway(#[from] stand_in_gateway::Error),
    /// The template lacks a resource that the system is made of.
    #[error("the template has no `{0}`")]
    Missing(&'static str),
}

/// As long as Lambda lets the worker run, by the template.
const WORKER_TIMEOUT: SignedDuration = SignedDuration::from_secs(900);
/// Companies synced side by side.
const WORKERS: usize = 4;

/// The functions and their stores.
#[derive(Debug)]
pub struct LocalSystem {
    /// What the functions take for the present.
    pub clock: SimulatedClock,
    /// Connections, mappings and run states.
    pub tenants: TenantStore,
    /// What runs did.
    pub runs: RunHistory,
    /// Service users' tokens.
    pub vault: Vault,
    /// The teams.
    pub directory: TeamDirectory,
    /// Which mails were claimed.
    pub notices: Notices,
    /// What admins wait for.
    pub tasks: Tasks,
    /// What tenants have set for single sign-on.
    pub sso_settings: SsoSettingsStore,
    /// Where it is, and where HiThrive is.
    pub addresses: Addresses,
    /// What the template became.
    pub provisioned: Provisioned,
    /// Who signs the tokens that the gateway believes.
    pub issuer: Arc<TokenIssuer>,
    pub(crate) aws: SdkConfig,
    pub(crate) template: Template,
    pub(crate) parameters: Vec<(&'static str, String)>,
    fan_out: NightlyFanOut,
    worker: SyncWorker,
    emails: FailureEmails,
    pub(crate) sso_api: Router,
    sync_queue: EventSource,
    interactive_queue: EventSource,
    emails_queue: EventSource,
    invocations: AtomicU64,
}

impl LocalSystem {
    /// Creates what the template describes on a stack and wires the functions to it. Systems of different `stage`s on one
    /// stack do not meet.
    ///
    /// # Errors
    /// The stack is not there, or something of the template is missing.
    pub async fn start(
        aws: &SdkConfig,
        stage: &str,
        hibob_base_url: &str,
        clock: SimulatedClock,
    ) -> Result<Self, StartError> {
        Self::start_at(Addresses::default(), aws, stage, hibob_base_url, clock).await
    }

    /// The same at these addresses.
    ///
    /// # Errors
    /// The stack is not there, or something of the template is missing.
    pub async fn start_at(
        addresses: Addresses,
        aws: &SdkConfig,
        stage: &str,
        hibob_base_url: &str,
        clock: SimulatedClock,
    ) -> Result<Self, StartError> {
        let [admin, reports, rewards] = &addresses.portals;
        let parameters = [
            ("Stage", stage),
            ("SenderAddress", "hibob-sync@hithrive.example"),
            ("SettingsPageUrl", &addresses.settings_page),
            ("LoginUrl", &addresses.login),
            ("AdminOrigin", ADMIN_ORIGIN),
            ("JwtIssuer", JWT_ISSUER),
            ("JwtAudience", JWT_AUDIENCE),
            ("SignOnUrl", &addresses.sign_on),
            ("PortalAdminUrl", admin),
            ("PortalReportsUrl", reports),
            ("PortalRewardsUrl", rewards),
            ("PortalBackendSubject", PORTAL_BACKEND),
            // `sign_on` makes a key.
            ("SignedRequests", "true"),
            // Nobody else is called from this address.
            ("StartSpreadSeconds", "0"),
        ];
        let template = Template::parse(TEMPLATE)?;
        let mut provisioned = provision(aws, &template, &parameters).await?;
        // The template insists on HTTPS, and the stand-in for HiBob has none.
        for environment in provisioned.functions.values_mut() {
            if let Some(url) = environment.get_mut("HIBOB_BASE_URL") {
                hibob_base_url.clone_into(url);
            }
        }
        let dynamodb = aws_sdk_dynamodb::Client::new(aws);
        let secrets = aws_sdk_secretsmanager::Client::new(aws);
        let sqs = aws_sdk_sqs::Client::new(aws);
        let ses = aws_sdk_sesv2::Client::new(aws);

        let (sso_api, sso_settings) = sign_on::start(aws, &provisioned, clock.clock()).await?;
        let fan_out = nightly_fan_out::Config::read(environment(&provisioned, "NightlyFanOutFunction"))?;
        let worker = sync_worker::Config::read(environment(&provisioned, "SyncWorkerFunction"))?;
        let emails = failure_emails::Config::read(environment(&provisioned, "FailureEmailsFunction"))?;
        let clients = AwsClients {
            dynamodb: dynamodb.clone(),
            secrets: secrets.clone(),
            sqs: sqs.clone(),
        };
        let queue = |id: &'static str| -> Result<EventSource, StartError> {
            let url = provisioned.queues.get(id).ok_or(StartError::Missing(id))?;
            Ok(EventSource::new(sqs.clone(), url.clone()))
        };
        Ok(Self {
            tenants: TenantStore::new(dynamodb.clone(), &worker.tenants_table),
            runs: RunHistory::new(dynamodb.clone(), &worker.runs_table),
            vault: Vault::new(secrets, &worker.secret_prefix),
            directory: TeamDirectory::new(dynamodb.clone(), &worker.accounts_table),
            notices: Notices::new(dynamodb.clone(), &emails.notices_table),
            tasks: Tasks::new(dynamodb.clone(), &worker.tasks_table),
            sync_queue: queue("SyncQueue")?,
            interactive_queue: queue("InteractiveQueue")?,
            emails_queue: queue("FailureEmailsQueue")?,
            fan_out: NightlyFanOut::new(dynamodb.clone(), sqs.clone(), fan_out, clock.clock()),
            worker: SyncWorker::new(clients, hibob::http_client()?, worker, clock.clock()),
            emails: FailureEmails::new(&dynamodb, ses, emails, clock.clock()),
            invocations: AtomicU64::new(0),
            issuer: token_issuer()?,
            aws: aws.clone(),
            template,
            sso_api,
            sso_settings,
            parameters: parameters.map(|(name, value)| (name, value.to_owned())).into(),
            addresses,
            provisioned,
            clock,
        })
    }

    /// Connects a tenant as its admin will: token, connection, mapping.
    ///
    /// # Errors
    /// A store refused, for instance because the tenant is connected already.
    pub async fn connect(
        &self,
        tenant: &TenantId,
        connection: &Connection,
        service_user: &ServiceUser,
        mapping: &Mapping,
    ) -> Result<(), tenant_store::Error> {
        self.vault.put(tenant, service_user).await?;
        self.tenants
            .create_connection(tenant, connection, self.clock.now())
            .await?;
        self.tenants.save_mapping(tenant, mapping, None, true).await?;
        Ok(())
    }

    /// When a tenant is due next.
    ///
    /// # Errors
    /// The store refused.
    pub async fn next_due_at(&self, tenant: &TenantId) -> Result<Option<Timestamp>, tenant_store::Error> {
        Ok(self
            .tenants
            .run_state(tenant)
            .await?
            .and_then(|state| state.next_due_at))
    }

    /// What EventBridge Scheduler does every quarter of an hour.
    ///
    /// # Errors
    /// As the function itself.
    pub async fn fire_schedule(&self) -> Result<FanOutReport, FanOutError> {
        self.fan_out.handle().await
    }

    /// Works until no queue has a visible message: one message per invocation, several tenants side by side.
    ///
    /// # Errors
    /// A queue could not be used.
    pub async fn work(&self) -> Result<(), EventSourceError> {
        self.work_within(WORKER_TIMEOUT).await
    }

    /// The same with so much time left to each invocation of the worker.
    ///
    /// # Errors
    /// A queue could not be used.
    pub async fn work_within(&self, time: SignedDuration) -> Result<(), EventSourceError> {
        loop {
            let synced = futures_of(WORKERS, || self.invoke_worker(time)).await?;
            let mailed = futures_of(1, || self.invoke_emails()).await?;
            if !synced && !mailed {
                return Ok(());
            }
        }
    }

    /// Gives the worker the next message of its queues and so much time for it; what an admin waits for comes first. False
    /// when there was none.
    ///
    /// # Errors
    /// The queue could not be used.
    pub async fn invoke_worker(&self, time: SignedDuration) -> Result<bool, EventSourceError> {
        let interactive = self
            .interactive_queue
            .poll(async |event| self.sync(event, time).await);
        if interactive.await? {
            return Ok(true);
        }
        self.sync_queue
            .poll(async |event| self.sync(event, time).await)
            .await
    }

    /// Gives the worker an event, wherever it comes from, and so much time for it.
    pub async fn sync(&self, event: SqsEvent, time: SignedDuration) -> SqsBatchResponse {
        let deadline = self.clock.now() + time;
        let id = format!("local-{}", self.invocations.fetch_add(1, Ordering::Relaxed));
        self.worker.handle(event, &id, deadline).await
    }

    /// Gives the failure e-mails the next message of their queue. False when there was none.
    ///
    /// # Errors
    /// The queue could not be used.
    pub async fn invoke_emails(&self) -> Result<bool, EventSourceError> {
        self.emails_queue
            .poll(async |event| self.send_emails(event).await)
            .await
    }

    /// Gives the failure e-mails an event, wherever it comes from.
    pub async fn send_emails(&self, event: SqsEvent) -> SqsBatchResponse {
        self.emails.handle(event).await
    }

    /// Moves the clock on and lets messages that were handed back, or whose invocation died, return.
    ///
    /// # Errors
    /// A queue could not be used.
    pub async fn let_pass(&self, time: SignedDuration) -> Result<(), EventSourceError> {
        self.clock.advance(time);
        self.interactive_queue.let_waiting_messages_return().await?;
        self.sync_queue.let_waiting_messages_return().await?;
        self.emails_queue.let_waiting_messages_return().await
    }
}

pub(crate) fn environment<'a>(provisioned: &'a Provisioned, function: &str) -> Environment<'a> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    let variables = provisioned.functions.get(function).unwrap_or(&NONE);
    Environment::new(|name| variables.get(name).cloned())
}

/// Runs several pollers until each has found its queue empty. True if any of them found a message.
async fn futures_of<F>(pollers: usize, poll: impl Fn() -> F) -> Result<bool, EventSourceError>
where
    F: Future<Output = Result<bool, EventSourceError>>,
{
    let drain = async || {
        let mut found = false;
        while poll().await? {
            found = true;
        }
        Ok::<bool, EventSourceError>(found)
    };
    let results = futures::future::join_all((0..pollers).map(|_| drain())).await;
    results.into_iter().try_fold(false, |any, found| Ok(any | found?))
}
