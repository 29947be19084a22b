//! A caller without a socket, and the company it calls.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use stand_in_hibob::{Company, ServiceUser, StandInHibob};
use tower::ServiceExt;

pub(crate) const TODAY: Date = date(2026, 11, 24);

pub(crate) struct Caller {
    pub(crate) hibob: StandInHibob,
    pub(crate) authorization: Option<String>,
    pub(crate) router: Router,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Caller {
    /// The all-seeing service user of a company of 120 people, hosted as `acme`.
    pub(crate) fn new() -> Self {
        Self::with(
            Company::generate(7, 120, TODAY),
            ServiceUser::all_seeing("SERVICE-7", "secret"),
        )
    }

    pub(crate) fn with(company: Company, user: ServiceUser) -> Self {
        let hibob = StandInHibob::new();
        let authorization = Some(user.authorization());
        hibob.host("acme", company, user);
        Self {
            router: hibob.router(),
            hibob,
            authorization,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.open(request).await;
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer {
            status: head.0,
            headers: head.1,
            body,
        }
    }

    /// The answer's head, and its body still to be read.
    pub(crate) async fn open(&self, mut request: Request<Body>) -> ((StatusCode, HeaderMap), Body) {
        if let Some(authorization) = &self.authorization {
            request
                .headers_mut()
                .insert(header::AUTHORIZATION, authorization.parse().unwrap());
        }
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        ((head.status, head.headers), body)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn search(&self, body: Value) -> Answer {
        self.send(post("/v1/people/search", &body)).await
    }

    /// Everybody in the answer to a search that has to succeed.
    pub(crate) async fn people(&self, body: Value) -> Vec<Value> {
        let answer = self.search(body).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.json()["employees"].as_array().unwrap().clone()
    }

    /// Whoever has that address, with the fields asked for.
    pub(crate) async fn person(&self, email: &str, fields: &[&str], human_readable: &str) -> Value {
        let filters = json!([{ "fieldPath": "root.email", "operator": "equals", "values": [email] }]);
        let body = json!({ "fields": fields, "filters": filters, "showInactive": true, "humanReadable": human_readable });
        self.people(body).await.remove(0)
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn is_html(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }
}

pub(crate) fn post(path: &str, body: &Value) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}
