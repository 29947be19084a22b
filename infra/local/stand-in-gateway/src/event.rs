//! Requests as events of payload format 2.0, and answers back.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, request};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::Route;
use crate::route::decoded;

/// A request on its way to a function.
pub(crate) struct Arrival<'a> {
    pub(crate) route: &'a Route,
    pub(crate) parameters: &'a BTreeMap<String, String>,
    pub(crate) request: &'a request::Parts,
    pub(crate) body: &'a Bytes,
    /// What the authorizer found, if the route has one.
    pub(crate) caller: Option<Value>,
    pub(crate) address: Option<SocketAddr>,
    pub(crate) id: &'a str,
    pub(crate) at: Timestamp,
}

impl Arrival<'_> {
    /// The event that the function is invoked with.
    pub(crate) fn event(&self) -> Value {
        let request = self.request;
        let path = decoded(request.uri.path());
        let query = request.uri.query().unwrap_or_default();
        let header = |name: HeaderName| request.headers.get(name).and_then(|value| value.to_str().ok());
        let host = header(HOST).unwrap_or("localhost");
        let mut context = json!({
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": host,
            "domainPrefix": host.split('.').next(),
            "http": {
                "method": request.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": self.address.map(|address| address.ip().to_string()).unwrap_or_default(),
                "userAgent": header(USER_AGENT).unwrap_or_default(),
            },
            "requestId": self.id,
            "routeKey": self.route.key(),
            "stage": "$default",
            "time": self.at.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": self.at.as_millisecond(),
        });
        if let Some(caller) = &self.caller {
            context["authorizer"] = caller.clone();
        }
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.route.key(),
            "rawPath": path,
            "rawQueryString": query,
            "headers": self.headers(),
            "requestContext": context,
            "isBase64Encoded": false,
        });
        let cookies = cookies(&request.headers);
        if !cookies.is_empty() {
            event["cookies"] = cookies.into();
        }
        if !self.parameters.is_empty() {
            event["pathParameters"] = json!(self.parameters);
        }
        if !self.body.is_empty() {
            let text = std::str::from_utf8(self.body).ok();
            if let Some(text) = text.filter(|_| is_text(header(CONTENT_TYPE))) {
                event["body"] = text.into();
            } else {
                event["body"] = BASE64_STANDARD.encode(self.body).into();
                event["isBase64Encoded"] = true.into();
            }
        }
        event
    }

    /// By lower-cased name; several of a name joined by commas, cookies apart.
    fn headers(&self) -> Map<String, Value> {
        let mut headers = Map::new();
        for name in self.request.headers.keys().filter(|name| *name != COOKIE) {
            let values = self.request.headers.get_all(name).iter();
            let values: Vec<_> = values
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .collect();
            headers.insert(name.as_str().to_owned(), values.join(",").into());
        }
        if let Some(address) = self.address {
            headers.insert("x-forwarded-for".to_owned(), address.ip().to_string().into());
        }
        headers.insert("x-forwarded-proto".to_owned(), "http".into());
        headers
    }
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let cookies = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split("; "))
        .map(str::to_owned)
        .collect()
}

/// Which bodies the gateway hands on as they are.
fn is_text(content_type: Option<&str>) -> bool {
    let kind = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    kind.starts_with("text/")
        || ["application/json", "application/javascript", "application/xml"].contains(&kind)
}

/// What a function answers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    cookies: Vec<String>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

impl Answer {
    /// None if it is not one that the gateway can pass on.
    pub(crate) fn response<B: From<Vec<u8>>>(self) -> Option<Response<B>> {
        let body = self.body.unwrap_or_default();
        let body = if self.is_base64_encoded {
            BASE64_STANDARD.decode(body).ok()?
        } else {
            body.into_bytes()
        };
        let mut response = Response::new(B::from(body));
        *response.status_mut() = StatusCode::from_u16(self.status_code).ok()?;
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            headers.insert(
                HeaderName::try_from(name).ok()?,
                HeaderValue::try_from(value).ok()?,
            );
        }
        for cookie in &self.cookies {
            headers.append(SET_COOKIE, HeaderValue::try_from(cookie).ok()?);
        }
        Some(response)
    }
}
