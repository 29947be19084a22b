//! Versions in headers: what was read, and what a save replaces.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::response::{IntoResponseParts, ResponseParts};

use crate::{Fault, Problem, ProblemKind};

/// The version that a save replaces: the `ETag` of what was read, in the header `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub u64);

/// The version of what is answered, as a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ETag(pub u64);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut headers = parts.headers.get_all(IF_MATCH).iter();
        let header = headers.next().ok_or(ProblemKind::IfMatchMissing)?;
        let version = if headers.next().is_none() {
            read(header)
        } else {
            None
        };
        version.map(Self).ok_or_else(|| {
            let fault = Fault::new(
                "If-Match",
                "This is not one version in quotes, as an ETag gives it.",
            );
            Problem::invalid_request(&[fault])
        })
    }
}

fn read(header: &HeaderValue) -> Option<u64> {
    let version = header
        .to_str()
        .ok()?
        .trim()
        .strip_prefix('"')?
        .strip_suffix('"')?;
    let is_number = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| version.parse().ok())?
}

impl IntoResponseParts for ETag {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Ok(value) = HeaderValue::try_from(format!("\"{}\"", self.0)) {
            response.headers_mut().insert(ETAG, value);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::response::IntoResponse;

    use super::*;

    async fn if_match(headers: &[&str]) -> Result<IfMatch, ProblemKind> {
        let builder = headers.iter().fold(Request::builder(), |builder, &header| {
            builder.header(IF_MATCH, header)
        });
        let (mut parts, ()) = builder.body(()).unwrap().into_parts();
        IfMatch::from_request_parts(&mut parts, &())
            .await
            .map_err(|problem| problem.kind())
    }

    #[tokio::test]
    async fn an_etag_comes_back_as_the_version_it_was() {
        let response = (ETag(7), ()).into_response();
        let header = response.headers()[ETAG].to_str().unwrap().to_owned();
        assert_eq!(if_match(&[&header]).await, Ok(IfMatch(7)));
    }

    #[tokio::test]
    async fn a_save_must_name_exactly_one_version() {
        assert_eq!(if_match(&[]).await, Err(ProblemKind::IfMatchMissing));
        for bad in [
            "*",
            "7",
            "W/\"7\"",
            "\"\"",
            "\"+7\"",
            "\"7\", \"8\"",
            "\"99999999999999999999\"",
        ] {
            assert_eq!(if_match(&[bad]).await, Err(ProblemKind::InvalidRequest), "{bad}");
        }
        assert_eq!(
            if_match(&["\"1\"", "\"2\""]).await,
            Err(ProblemKind::InvalidRequest)
        );
    }
}
