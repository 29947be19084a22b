//! One API, two tenants' companies and a clock.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use connection_api::{AwsClients, Config, ConnectionApi, router};
use embedded_aws::{EmbeddedAws, Faults, SAMPLE_PARAMETERS, TEMPLATE, Template, provision};
use http_api::testing::{json_body, request_of_admin};
use jiff::Timestamp;
use jiff::civil::date;
use provisioning::{RunId, TenantId};
use serde_json::{Value, json};
use sign_in_store::SsoSettingsStore;
use stand_in_hibob::{Access, Company, RunningHibob, ServiceUser, StandInHibob};
use startup::{Clock, Environment};
use tenant_store::{RunHistory, Tasks, TenantStore, Vault};
use tower::ServiceExt;

pub(crate) const TASK: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

pub(crate) struct Api {
    _aws: EmbeddedAws,
    _running: RunningHibob,
    router: Router,
    seconds: Arc<AtomicI64>,
    dynamodb: aws_sdk_dynamodb::Client,
    accounts_table: String,
    sqs: aws_sdk_sqs::Client,
    queue_url: String,
    /// Between the API and its tables.
    pub(crate) faults: Faults,
    pub(crate) hibob: StandInHibob,
    pub(crate) tenants: TenantStore,
    pub(crate) history: RunHistory,
    pub(crate) tasks: Tasks,
    pub(crate) vault: Vault,
    pub(crate) sso: SsoSettingsStore,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The problem's name, or nothing.
    pub(crate) fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.strip_prefix("/api/problems#").unwrap_or_default()
    }
}

pub(crate) fn acme() -> TenantId {
    "acme".parse().unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// The pair that the stand-in knows for a company.
pub(crate) fn service_user(name: &str) -> Value {
    json!({"serviceUserId": format!("SERVICE-{name}"), "token": format!("{name}-secret")})
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::start_with(false).await
    }

    async fn start_with(signed_requests: bool) -> Self {
        let hibob = StandInHibob::new();
        for (seed, name) in [(7, "acme"), (8, "globex")] {
            let company = Company::generate(seed, 30, date(2026, 11, 24));
            let user = ServiceUser::all_seeing(format!("SERVICE-{name}"), format!("{name}-secret"));
            hibob.host(name, company, user);
        }
        let running = hibob.start_on(0).await.unwrap();

        let aws = EmbeddedAws::start(None).await.unwrap();
        let sdk = aws.sdk_config();
        let template = Template::parse(TEMPLATE).unwrap();
        let provisioned = provision(&sdk, &template, &SAMPLE_PARAMETERS).await.unwrap();
        let mut variables = provisioned.functions["ConnectionApiFunction"].clone();
        variables.insert("HIBOB_BASE_URL".to_owned(), running.base_url());
        variables.insert("SIGNED_REQUESTS".to_owned(), signed_requests.to_string());
        let config = Config::read(Environment::new(|name| variables.get(name).cloned())).unwrap();

        let (faults, sdk) = Faults::before(&sdk);
        let clients = AwsClients {
            dynamodb: aws_sdk_dynamodb::Client::new(&sdk),
            secrets: aws_sdk_secretsmanager::Client::new(&sdk),
            sqs: aws_sdk_sqs::Client::new(&sdk),
        };
        let seconds = Arc::new(AtomicI64::new(now().as_second()));
        let hands = seconds.clone();
        let clock = Clock::new(move || Timestamp::from_second(hands.load(Ordering::Relaxed)).unwrap());
        let dynamodb = || clients.dynamodb.clone();
        Self {
            tenants: TenantStore::new(dynamodb(), &config.tenants_table),
            history: RunHistory::new(dynamodb(), &config.runs_table),
            tasks: Tasks::new(dynamodb(), &config.tasks_table),
            vault: Vault::new(clients.secrets.clone(), &config.secret_prefix),
            sso: SsoSettingsStore::new(dynamodb(), &config.sso_settings_table),
            dynamodb: dynamodb(),
            accounts_table: config.accounts_table.clone(),
            sqs: clients.sqs.clone(),
            queue_url: config.interactive_queue_url.clone(),
            router: router(ConnectionApi::new(
                clients,
                hibob::http_client().unwrap(),
                config,
                clock,
            )),
            seconds,
            faults,
            hibob,
            _running: running,
            _aws: aws,
        }
    }

    /// With acme connected.
    pub(crate) async fn connected() -> Self {
        Self::start().await.connect().await
    }

    /// With acme connected, and a key to sign requests with.
    pub(crate) async fn connected_with_key() -> Self {
        Self::start_with(true).await.connect().await
    }

    async fn connect(self) -> Self {
        let answer = self
            .put("/api/connection/service-user", &service_user("acme"))
            .await;
        assert_eq!(answer.status, 201, "{answer:?}");
        self
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) async fn send(&self, request: Request) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: json_body(response).await,
        }
    }

    pub(crate) async fn ask(&self, tenant: &str, method: &str, path: &str, body: &Value) -> Answer {
        self.send(request_of_admin(tenant, method, path, body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("acme", "GET", path, &Value::Null).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.ask("acme", "PUT", path, body).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("acme", "POST", path, body).await
    }

    pub(crate) async fn enable(&self) -> Answer {
        self.put("/api/connection/enabled", &json!({"enabled": true}))
            .await
    }

    /// Saves with a version; without, if that is zero.
    pub(crate) async fn save(&self, version: u64, settings: &Value) -> Answer {
        let version = (version > 0).then_some(version);
        self.put_if_match(version, "/api/connection/settings", settings)
            .await
    }

    /// Saves in place of a version, if one is given.
    pub(crate) async fn put_if_match(&self, version: Option<u64>, path: &str, body: &Value) -> Answer {
        let mut request = request_of_admin("acme", "PUT", path, body);
        if let Some(version) = version {
            let version = format!("\"{version}\"").parse().unwrap();
            request.headers_mut().insert("if-match", version);
        }
        self.send(request).await
    }

    /// Everything that was sent to the worker since the last look.
    pub(crate) async fn messages(&self) -> Vec<Value> {
        let mut messages = Vec::new();
        loop {
            let receive = self.sqs.receive_message().queue_url(&self.queue_url);
            let received = receive.max_number_of_messages(10).send().await.unwrap();
            let received = received.messages.unwrap_or_default();
            if received.is_empty() {
                return messages;
            }
            messages.extend(
                received
                    .iter()
                    .map(|message| serde_json::from_str::<Value>(message.body.as_deref().unwrap()).unwrap()),
            );
        }
    }

    /// Puts an account into acme's team; with a HiBob id, a run has adopted it.
    pub(crate) async fn put_account(&self, id: &str, hibob_id: Option<&str>, email: &str) {
        self.put_account_of("acme", id, hibob_id, email, &[]).await;
    }

    /// Puts an account into a tenant's team, with attributes besides the usual.
    pub(crate) async fn put_account_of(
        &self,
        tenant: &str,
        id: &str,
        hibob_id: Option<&str>,
        email: &str,
        attributes: &[(&str, &str)],
    ) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = self.dynamodb.put_item().table_name(&self.accounts_table);
        let put = put
            .item("pk", text(&format!("TENANT#{tenant}")))
            .item("sk", text(&format!("ACCOUNT#{id}")))
            .item("account_id", text(id))
            .item("email", text(email))
            .item("email_key", text(&format!("{tenant}#{email}")))
            .item("state", text("active"))
            .item("profile", AttributeValue::M(HashMap::new()));
        let put = hibob_id.into_iter().fold(put, |put, hibob_id| {
            put.item("hibob_id", text(hibob_id))
                .item("origin", text("adopted"))
        });
        let put = attributes
            .iter()
            .fold(put, |put, (name, value)| put.item(*name, text(value)));
        put.send().await.unwrap();
    }

    /// What acme's service user sees.
    pub(crate) fn show(&self, access: Access) {
        self.hibob.edit_user("SERVICE-acme", |user| user.access = access);
    }

    pub(crate) fn requests_to_hibob(&self) -> usize {
        self.hibob.requests().len()
    }
}

pub(crate) fn run(due_at: Timestamp) -> RunId {
    RunId {
        tenant: acme(),
        due_at,
    }
}
