//! What a sign-in costs of our own processor time: `cargo bench -p sso-api --bench sign_in`.
//!
//! AWS runs in threads of its own. The function runs on this one, wired and on the runtime as in production, and what this
//! thread was on a processor for is counted: the router, the SDK, the SAML library; not the waiting.

#![expect(clippy::unwrap_used, reason = "a panic is how a measurement fails")]
#![expect(clippy::print_stdout, reason = "the table is for whoever started it")]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::process::ExitCode;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use embedded_aws::{EmbeddedAws, Provisioned, SAMPLE_PARAMETERS, TEMPLATE, Template, provision};
use jiff::Timestamp;
use provisioning::TenantId;
use serde_json::json;
use sign_in_store::SsoSettingsStore;
use single_sign_on::{IdentityProvider, SsoSettings};
use sso_api::{AwsClients, Config, SsoApi, router};
use stand_in_idp::{Answer, Sign, Signer};
use startup::{Clock, Environment};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

const TURNS: usize = 300;
const LIMIT_MS: f64 = 10.0;
const ISSUER: &str = "https://idp.example.com/metadata";
const BASE: &str = "https://hibob.hithrive.example";
/// One tenant whose requests go as they are, and one that signs them.
const TENANTS: [(&str, bool); 2] = [("plain", false), ("signing", true)];
const EMAIL: &str = "ada@example.com";

fn main() -> ExitCode {
    let signer = Signer::generate().unwrap();
    let (aws, provisioned) = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map(|runtime| prepare(runtime, &signer))
        .unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let router = runtime.block_on(function(&aws, &provisioned));

    let mut is_within_limits = true;
    let mut costs = BTreeMap::new();
    for (tenant, signs) in TENANTS {
        for sign in [Sign::Assertion, Sign::Response] {
            let (starts, answers) = runtime.block_on(sign_ins(&router, tenant, sign, &signer));
            let what = if signs { "start, request signed" } else { "start" };
            costs.entry(what).or_insert_with(Vec::new).extend(starts);
            let what = match sign {
                Sign::Response => "consume, response signed",
                _ => "consume, assertion signed",
            };
            costs.entry(what).or_insert_with(Vec::new).extend(answers);
        }
    }
    // After the function's own lines, which it prints as it goes.
    println!("                                     p50 ms   p95 ms");
    for (what, mut costs) in costs {
        costs.sort_by(f64::total_cmp);
        let [median, high] = [costs.len() / 2, costs.len() * 95 / 100].map(|place| costs[place]);
        println!("{what:<33}  {median:>8.2} {high:>8.2}");
        is_within_limits &= median < LIMIT_MS;
    }
    if is_within_limits {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// An AWS with two tenants of one person each, on a runtime that lives as long as this process.
fn prepare(runtime: Runtime, signer: &Signer) -> (EmbeddedAws, Provisioned) {
    let runtime = Box::leak(Box::new(runtime));
    runtime.block_on(async {
        let aws = EmbeddedAws::start(None).await.unwrap();
        let sdk = aws.sdk_config();
        let template = Template::parse(TEMPLATE).unwrap();
        let provisioned = provision(&sdk, &template, &SAMPLE_PARAMETERS).await.unwrap();
        let key = json!({"privateKey": signer.private_key_pem(), "certificate": signer.certificate_pem()});
        let secrets = aws_sdk_secretsmanager::Client::new(&sdk);
        let put = secrets
            .put_secret_value()
            .secret_id(&provisioned.functions["SsoApiFunction"]["SSO_SIGNING_KEY_SECRET"]);
        put.secret_string(key.to_string()).send().await.unwrap();

        let dynamodb = aws_sdk_dynamodb::Client::new(&sdk);
        let settings = SsoSettingsStore::new(dynamodb.clone(), &provisioned.tables["SsoSettingsTable"]);
        for (tenant, sign_requests) in TENANTS {
            let provider = IdentityProvider::from_values(
                ISSUER,
                "https://idp.example.com/sign-on",
                &[signer.certificate_pem()],
                Clock::system().now(),
            );
            let document = SsoSettings {
                provider: Some(provider.unwrap()),
                sign_requests,
                enabled: true,
                ..SsoSettings::default()
            };
            let id: TenantId = tenant.parse().unwrap();
            settings
                .save(&id, &document, 0, Clock::system().now())
                .await
                .unwrap();
            let put = dynamodb
                .put_item()
                .table_name(&provisioned.tables["AccountsTable"]);
            put.set_item(Some(account(tenant))).send().await.unwrap();
        }
        (aws, provisioned)
    })
}

fn account(tenant: &str) -> HashMap<String, AttributeValue> {
    let texts = [
        ("pk", format!("TENANT#{tenant}")),
        ("sk", "ACCOUNT#hibob-1".to_owned()),
        ("account_id", "hibob-1".to_owned()),
        ("hibob_id", "1".to_owned()),
        ("origin", "created".to_owned()),
        ("email", EMAIL.to_owned()),
        ("email_key", format!("{tenant}#{EMAIL}")),
        ("state", "active".to_owned()),
    ];
    let texts = texts.map(|(name, text)| (name.to_owned(), AttributeValue::S(text)));
    let profile = ("profile".to_owned(), AttributeValue::M(HashMap::new()));
    texts.into_iter().chain([profile]).collect()
}

/// The function, with connections of its own.
async fn function(aws: &EmbeddedAws, provisioned: &Provisioned) -> Router {
    let sdk = aws.sdk_config();
    let clients = AwsClients {
        dynamodb: aws_sdk_dynamodb::Client::new(&sdk),
        secrets: aws_sdk_secretsmanager::Client::new(&sdk),
    };
    let variables = &provisioned.functions["SsoApiFunction"];
    let config = Config::read(Environment::new(|name| variables.get(name).cloned())).unwrap();
    router(SsoApi::new(clients, config, Clock::system()).await.unwrap())
}

/// What starts cost and what answers cost, in milliseconds.
async fn sign_ins(router: &Router, tenant: &str, sign: Sign, signer: &Signer) -> (Vec<f64>, Vec<f64>) {
    let mut costs = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let start = Request::get(format!("/sso/start/{tenant}/rewards"));
        let (cost, status, headers) = measured(router, start.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::FOUND);
        let is_signed = header(&headers, "location").contains("&Signature=");
        assert_eq!(is_signed, tenant == "signing");
        costs.0.push(cost);

        let cookie = header(&headers, "set-cookie").split(';').next().unwrap();
        let answer = answer(
            tenant,
            header(&headers, "location"),
            sign,
            signer,
            Clock::system().now(),
        );
        let post = Request::post(format!("/sso/acs/{tenant}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie)
            .body(Body::from(answer));
        let (cost, status, headers) = measured(router, post.unwrap()).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(header(&headers, "location").contains("code="));
        costs.1.push(cost);
    }
    costs
}

/// The form that comes back for a redirect to the provider.
fn answer(tenant: &str, location: &str, sign: Sign, signer: &Signer, now: Timestamp) -> String {
    let (_, query) = location.split_once('?').unwrap();
    let sent: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let request = stand_in_idp::Request::read(&sent["SAMLRequest"]).unwrap();
    let (entity_id, acs_url) = (
        format!("{BASE}/sso/metadata/{tenant}"),
        format!("{BASE}/sso/acs/{tenant}"),
    );
    let mut answer = Answer::to(&entity_id, &acs_url, ISSUER, EMAIL, now).answering(&request.id);
    answer.sign = sign;
    form_urlencoded::Serializer::new(String::new())
        .append_pair("SAMLResponse", &answer.post(signer))
        .append_pair("RelayState", &sent["RelayState"])
        .finish()
}

/// Milliseconds of this thread, and the answer.
async fn measured(router: &Router, request: Request) -> (f64, StatusCode, HeaderMap) {
    let before = thread_milliseconds();
    let response = router.clone().oneshot(request).await.unwrap();
    let cost = thread_milliseconds() - before;
    (cost, response.status(), response.headers().clone())
}

/// For how long this thread was on a processor. Source: `proc_pid_schedstat(5)`, the first figure, in nanoseconds.
/// The figure is brought up to date when the thread is scheduled, so it steps aside first.
fn thread_milliseconds() -> f64 {
    std::thread::yield_now();
    let figures = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    figures.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers[name].to_str().unwrap()
}
