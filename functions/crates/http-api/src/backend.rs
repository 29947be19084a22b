//! The one caller that is no person.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::caller::claim;
use crate::{Problem, ProblemKind};

const BACKEND: &str = "backend";

/// A backend of HiThrive's, as the verified token says. It belongs to no tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    subject: String,
}

impl Backend {
    /// Refuses every backend but the one with this subject.
    pub fn require(&self, subject: &str) -> Result<(), Problem> {
        if self.subject == subject {
            Ok(())
        } else {
            Err(ProblemKind::BackendOnly.into())
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Backend {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let subject = claim(&parts.extensions, "sub").ok_or(ProblemKind::NotSignedIn)?;
        if claim(&parts.extensions, "role") != Some(BACKEND) {
            return Err(ProblemKind::BackendOnly.into());
        }
        Ok(Self {
            subject: subject.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::request_with_claims;

    async fn backend(claims: serde_json::Value) -> Result<Backend, ProblemKind> {
        let (mut parts, ()) = request_with_claims(&claims).map(drop).into_parts();
        let backend = Backend::from_request_parts(&mut parts, &()).await;
        backend.map_err(|problem| problem.kind())
    }

    #[tokio::test]
    async fn an_administrator_is_no_backend() {
        for role in ["admin", "Backend", "[admin backend]", ""] {
            let claims = json!({"role": role, "sub": "portals"});
            assert_eq!(backend(claims).await, Err(ProblemKind::BackendOnly), "{role}");
        }
        let claims = json!({"role": "backend"});
        assert_eq!(backend(claims).await, Err(ProblemKind::NotSignedIn));
    }

    #[tokio::test]
    async fn one_backend_does_not_pass_for_another() {
        let claims = json!({"role": "backend", "sub": "portals"});
        let portals = backend(claims).await.unwrap();
        assert!(portals.require("portals").is_ok());
        let other = portals.require("payroll").unwrap_err();
        assert_eq!(other.kind(), ProblemKind::BackendOnly);
    }
}
