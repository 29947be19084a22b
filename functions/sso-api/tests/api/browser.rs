//! What browsers, providers and HiThrive's backend send, and what they see.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use http_api::testing::request_with_claims;
use serde_json::{Value, json};
use stand_in_idp::Answer;

use crate::harness::{ACME, BACKEND, BASE, Site, issuer};

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// What a browser has after it was sent to a provider.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    pub(crate) request_id: String,
    pub(crate) relay: String,
    /// Name and value.
    pub(crate) cookie: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        let all = self.headers.get_all("set-cookie").iter();
        all.map(|cookie| cookie.to_str().unwrap()).collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The problem's name, or nothing.
    pub(crate) fn problem(&self) -> String {
        let body = self.json();
        let kind = body["type"].as_str().unwrap_or_default();
        kind.trim_start_matches("/api/problems#").to_owned()
    }

    /// The code in the address that the browser is sent to.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.status, 303, "{self:?}");
        parameter(self.header("location"), "code").unwrap()
    }

    /// Asserts that this is a page and signs nobody in.
    pub(crate) fn is_page(&self, status: u16, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(self.header("location"), "");
        assert!(self.body.contains(words), "{}", self.body);
    }
}

pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    parameters
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

impl Site {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Follows a link of ours to the provider.
    pub(crate) async fn begin(&self, path: &str) -> Begun {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 302, "{reply:?}");
        let location = reply.header("location");
        let request = parameter(location, "SAMLRequest").unwrap();
        let cookies = reply.cookies();
        Begun {
            request_id: stand_in_idp::Request::read(&request).unwrap().id,
            relay: parameter(location, "RelayState").unwrap(),
            cookie: cookies[0].split(';').next().unwrap().to_owned(),
        }
    }

    /// A tenant's provider says who somebody is, and nobody asked.
    pub(crate) fn tile(&self, tenant: &str, email: &str) -> Answer {
        let (entity_id, acs_url) = (
            format!("{BASE}/sso/metadata/{tenant}"),
            format!("{BASE}/sso/acs/{tenant}"),
        );
        Answer::to(&entity_id, &acs_url, &issuer(tenant), email, self.now())
    }

    /// The same in answer to a request.
    pub(crate) fn answer(&self, tenant: &str, begun: &Begun, email: &str) -> Answer {
        self.tile(tenant, email).answering(&begun.request_id)
    }

    /// A form as a browser posts it, with these cookies.
    pub(crate) async fn post(&self, tenant: &str, form: String, cookies: &str) -> Reply {
        let request = Request::post(format!("/sso/acs/{tenant}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookies);
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// Brings acme's answer back in the browser that asked.
    pub(crate) async fn finish(&self, begun: &Begun, answer: &Answer) -> Reply {
        let form = form(&[
            ("SAMLResponse", &answer.post(&ACME)),
            ("RelayState", &begun.relay),
        ]);
        self.post("acme", form, &begun.cookie).await
    }

    /// The whole way of somebody of acme, from a link.
    pub(crate) async fn sign_in(&self, path: &str, email: &str) -> Reply {
        let begun = self.begin(path).await;
        let answer = self.answer("acme", &begun, email);
        self.finish(&begun, &answer).await
    }

    pub(crate) async fn redeem(&self, code: &str) -> Reply {
        self.redeem_as(
            &json!({"role": "backend", "sub": BACKEND}),
            &json!({ "code": code }),
        )
        .await
    }

    pub(crate) async fn redeem_as(&self, claims: &Value, body: &Value) -> Reply {
        let mut request = request_with_claims(claims);
        *request.method_mut() = "POST".parse().unwrap();
        *request.uri_mut() = "/sso/redeem".parse().unwrap();
        let json = "application/json".parse().unwrap();
        request.headers_mut().insert("content-type", json);
        *request.body_mut() = Body::from(body.to_string());
        self.send(request).await
    }
}
