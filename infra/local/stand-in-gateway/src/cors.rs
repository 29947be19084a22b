use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN,
    VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, request};
use serde_json::Value;

use crate::Error;

/// What pages of another origin may do. The gateway's word alone counts: what a function says about it is dropped.
#[derive(Debug)]
pub(crate) struct Cors {
    origins: Vec<String>,
    methods: HeaderValue,
    headers: HeaderValue,
    exposed: HeaderValue,
    max_age: HeaderValue,
}

impl Cors {
    pub(crate) fn read(api: &Value) -> Result<Self, Error> {
        let wrong = || Error::Definition("cross-origin rules");
        let rules = &api["CorsConfiguration"];
        let list = |name: &str| -> Option<Vec<String>> {
            let values = rules[name].as_array()?.iter();
            values.map(|value| Some(value.as_str()?.to_owned())).collect()
        };
        let joined = |name: &str| {
            let text = list(name).ok_or_else(wrong)?.join(",");
            HeaderValue::try_from(text).map_err(|_| wrong())
        };
        Ok(Self {
            origins: list("AllowOrigins").ok_or_else(wrong)?,
            methods: joined("AllowMethods")?,
            headers: joined("AllowHeaders")?,
            exposed: joined("ExposeHeaders")?,
            max_age: HeaderValue::from(rules["MaxAge"].as_u64().ok_or_else(wrong)?),
        })
    }

    /// The answer to a browser that asks beforehand; no function and no authorizer sees the question.
    pub(crate) fn preflight(&self, request: &request::Parts) -> Option<Response<Body>> {
        let asks = request.method == Method::OPTIONS
            && request.headers.contains_key(ORIGIN)
            && request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return None;
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        if let Some(origin) = self.allowed(&request.headers) {
            let headers = response.headers_mut();
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, self.methods.clone());
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, self.headers.clone());
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed.clone());
            headers.insert(ACCESS_CONTROL_MAX_AGE, self.max_age.clone());
        }
        Some(response)
    }

    /// Says on an answer whether a page of the asking origin may read it.
    pub(crate) fn apply(&self, request: &HeaderMap, response: &mut HeaderMap) {
        let said: Vec<HeaderName> = response
            .keys()
            .filter(|name| name.as_str().starts_with("access-control-"))
            .cloned()
            .collect();
        for name in said {
            response.remove(name);
        }
        if let Some(origin) = self.allowed(request) {
            response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed.clone());
            response.append(VARY, HeaderValue::from_static("origin"));
        }
    }

    fn allowed(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(ORIGIN)?;
        self.origins
            .iter()
            .any(|allowed| allowed == origin)
            .then(|| origin.clone())
    }
}
