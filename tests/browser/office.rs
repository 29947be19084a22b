//! A company at work: connected, with a team, and people who want to get into HiThrive.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HOST, IF_MATCH};
use axum::http::request::Builder;
use axum::http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use provisioning::{AccountState, Policy, TenantId};
use serde_json::{Value, json};
use stand_in_gateway::RunningGateway;
use stand_in_hibob::{Company, ServiceUser};
use stand_in_idp::{Application, Person, Provider};
use team_directory::Account;
use tenant_store::{Connection, Night};
use tower::ServiceExt;

use crate::driver::Browser;
use crate::mapping::mapping;
use crate::stage::Stage;

const SERVICE_USER: &str = "SERVICE-ACME";
const TOKEN: &str = "token";

/// A stage whose company has a team.
pub(crate) struct Office {
    pub(crate) stage: Stage,
    pub(crate) manager: Account,
    pub(crate) colleague: Account,
}

/// The company's identity provider, on another site than ours.
pub(crate) struct RunningProvider {
    pub(crate) provider: Provider,
    server: RunningGateway,
}

impl Office {
    pub(crate) async fn open(now: Timestamp, company: Company) -> Self {
        let user = ServiceUser::all_seeing(SERVICE_USER, TOKEN);
        let ids: Vec<_> = company.employees().map(stand_in_hibob::Employee::id).collect();
        let company_id = company.company_id().to_string();
        let stage = Stage::start_at(now, company, user).await;
        let connection = Connection {
            enabled: true,
            company_id: Some(company_id),
            night: Night::new("UTC", Night::USUAL).unwrap(),
            contacts: vec!["hr@acme.example".parse().unwrap()],
            policy: Policy::default(),
        };
        let token = tenant_store::ServiceUser {
            id: SERVICE_USER.to_owned(),
            token: TOKEN.into(),
        };
        let mapping = mapping(&stage.hibob_url(), SERVICE_USER, TOKEN).await;
        let tenant: TenantId = "acme".parse().unwrap();
        let connected = stage.system.connect(&tenant, &connection, &token, &mapping);
        connected.await.unwrap();
        sync(&stage).await;

        let directory = stage.system.directory.team(&tenant);
        let mut team = Vec::new();
        for id in ids {
            let account = provisioning::AccountId::of_employee(&id.to_string().parse().unwrap());
            team.extend(directory.get(&account).await.unwrap());
        }
        team.retain(|account| account.status.state == AccountState::Active);
        let is_manager = |account: &&Account| {
            team.iter().any(|other| {
                other.status.manager.is_some() && other.status.manager == account.status.employee
            })
        };
        Self {
            manager: team.iter().find(is_manager).unwrap().clone(),
            colleague: team.iter().find(|account| !is_manager(account)).unwrap().clone(),
            stage,
        }
    }

    /// A run at once, to its end.
    pub(crate) async fn sync(&self) {
        sync(&self.stage).await;
    }

    /// Starts an identity provider that the company's admin has yet to set up. Its people are those of the team whom tests
    /// name, and a stranger.
    pub(crate) async fn start_provider(&self) -> RunningProvider {
        let ours = get(&self.stage, "/api/sso").await.1["serviceProvider"].clone();
        let application = Application {
            entity_id: ours["entityId"].as_str().unwrap().to_owned(),
            acs_url: ours["acsUrl"].as_str().unwrap().to_owned(),
        };
        let listener = RunningGateway::bind(0).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let clock = self.stage.system.clock.clone();
        let provider = Provider::new(&url, "Acme's log-in", application, move || clock.now()).unwrap();
        let known = [&self.manager, &self.colleague].map(|account| Person {
            name: account.name().unwrap(),
            email: account.status.email.to_string(),
        });
        let stranger = Person {
            name: "Somebody whom HiThrive does not know".to_owned(),
            email: STRANGER.to_owned(),
        };
        provider.set_people(known.into_iter().chain([stranger]).collect());
        let server = RunningGateway::serve(listener, provider.router()).unwrap();
        RunningProvider { provider, server }
    }

    /// What the admin saves: the provider, the admin list, and the switch.
    pub(crate) async fn set_up(&self, metadata: &str, admins: &[&Account]) {
        self.save("/api/sso/provider", json!({"metadataXml": metadata}))
            .await;
        let accounts: Vec<_> = admins.iter().map(|admin| &admin.status.id).collect();
        self.save("/api/sso/admins", json!({"accounts": accounts})).await;
        self.switch(true, false, false).await;
    }

    /// The options of the settings.
    pub(crate) async fn switch(&self, enabled: bool, allow_unsolicited: bool, sign_requests: bool) {
        let options =
            json!({"enabled": enabled, "allowUnsolicited": allow_unsolicited, "signRequests": sign_requests});
        self.save("/api/sso/options", options).await;
    }

    async fn save(&self, path: &str, body: Value) {
        let (etag, _) = get(&self.stage, "/api/sso").await;
        let request = Request::put(path)
            .header(IF_MATCH, etag)
            .header(CONTENT_TYPE, "application/json");
        send(&self.stage, request, body.to_string()).await;
    }

    /// Opens the dashboard in HiBob and clicks a link.
    pub(crate) async fn click(&self, browser: &Browser, portal: &str) {
        let dashboard = format!("{}dev/dashboard", self.stage.url());
        browser.page.goto(dashboard).await.unwrap();
        browser.click(&format!("#{portal}-of-acme")).await;
    }

    /// Stands on a portal as somebody.
    pub(crate) async fn greets(&self, browser: &Browser, portal: &str, account: &Account) {
        browser.see("#redeemed").await;
        let place = browser.page.current_url().await.unwrap().to_string();
        assert!(
            place.starts_with(&format!("{}dev/portals/{portal}", self.stage.url())),
            "{place}"
        );
        browser.reads("#redeemed", account.status.email.as_str()).await;
        browser.reads("#redeemed", account.status.id.as_str()).await;
        browser.reads("h1", &account.name().unwrap()).await;
    }
}

/// An address that no account has.
pub(crate) const STRANGER: &str = "stranger@acme.example";

impl RunningProvider {
    pub(crate) async fn stop(self) {
        self.server.shutdown().await;
    }
}

/// The button of the log-in page, of every provider here, that says that one is somebody.
pub(crate) fn button(email: &str) -> String {
    format!("button[name=email][value=\"{email}\"]")
}

async fn sync(stage: &Stage) {
    let request = Request::post("/api/runs");
    let (_, started) = send(stage, request, String::new()).await;
    let path = format!("/api/runs/{}", started["run"].as_str().unwrap());
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        // It is not found before the worker has taken it up.
        let (_, _, run) = answer(stage, Request::get(&path), String::new()).await;
        if run["status"] == "applied" {
            return;
        }
    }
    panic!("the run does not end");
}

/// The version of what an admin asks for, and the thing itself.
async fn get(stage: &Stage, path: &str) -> (String, Value) {
    send(stage, Request::get(path), String::new()).await
}

async fn send(stage: &Stage, request: Builder, body: String) -> (String, Value) {
    let (status, etag, body) = answer(stage, request, body).await;
    assert!(status.is_success(), "{status}: {body}");
    (etag, body)
}

async fn answer(stage: &Stage, request: Builder, body: String) -> (StatusCode, String, Value) {
    let system = &stage.system;
    let claims = system
        .issuer
        .claims("acme", "admin", system.clock.now(), SignedDuration::from_mins(5));
    let token = format!("Bearer {}", system.issuer.sign(&claims).unwrap());
    let request = request.header(AUTHORIZATION, token).header(HOST, "localhost");
    let request = request.body(Body::from(body)).unwrap();
    let response = stage.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let etag = response.headers().get(ETAG);
    let etag = etag.map_or_else(String::new, |etag| etag.to_str().unwrap().to_owned());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, etag, serde_json::from_slice(&body).unwrap_or_default())
}
