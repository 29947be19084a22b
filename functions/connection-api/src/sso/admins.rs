//! The list of those who may open the admin area.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, Fault, IfMatch, Json, Problem};
use provisioning::AccountId;
use serde::{Deserialize, Serialize};
use single_sign_on::SsoSettings;
use utoipa::ToSchema;

use super::show::SsoBody;
use super::{Answer, SaveSsoProblems};
use crate::ConnectionApi;

const MOST_ADMINS: usize = 100;

/// Who may open the admin area
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accounts": ["hibob-2735482639"]}))]
pub(crate) struct SsoAdmins {
    /// Accounts of the team.
    #[schema(max_items = 100)]
    accounts: Vec<AccountId>,
}

/// Say who may open the admin area
///
/// Replaces the list. Whoever is not on it yet must have an account in the team. After a `stale-edit`, `current` is what is
/// saved now and `currentVersion` its version.
#[utoipa::path(put, path = "/api/sso/admins", tag = "single sign-on", request_body = SsoAdmins,
    params(("If-Match" = String, Header, description = "The ETag of what was read", example = "\"3\"")),
    responses(
        (status = 200, description = "Single sign-on as it is now", body = SsoBody,
            headers(("ETag" = String, description = "Its version"))),
        SaveSsoProblems,
    ))]
pub(crate) async fn replace_sso_admins(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(admins): Json<SsoAdmins>,
) -> Result<Answer, Problem> {
    if admins.accounts.len() > MOST_ADMINS {
        let fault = Fault::new("/accounts", "There can be 100 people on the list at most.");
        return Err(Problem::invalid_request(&[fault]));
    }
    let known = api.in_team(&caller.tenant, &admins.accounts).await?;
    let edit = |settings: &mut SsoSettings| admins.apply_to(settings, &known);
    api.edit_sso(&caller.tenant, version, SsoAdmins::of, edit).await
}

impl SsoAdmins {
    fn of(settings: &SsoSettings) -> Self {
        Self {
            accounts: settings.admins.iter().cloned().collect(),
        }
    }

    /// Somebody whose account has gone since does not keep the rest of the list from being changed.
    fn apply_to(&self, settings: &mut SsoSettings, known: &HashSet<AccountId>) -> Vec<Fault> {
        let is_stranger =
            |account: &AccountId| !known.contains(account) && !settings.admins.contains(account);
        let strangers = self
            .accounts
            .iter()
            .enumerate()
            .filter(|(_, account)| is_stranger(account));
        let faults = strangers
            .map(|(place, _)| {
                let pointer = format!("/accounts/{place}");
                Fault::new(pointer, "Nobody in your team has this account.")
            })
            .collect();
        settings.admins = self.accounts.iter().cloned().collect();
        faults
    }
}
