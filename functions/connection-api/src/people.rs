//! Looking for a person.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, Fault, Json, Problem};
use provisioning::{AccountId, AccountState, EmailAddress, EmployeeId};
use serde::{Deserialize, Serialize};
use team_directory::Found;
use utoipa::ToSchema;

use crate::ConnectionApi;

const MOST_FOUND: usize = 20;

/// Whom to look for
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"query": "ada"}))]
pub(crate) struct Search {
    /// A part of a name or an e-mail address, or a HiBob id.
    #[schema(min_length = 2, max_length = 200)]
    query: String,
}

/// Who was found
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundPeople {
    /// Twenty at most.
    people: Vec<FoundPerson>,
}

/// Somebody in the team
#[derive(Debug, Serialize, ToSchema)]
struct FoundPerson {
    /// HiBob's id of the person; null if the account is HiThrive's own.
    employee: Option<EmployeeId>,
    account: AccountId,
    name: Option<String>,
    email: EmailAddress,
    state: StateBody,
}

/// Whether an account may be used
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountState)]
pub(crate) enum StateBody {
    Active,
    Inactive,
}

impl From<AccountState> for StateBody {
    fn from(state: AccountState) -> Self {
        match state {
            AccountState::Active => Self::Active,
            AccountState::Inactive(_) => Self::Inactive,
        }
    }
}

http_api::problems!(pub(crate) SearchProblems: InvalidRequest);

/// Find people of the team
///
/// By a part of the name or of the e-mail address, or by the HiBob id. It is a `POST` so that names stay out of addresses.
#[utoipa::path(post, path = "/api/people/search", tag = "people", request_body = Search,
    responses((status = 200, description = "Who was found", body = FoundPeople), SearchProblems))]
pub(crate) async fn search_people(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Json(search): Json<Search>,
) -> Result<Json<FoundPeople>, Problem> {
    let query = search.query.trim();
    if !(2..=200).contains(&query.chars().count()) {
        let fault = Fault::new("/query", "This must have from 2 to 200 characters.");
        return Err(Problem::invalid_request(&[fault]));
    }
    let team = api.teams.team(&caller.tenant);
    let found = team.find_by_name(query, MOST_FOUND).await?;
    Ok(Json(FoundPeople {
        people: found.into_iter().map(FoundPerson::from).collect(),
    }))
}

impl From<Found> for FoundPerson {
    fn from(found: Found) -> Self {
        Self {
            employee: found.employee,
            account: found.account,
            name: found.name,
            email: found.email,
            state: found.state.into(),
        }
    }
}
