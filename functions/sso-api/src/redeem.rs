//! What a code is good for, told to HiThrive's backend alone.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Backend, Json, Problem, ProblemKind};
use provisioning::{AccountId, EmailAddress, TenantId};
use serde::{Deserialize, Serialize};
use sign_in_store::{Grant, Redemption};
use single_sign_on::{Code, Portal};
use tracing::{info, warn};
use utoipa::ToSchema;

use crate::SsoApi;
use crate::person::Person;

/// A code to redeem
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedemptionRequest {
    /// As it came with the person.
    #[schema(example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    code: String,
}

/// Whom to sign in, and where
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignIn {
    /// Whose account it is.
    pub(crate) tenant: TenantId,
    /// The account.
    pub(crate) account_id: AccountId,
    /// Its address.
    pub(crate) email: EmailAddress,
    /// The portal that it was let into, and no other.
    pub(crate) portal: Portal,
}

http_api::problems!(pub(crate) RedeemProblems: BackendOnly, CodeUnknown, CodeRedeemed, CodeExpired);

/// Redeem a code
///
/// Once, and within a minute. Only HiThrive's backend may; its token has the claims `role`, which is `backend`, and `sub`.
/// Anybody else leaves the code as it was.
///
/// Whoever was sent the code need not be whoever sits at the browser, so a portal redeems it at once and on its server, and then
/// has three duties. It compares `portal` with itself, and signs nobody in with another's. It never silently replaces a session of
/// another account, but asks first. It shows who is signed in.
#[utoipa::path(post, path = "/sso/redeem", tag = "backend", request_body = RedemptionRequest,
    responses((status = 200, description = "Sign this account in", body = SignIn), RedeemProblems))]
pub(crate) async fn redeem_code(
    State(api): State<Arc<SsoApi>>,
    backend: Backend,
    Json(request): Json<RedemptionRequest>,
) -> Result<Json<SignIn>, Problem> {
    backend.require(&api.backend)?;
    // What cannot be a code was given to nobody.
    let code: Code = request.code.parse().map_err(|_| ProblemKind::CodeUnknown)?;
    let attempt = api.random();
    let attempt = attempt.map_err(|error| Problem::from(ProblemKind::Internal).because(error))?;
    let redemption = api
        .sign_ins
        .redeem(&code.hash(), attempt, api.clock.now())
        .await?;
    match redemption {
        Redemption::Granted(grant) => {
            let Grant {
                tenant,
                account,
                portal,
                ..
            } = &grant;
            if !still_stands(&api, &grant).await? {
                warn!(tenant.id = %tenant, account.id = %account, %portal, outcome = "lapsed", "a code's grant has lapsed");
                return Err(ProblemKind::CodeUnknown.into());
            }
            info!(tenant.id = %tenant, account.id = %account, %portal, outcome = "redeemed", "a code was redeemed");
            Ok(Json(grant.into()))
        }
        Redemption::AlreadyRedeemed(Grant {
            tenant,
            account,
            portal,
            ..
        }) => {
            warn!(tenant.id = %tenant, account.id = %account, %portal, outcome = "redeemed-again", "a code came twice");
            Err(ProblemKind::CodeRedeemed.into())
        }
        Redemption::Expired => Err(ProblemKind::CodeExpired.into()),
        Redemption::Unknown => Err(ProblemKind::CodeUnknown.into()),
    }
}

/// Whether what was granted would be granted now: people and rights can go within a minute too.
async fn still_stands(api: &SsoApi, grant: &Grant) -> Result<bool, Problem> {
    let settings = api.settings.read(&grant.tenant).await?.value;
    if !settings.enabled || settings.provider.is_none() {
        return Ok(false);
    }
    let person = Person::get(api, &grant.tenant, &settings, &grant.account, grant.portal).await?;
    Ok(person.is_some_and(|person| person.standing.may_open(grant.portal)))
}

impl From<Grant> for SignIn {
    fn from(grant: Grant) -> Self {
        Self {
            tenant: grant.tenant,
            account_id: grant.account,
            email: grant.email,
            portal: grant.portal,
        }
    }
}
