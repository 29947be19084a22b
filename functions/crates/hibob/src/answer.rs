//! What an answer must be before anything in it counts.

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use serde_json::{Map, Value as Json};

use crate::client::Usage;
use crate::error::{Error, Fault};
use crate::rate_limit::RateLimit;

/// Enough for the people of the largest company, and an end for an answer without one. As the others, it is
/// counted after decompression.
const LARGEST_ANSWER: u64 = 2 << 30;

/// Enough for every document that is read as a whole.
const LARGEST_DOCUMENT: u64 = 16 << 20;

/// Enough for any failure that HiBob puts into words.
const LARGEST_ERROR: u64 = 64 << 10;

/// An answer that may be believed so far: its status is 200 and its content type JSON.
pub(crate) struct Answer<'u> {
    response: Response,
    usage: &'u mut Usage,
    /// Bytes that may still come.
    left: u64,
}

/// Who wrote the body of a failure.
enum Author {
    Nobody,
    HiBob,
    Stranger,
}

impl<'u> Answer<'u> {
    /// Judges status and content type.
    pub(crate) async fn believe(response: Response, usage: &'u mut Usage) -> Result<Self, Error> {
        let limit = RateLimit::read(response.headers());
        let code = response.status();
        let status = code.as_u16();
        let is_json = is_json(&response);
        let answer = Self {
            response,
            usage,
            left: LARGEST_ANSWER,
        };
        Err(match code {
            StatusCode::OK if is_json => return Ok(answer),
            StatusCode::OK => Fault::ContentType.into(),
            StatusCode::UNAUTHORIZED => Error::Unauthorized,
            StatusCode::FORBIDDEN => match answer.author().await {
                Author::HiBob => Error::Forbidden,
                Author::Nobody | Author::Stranger => Error::Blocked(limit),
            },
            StatusCode::NOT_FOUND => match answer.author().await {
                Author::HiBob | Author::Nobody => Error::NotFound,
                Author::Stranger => Fault::Status(status).into(),
            },
            StatusCode::TOO_MANY_REQUESTS => Error::RateLimited(limit),
            StatusCode::REQUEST_TIMEOUT => Error::Unavailable { status, limit },
            _ if code.is_server_error() => Error::Unavailable { status, limit },
            _ if code.is_client_error() => Error::Rejected { status },
            _ => Fault::Status(status).into(),
        })
    }

    /// The next piece of the body, or `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(chunk) = self.response.chunk().await.map_err(Error::on_reading)? else {
            return Ok(None);
        };
        let size = chunk.len() as u64;
        self.usage.bytes_read += size;
        self.left = self.left.checked_sub(size).ok_or(Fault::TooLarge)?;
        Ok(Some(chunk))
    }

    /// The whole body of an answer that is known to be small.
    pub(crate) async fn document(self) -> Result<Vec<u8>, Error> {
        self.read(LARGEST_DOCUMENT).await
    }

    async fn read(mut self, limit: u64) -> Result<Vec<u8>, Error> {
        self.left = limit;
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    async fn author(self) -> Author {
        // HiBob puts every failure into at least one of these, or into nothing.
        let is_told = |words: &Map<String, Json>| {
            ["key", "error"]
                .iter()
                .any(|member| words.get(*member).is_some_and(|text| !text.is_null()))
        };
        match self.read(LARGEST_ERROR).await {
            Ok(body) if body.is_empty() => Author::Nobody,
            Ok(body) if serde_json::from_slice(&body).is_ok_and(|words| is_told(&words)) => Author::HiBob,
            Ok(_) | Err(_) => Author::Stranger,
        }
    }
}

fn is_json(response: &Response) -> bool {
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests;
