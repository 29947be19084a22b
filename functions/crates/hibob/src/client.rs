//! Who calls HiBob, and the one way in which every call is made.

use std::time::Instant;

use reqwest::header::ACCEPT;
use reqwest::{RequestBuilder, Url};
use tracing::debug;

use crate::answer::Answer;
use crate::base_url::BaseUrl;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::rate_limit::RateLimit;

/// HiBob's API for any number of tenants.
#[derive(Debug, Clone)]
pub struct Client {
    base_url: BaseUrl,
    http: reqwest::Client,
}

impl Client {
    /// A client over the shared pool of [`http_client`](crate::http_client).
    #[must_use]
    pub fn new(base_url: BaseUrl, http: reqwest::Client) -> Self {
        Self { base_url, http }
    }

    /// The calls of one tenant. None of them, reading its answer included, goes on after `deadline`.
    #[must_use]
    pub fn session(&self, credentials: Credentials, deadline: Instant) -> Session {
        Session {
            client: self.clone(),
            credentials,
            deadline,
            usage: Usage::default(),
        }
    }
}

/// One tenant's calls, counted.
#[derive(Debug)]
pub struct Session {
    client: Client,
    credentials: Credentials,
    deadline: Instant,
    usage: Usage,
}

/// What a session has cost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Calls made, failed ones included.
    pub calls: u32,
    /// Bytes of answers' bodies, after decompression.
    pub bytes_read: u64,
    /// What the latest answer said about the budget of its endpoint.
    pub rate_limit: RateLimit,
}

impl Session {
    /// What the session has cost so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage
    }

    pub(crate) fn url(&self, segments: &[&str]) -> Option<Url> {
        self.client.base_url.join(segments)
    }

    pub(crate) async fn get(&mut self, endpoint: &'static str, url: Url) -> Result<Answer<'_>, Error> {
        // No content type: HiBob answers some reads with a page of HTML if there is one.
        let request = self.client.http.get(url);
        self.send(endpoint, request).await
    }

    pub(crate) async fn post(
        &mut self,
        endpoint: &'static str,
        url: Url,
        body: &impl serde::Serialize,
    ) -> Result<Answer<'_>, Error> {
        let request = self.client.http.post(url).json(body);
        self.send(endpoint, request).await
    }

    /// The `endpoint` is for the log, which must not learn whom the URL names.
    async fn send(&mut self, endpoint: &'static str, request: RequestBuilder) -> Result<Answer<'_>, Error> {
        let time_left = self.deadline.saturating_duration_since(Instant::now());
        if time_left.is_zero() {
            return Err(Error::TimedOut);
        }
        let (service_user_id, token) = self.credentials.expose();
        let request = request
            .basic_auth(service_user_id, Some(token))
            .header(ACCEPT, "application/json")
            .timeout(time_left);

        self.usage.calls += 1;
        let response = request.send().await.map_err(Error::on_sending)?;
        let rate_limit = RateLimit::read(response.headers());
        self.usage.rate_limit = rate_limit;
        debug!(
            endpoint,
            http.status = response.status().as_u16(),
            rate_limit.remaining = rate_limit.remaining,
            "HiBob answered"
        );
        Answer::believe(response, &mut self.usage).await
    }
}

#[cfg(test)]
mod tests;
