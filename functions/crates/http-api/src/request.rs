//! Paths and queries.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{Fault, Problem, ProblemKind};

/// The one parameter of a route's path. What cannot be a `T` names nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T: std::str::FromStr, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = RawPathParams::from_request_parts(parts, state).await;
        let parameters = parameters.map_err(|_| ProblemKind::NotFound)?;
        let parameter = parameters.iter().next().and_then(|(_, value)| value.parse().ok());
        Ok(Self(parameter.ok_or(ProblemKind::NotFound)?))
    }
}

/// The parameters of a query, each at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let parameters = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(parameters)
            .map(Self)
            .map_err(|error| {
                let parameter = error.path().to_string();
                let fault = match parameter.as_str() {
                    "." => Fault::new("", "A parameter is missing, unknown or given twice."),
                    _ => Fault::new(
                        parameter,
                        "This parameter is unknown, or its value cannot be accepted.",
                    ),
                };
                Problem::invalid_request(&[fault])
            })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        limit: Option<u8>,
    }

    async fn page(query: &str) -> Result<Query<Page>, ProblemKind> {
        let (mut parts, ()) = Request::get(format!("/?{query}")).body(()).unwrap().into_parts();
        Query::from_request_parts(&mut parts, &())
            .await
            .map_err(|problem| problem.kind())
    }

    #[tokio::test]
    async fn a_query_is_taken_only_if_all_of_it_is_understood() {
        assert_eq!(page("").await, Ok(Query(Page { limit: None })));
        assert_eq!(page("limit=30").await, Ok(Query(Page { limit: Some(30) })));
        for bad in ["limit=many", "limit=-1", "limit=1&limit=2", "tenant=globex"] {
            assert_eq!(page(bad).await, Err(ProblemKind::InvalidRequest), "{bad}");
        }
    }
}
