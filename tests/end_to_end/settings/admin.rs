//! An admin at the settings APIs, as HiThrive's own admin view calls them: through the gateway.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use provisioning::TenantId;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::harness::World;

/// Somebody with a token.
pub(crate) struct Admin<'a> {
    pub(crate) world: &'a World,
    gateway: Router,
    token: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) etag: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn with(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{:#}", self.body);
        self.body
    }

    /// The name of a problem's type.
    pub(crate) fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.rsplit_once('#').map_or(kind, |(_, slug)| slug)
    }
}

impl<'a> Admin<'a> {
    /// The admin of a tenant.
    pub(crate) fn of(world: &'a World, tenant: &TenantId) -> Self {
        Self::with_role(world, tenant.as_str(), "admin")
    }

    /// Somebody of a tenant.
    pub(crate) fn with_role(world: &'a World, tenant: &str, role: &str) -> Self {
        let issuer = &world.system.issuer;
        let claims = issuer.claims(
            tenant,
            role,
            world.system.clock.now(),
            SignedDuration::from_hours(240),
        );
        Self::with_token(world, issuer.sign(&claims).unwrap())
    }

    /// Whoever has this token.
    pub(crate) fn with_token(world: &'a World, token: String) -> Self {
        Self {
            world,
            gateway: world.system.http().unwrap(),
            token,
        }
    }

    /// Sends a request with these headers, and a body unless that is null.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_null() {
            self.send_raw(request, method, path, Body::empty()).await
        } else {
            let request = request.header("content-type", "application/json");
            self.send_raw(request, method, path, body.to_string().into())
                .await
        }
    }

    pub(crate) async fn send_raw(
        &self,
        mut request: Builder,
        method: &str,
        path: &str,
        body: Body,
    ) -> Answer {
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let request = request
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1")
            .body(body)
            .unwrap();
        let response = self.gateway.clone().oneshot(request).await.unwrap();
        let etag = response
            .headers()
            .get("etag")
            .map(|etag| etag.to_str().unwrap().to_owned());
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer {
            status,
            etag,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], &Value::Null).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, &[], &body).await
    }

    /// Replaces what had that version.
    pub(crate) async fn put_if(&self, etag: &str, path: &str, body: Value) -> Answer {
        self.send("PUT", path, &[("if-match", etag)], &body).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[], &body).await
    }

    /// Starts something that takes a while, with an id of its own.
    pub(crate) async fn start(&self, path: &str, body: Value) -> String {
        let id = new_task_id();
        self.put(&format!("{path}/{id}"), body).await.with(202);
        id
    }

    /// Starts something that takes a while, lets the worker do it, and gives how it ended.
    pub(crate) async fn finish(&self, path: &str, body: Value) -> Value {
        let id = self.start(path, body).await;
        self.world.system.work().await.unwrap();
        self.get(&format!("{path}/{id}")).await.with(200)
    }

    /// The same, when it must end well.
    pub(crate) async fn result(&self, path: &str, body: Value) -> Value {
        let task = self.finish(path, body).await;
        assert_eq!(task["status"], "done", "{task:#}");
        task["result"].clone()
    }

    pub(crate) async fn connection(&self) -> Value {
        self.get("/api/connection").await.with(200)
    }

    /// Asks for a run and lets the worker do it. Gives its record.
    pub(crate) async fn sync_now(&self) -> Value {
        let started = self.post("/api/runs", Value::Null).await.with(202);
        self.world.system.work().await.unwrap();
        let run = started["run"].as_str().unwrap();
        self.get(&format!("/api/runs/{run}")).await.with(200)
    }
}

/// What a page makes of 32 random bytes; here of a counter, which is as new.
pub(crate) fn new_task_id() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static TASKS: AtomicU64 = AtomicU64::new(0);
    format!("{:0>42}A", TASKS.fetch_add(1, Ordering::Relaxed))
}

/// The service user of a company in the stand-in, as an admin types it in.
pub(crate) fn service_user(name: &str) -> Value {
    let user = World::service_user(name);
    json!({"serviceUserId": user.id, "token": user.token})
}

/// The mapping of all tests, as the page sends it.
pub(crate) fn entries() -> Value {
    serde_json::to_value(crate::harness::mapping()).unwrap()["entries"].clone()
}
