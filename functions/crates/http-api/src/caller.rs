//! Who calls.

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;
use lambda_http::request::RequestContext;
use provisioning::TenantId;

use crate::{Problem, ProblemKind};

const ADMIN: &str = "admin";

/// An administrator of a tenant, as the verified token says: the only source of a tenant's id in an HTTP function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The tenant. Nobody can name another.
    pub tenant: TenantId,
    /// Who it is, in HiThrive's words.
    pub subject: String,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let signed_out = || Problem::from(ProblemKind::NotSignedIn);
        let tenant = tenant(&parts.extensions).ok_or_else(signed_out)?;
        let subject = claim(&parts.extensions, "sub").ok_or_else(signed_out)?;
        if claim(&parts.extensions, "role") != Some(ADMIN) {
            return Err(ProblemKind::RoleTooLow.into());
        }
        Ok(Self {
            tenant,
            subject: subject.to_owned(),
        })
    }
}

/// Whose caller it is, whatever the role.
pub(crate) fn tenant(extensions: &Extensions) -> Option<TenantId> {
    claim(extensions, "tenant")?.parse().ok()
}

/// A claim of the token that API Gateway has verified. It writes a list as `[a b]`, which is no tenant and no role.
pub(crate) fn claim<'a>(extensions: &'a Extensions, name: &str) -> Option<&'a str> {
    let RequestContext::ApiGatewayV2(context) = extensions.get()? else {
        return None;
    };
    let claims = &context.authorizer.as_ref()?.jwt.as_ref()?.claims;
    claims.get(name).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::request_with_claims;

    async fn caller(claims: serde_json::Value) -> Result<Caller, ProblemKind> {
        let (mut parts, ()) = request_with_claims(&claims).map(drop).into_parts();
        let caller = Caller::from_request_parts(&mut parts, &()).await;
        caller.map_err(|problem| problem.kind())
    }

    #[tokio::test]
    async fn the_tenant_is_the_one_in_the_claims() {
        let claims = json!({"tenant": "acme", "role": "admin", "sub": "u1"});
        assert_eq!(caller(claims).await.unwrap().tenant.as_str(), "acme");
    }

    #[tokio::test]
    async fn only_the_single_word_admin_is_the_role() {
        for role in ["member", "Admin", "[admin member]", ""] {
            let claims = json!({"tenant": "acme", "role": role, "sub": "u1"});
            assert_eq!(caller(claims).await, Err(ProblemKind::RoleTooLow), "{role}");
        }
        let claims = json!({"tenant": "acme", "sub": "u1"});
        assert_eq!(caller(claims).await, Err(ProblemKind::RoleTooLow));
    }

    #[tokio::test]
    async fn without_one_tenant_nobody_is_signed_in() {
        for tenant in ["", "[acme globex]", "acme#globex", "a/b"] {
            let claims = json!({"tenant": tenant, "role": "admin", "sub": "u1"});
            assert_eq!(caller(claims).await, Err(ProblemKind::NotSignedIn), "{tenant}");
        }
        assert_eq!(
            caller(json!({"role": "admin", "sub": "u1"})).await,
            Err(ProblemKind::NotSignedIn)
        );
        let (mut parts, ()) = axum::http::Request::new(()).into_parts();
        assert!(Caller::from_request_parts(&mut parts, &()).await.is_err());
    }
}
