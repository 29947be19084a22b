//! One site, two tenants with a provider each, a browser and a clock.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use embedded_aws::{EmbeddedAws, Faults, SAMPLE_PARAMETERS, TEMPLATE, Template, provision};
use jiff::Timestamp;
use provisioning::TenantId;
use sign_in_store::SsoSettingsStore;
use single_sign_on::{IdentityProvider, SsoSettings};
use sso_api::{AwsClients, Config, SsoApi, StartError, router};
use stand_in_idp::Signer;
use startup::{Clock, Environment};
use tower::ServiceExt;

use crate::browser::Reply;

pub(crate) const BASE: &str = "https://hibob.hithrive.example";
pub(crate) const BACKEND: &str = "hithrive-portals";

/// The providers' keys, which take their time to make.
pub(crate) static ACME: LazyLock<Signer> = LazyLock::new(|| Signer::generate().unwrap());
pub(crate) static GLOBEX: LazyLock<Signer> = LazyLock::new(|| Signer::generate().unwrap());

pub(crate) struct Site {
    _aws: EmbeddedAws,
    router: Router,
    seconds: Arc<AtomicI64>,
    trap: Arc<AtomicBool>,
    /// Between the function and AWS; the test itself goes past it.
    pub(crate) faults: Faults,
    dynamodb: aws_sdk_dynamodb::Client,
    tables: BTreeMap<String, String>,
    pub(crate) settings: SsoSettingsStore,
}

/// Somebody's account.
pub(crate) struct Account<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) id: &'a str,
    pub(crate) email: &'a str,
    pub(crate) state: &'a str,
    /// HiBob's id of the manager.
    pub(crate) manager: Option<&'a str>,
    pub(crate) decision: Option<&'a str>,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) fn issuer(tenant: &str) -> String {
    format!("https://{tenant}.idp.example/entity")
}

impl Site {
    /// With Ada, who manages Bob, at acme, and Ada's namesake at globex.
    pub(crate) async fn start() -> Self {
        let site = Self::start_with(&[]).await.unwrap();
        for (tenant, signer) in [("acme", &ACME), ("globex", &GLOBEX)] {
            site.save(tenant, |settings| {
                settings.provider = Some(provider(tenant, &[signer]));
                settings.enabled = true;
            })
            .await;
        }
        for (tenant, id, email, manager) in [
            ("acme", "hibob-1", "ada@acme.example", None),
            ("acme", "hibob-2", "bob@acme.example", Some("1")),
            ("globex", "hibob-9", "ada@globex.example", None),
        ] {
            site.put(Account {
                manager,
                ..Account::new(tenant, id, email)
            })
            .await;
        }
        site
    }

    /// With a key for requests, as its secret holds it.
    pub(crate) async fn start_with_key(key: &str) -> Self {
        let aws = EmbeddedAws::start(None).await.unwrap();
        let secrets = aws_sdk_secretsmanager::Client::new(&aws.sdk_config());
        let create = secrets.create_secret().name("key").secret_string(key);
        create.send().await.unwrap();
        Self::start_on(aws, &[("SSO_SIGNING_KEY_SECRET", "key")])
            .await
            .unwrap()
    }

    /// With some variables of the function changed.
    pub(crate) async fn start_with(changes: &[(&str, &str)]) -> Result<Self, StartError> {
        Self::start_on(EmbeddedAws::start(None).await.unwrap(), changes).await
    }

    async fn start_on(aws: EmbeddedAws, changes: &[(&str, &str)]) -> Result<Self, StartError> {
        let sdk = aws.sdk_config();
        let template = Template::parse(TEMPLATE).unwrap();
        let provisioned = provision(&sdk, &template, &SAMPLE_PARAMETERS).await.unwrap();
        let mut variables = provisioned.functions["SsoApiFunction"].clone();
        variables.extend(
            changes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let config = Config::read(Environment::new(|name| variables.get(name).cloned())).unwrap();

        let (faults, between) = Faults::before(&sdk);
        let clients = AwsClients {
            dynamodb: aws_sdk_dynamodb::Client::new(&between),
            secrets: aws_sdk_secretsmanager::Client::new(&between),
        };
        let dynamodb = aws_sdk_dynamodb::Client::new(&sdk);
        let seconds = Arc::new(AtomicI64::new(now().as_second()));
        let hands = seconds.clone();
        let trap = Arc::new(AtomicBool::new(false));
        let armed = trap.clone();
        let clock = Clock::new(move || {
            assert!(!armed.swap(false, Ordering::Relaxed), "the trap is sprung");
            Timestamp::from_second(hands.load(Ordering::Relaxed)).unwrap()
        });
        Ok(Self {
            settings: SsoSettingsStore::new(dynamodb.clone(), &config.sso_settings_table),
            router: router(SsoApi::new(clients, config, clock).await?),
            dynamodb,
            tables: provisioned.tables,
            seconds,
            trap,
            faults,
            _aws: aws,
        })
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Lets whoever asks for the time next panic.
    pub(crate) fn set_trap(&self) {
        self.trap.store(true, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.seconds.load(Ordering::Relaxed)).unwrap()
    }

    pub(crate) async fn save(&self, tenant: &str, change: impl FnOnce(&mut SsoSettings)) {
        let tenant: TenantId = tenant.parse().unwrap();
        let mut read = self.settings.read(&tenant).await.unwrap();
        change(&mut read.value);
        let saved = self.settings.save(&tenant, &read.value, read.version, now());
        saved.await.unwrap();
    }

    pub(crate) async fn put(&self, account: Account<'_>) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let Account {
            tenant, id, email, ..
        } = account;
        let mut item = HashMap::from([
            ("pk", text(&format!("TENANT#{tenant}"))),
            ("sk", text(&format!("ACCOUNT#{id}"))),
            ("account_id", text(id)),
            ("hibob_id", text(id.trim_start_matches("hibob-"))),
            ("origin", text("created")),
            ("email", text(email)),
            ("email_key", text(&format!("{tenant}#{email}"))),
            ("state", text(account.state)),
            ("profile", AttributeValue::M(HashMap::new())),
        ]);
        if let Some(manager) = account.manager {
            item.insert("manager_id", text(manager));
            item.insert("manager_key", text(&format!("{tenant}#{manager}")));
        }
        if let Some(decision) = account.decision {
            item.insert("override", text(decision));
        }
        let item = item
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let put = self.dynamodb.put_item().table_name(&self.tables["AccountsTable"]);
        put.set_item(Some(item)).send().await.unwrap();
    }

    /// How many one-time records there are.
    pub(crate) async fn records(&self) -> usize {
        let scan = self.dynamodb.scan().table_name(&self.tables["SignInsTable"]);
        scan.send().await.unwrap().items().len()
    }

    pub(crate) async fn send(&self, request: Request) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

impl<'a> Account<'a> {
    /// An active one without a manager.
    pub(crate) fn new(tenant: &'a str, id: &'a str, email: &'a str) -> Self {
        Self {
            tenant,
            id,
            email,
            state: "active",
            manager: None,
            decision: None,
        }
    }
}

/// A tenant's provider, known by these keys.
pub(crate) fn provider(tenant: &str, signers: &[&Signer]) -> IdentityProvider {
    let sign_on_url = format!("https://{tenant}.idp.example/sso");
    let certificates: Vec<String> = signers.iter().map(|signer| signer.certificate_pem()).collect();
    IdentityProvider::from_values(&issuer(tenant), &sign_on_url, &certificates, now()).unwrap()
}
