//! One tenant and its company.

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{IF_MATCH, RETRY_AFTER};
use embedded_aws::{EmbeddedAws, SAMPLE_PARAMETERS, TEMPLATE, Template, provision};
use http_api::testing::{json_body, request_of_admin};
use jiff::Timestamp;
use mapping_api::{AwsClients, Config, MappingApi};
use provisioning::{Policy, TenantId};
use serde_json::{Value, json};
use stand_in_hibob::{Company, RunningHibob, StandInHibob};
use startup::{Clock, Environment};
use tenant_store::{Connection, Night, ServiceUser, Tasks, TenantStore, Vault};
use tower::ServiceExt;

pub(crate) const ACME: &str = "acme";
pub(crate) const TASK: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) hibob: StandInHibob,
    pub(crate) tenants: TenantStore,
    pub(crate) tasks: Tasks,
    dynamodb: aws_sdk_dynamodb::Client,
    tenants_table: String,
    sqs: aws_sdk_sqs::Client,
    queue: String,
    _aws: EmbeddedAws,
    _server: RunningHibob,
}

/// What a route answered.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) retry_after: Option<String>,
}

impl Answer {
    /// The last part of the problem's type.
    pub(crate) fn problem(&self) -> &str {
        let type_uri = self.body["type"].as_str().unwrap_or_default();
        type_uri.strip_prefix("/api/problems#").unwrap_or_default()
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

pub(crate) fn tenant(id: &str) -> TenantId {
    id.parse().unwrap()
}

/// A row as a caller sends it.
pub(crate) fn row(target: &str, id: &str, field_type: &str) -> Value {
    let category = id.split('.').next();
    json!({"target": target, "whenEmpty": "clear", "sources": [
        {"id": id, "type": field_type, "category": {"id": category, "name": "As it was called once"}}]})
}

pub(crate) fn email() -> Value {
    row("email", "root.email", "text")
}

impl World {
    /// A company of 25 whose admin has connected it.
    pub(crate) async fn connected() -> Self {
        let world = Self::unconnected().await;
        let connection = Connection {
            enabled: false,
            company_id: None,
            night: Night::new("UTC", Night::USUAL).unwrap(),
            contacts: Vec::new(),
            policy: Policy::default(),
        };
        let connected = world
            .tenants
            .create_connection(&tenant(ACME), &connection, now())
            .await;
        connected.unwrap();
        world
    }

    /// A company of 25 whose token is kept, but which is not connected.
    pub(crate) async fn unconnected() -> Self {
        let hibob = StandInHibob::new();
        let company = Company::generate(1, 25, jiff::civil::date(2026, 11, 24));
        hibob.host(ACME, company, stand_in_hibob::ServiceUser::all_seeing(ACME, ACME));
        let server = hibob.start_on(0).await.unwrap();

        let aws = EmbeddedAws::start(None).await.unwrap();
        let sdk = aws.sdk_config();
        let template = Template::parse(TEMPLATE).unwrap();
        let provisioned = provision(&sdk, &template, &SAMPLE_PARAMETERS).await.unwrap();
        let variables = &provisioned.functions["MappingApiFunction"];
        let base_url = server.base_url();
        let config = Config::read(Environment::new(|name| match name {
            "HIBOB_BASE_URL" => Some(base_url.clone()),
            _ => variables.get(name).cloned(),
        }));
        let config = config.unwrap();
        let clients = AwsClients {
            dynamodb: aws_sdk_dynamodb::Client::new(&sdk),
            secrets: aws_sdk_secretsmanager::Client::new(&sdk),
            sqs: aws_sdk_sqs::Client::new(&sdk),
        };
        let user = ServiceUser {
            id: ACME.to_owned(),
            token: ACME.into(),
        };
        let vault = Vault::new(clients.secrets.clone(), &config.secret_prefix);
        vault.put(&tenant(ACME), &user).await.unwrap();
        Self {
            tenants: TenantStore::new(clients.dynamodb.clone(), &config.tenants_table),
            tasks: Tasks::new(clients.dynamodb.clone(), &config.tasks_table),
            dynamodb: clients.dynamodb.clone(),
            tenants_table: config.tenants_table.clone(),
            sqs: clients.sqs.clone(),
            queue: config.interactive_queue_url.clone(),
            router: mapping_api::router(MappingApi::new(
                clients,
                hibob::http_client().unwrap(),
                config,
                Clock::new(now),
            )),
            hibob,
            _aws: aws,
            _server: server,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(ACME, "GET", path, &Value::Null, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(ACME, "POST", path, body, None).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(ACME, "PUT", path, body, None).await
    }

    pub(crate) async fn save(&self, version: u64, body: &Value) -> Answer {
        self.send(ACME, "PUT", "/api/mapping", body, Some(version)).await
    }

    pub(crate) async fn send(
        &self,
        tenant: &str,
        method: &str,
        path: &str,
        body: &Value,
        version: Option<u64>,
    ) -> Answer {
        let mut request = request_of_admin(tenant, method, path, body);
        if let Some(version) = version {
            let version = HeaderValue::try_from(format!("\"{version}\"")).unwrap();
            request.headers_mut().insert(IF_MATCH, version);
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let retry_after = response.headers().get(RETRY_AFTER);
        Answer {
            status: response.status().as_u16(),
            retry_after: retry_after.map(|wait| wait.to_str().unwrap().to_owned()),
            body: json_body(response).await,
        }
    }

    /// Keeps a proof that no release can read.
    pub(crate) async fn spoil_proof(&self) {
        let put = self.dynamodb.put_item().table_name(&self.tenants_table);
        let put = put
            .item("pk", AttributeValue::S(format!("TENANT#{ACME}")))
            .item("sk", AttributeValue::S("PROOF".to_owned()))
            .item("report", AttributeValue::Bool(true));
        put.send().await.unwrap();
    }

    /// What waits for the worker.
    pub(crate) async fn messages(&self) -> Vec<Value> {
        let receive = self
            .sqs
            .receive_message()
            .queue_url(&self.queue)
            .max_number_of_messages(10);
        let received = receive.send().await.unwrap();
        let bodies = received.messages().iter().filter_map(|message| message.body());
        bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
    }
}
