//! Tables, and what is kept in them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aws_sdk_dynamodb::Client;
use embedded_aws::{EmbeddedAws, Faults, SAMPLE_PARAMETERS, TEMPLATE, Template, provision};
use jiff::Timestamp;
use provisioning::TenantId;
use sign_in_store::{Accepted, Grant, SignIns, SsoSettingsStore};
use single_sign_on::{Assertion, Expected, IdentityProvider, ServiceProvider, SsoSettings};
use stand_in_idp::{Answer, Signer};

const ISSUER: &str = "https://idp.example/entity";
static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::generate().unwrap());

pub(crate) struct Stack {
    _aws: EmbeddedAws,
    tables: BTreeMap<String, String>,
    pub(crate) client: Client,
    pub(crate) faults: Faults,
    pub(crate) settings: SsoSettingsStore,
    pub(crate) sign_ins: SignIns,
}

pub(crate) fn tenant(id: &str) -> TenantId {
    id.parse().unwrap()
}

pub(crate) fn acme() -> TenantId {
    tenant("acme")
}

pub(crate) fn at(time: &str) -> Timestamp {
    format!("2026-11-24T{time}Z").parse().unwrap()
}

/// Settings that are all but the default ones.
pub(crate) fn settings() -> SsoSettings {
    let certificates = [SIGNER.certificate_pem()];
    let provider =
        IdentityProvider::from_values(ISSUER, "https://idp.example/sso", &certificates, at("10:00:00"));
    SsoSettings {
        provider: Some(provider.unwrap()),
        admins: ["hibob-1".parse().unwrap()].into(),
        allow_unsolicited: true,
        sign_requests: true,
        enabled: true,
    }
}

/// An assertion for a tenant, issued at a time.
pub(crate) fn assertion(tenant: &TenantId, now: Timestamp) -> Assertion {
    let service = ServiceProvider::new("https://hibob.hithrive.example", None).unwrap();
    let (entity_id, acs_url) = (service.entity_id(tenant), service.acs_url(tenant));
    let answer = Answer::to(&entity_id, &acs_url, ISSUER, "ada@acme.example", now).post(&SIGNER);
    let provider = settings().provider.unwrap();
    let consumed = service.consume(tenant, &provider, &answer, Expected::Unsolicited, now);
    consumed.unwrap()
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
            settings: SsoSettingsStore::new(client.clone(), &tables["SsoSettingsTable"]),
            sign_ins: SignIns::new(client.clone(), &tables["SignInsTable"]),
            _aws: aws,
            tables,
            client,
            faults,
        }
    }

    /// Takes an assertion of acme's.
    pub(crate) async fn accept(
        &self,
        assertion: &Assertion,
        grant: Option<&Grant>,
        now: Timestamp,
    ) -> Accepted {
        let accepted = self
            .sign_ins
            .accept(&acme(), &assertion.key, assertion.good_until, grant, now)
            .await;
        accepted.unwrap()
    }

    /// Everything in a table, as text.
    pub(crate) async fn dump(&self, table: &str) -> String {
        let scan = self.client.scan().table_name(&self.tables[table]);
        format!("{:?}", scan.send().await.unwrap().items)
    }
}
