//! Looking for a person.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, Fault, Json, Problem};
use provisioning::{AccountId, AccountState, EmailAddress, EmployeeId};
use serde::{Deserialize, Serialize};
use team_directory::{Account, Found, Team};
use utoipa::ToSchema;

use crate::ConnectionApi;

const MOST_FOUND: usize = 20;
/// Over 60,000 accounts, read within the time that a request has.
const MOST_PAGES: usize = 60;

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
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundPeople {
    /// Twenty at most.
    people: Vec<FoundPerson>,
    /// False if there may be more: then more of the name, or the whole address, helps.
    is_complete: bool,
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
/// By the whole e-mail address or the HiBob id, or else by a part of the name or of the address. It is a `POST` so that names stay out of addresses.
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
    let exactly = find_exactly(&team, query).await?;
    if !exactly.is_empty() {
        return Ok(Json(FoundPeople {
            people: exactly.into_iter().map(FoundPerson::from).collect(),
            is_complete: true,
        }));
    }
    let search = team.find_by_name(query, MOST_FOUND, MOST_PAGES).await?;
    Ok(Json(FoundPeople {
        people: search.found.into_iter().map(FoundPerson::from).collect(),
        is_complete: search.is_complete,
    }))
}

/// The accounts with that address, or the one that a run created for the employee with that id.
async fn find_exactly(team: &Team, query: &str) -> Result<Vec<Account>, Problem> {
    if let Ok(address) = query.parse::<EmailAddress>() {
        return Ok(team.find_by_email(&address).await?);
    }
    let Ok(employee) = query.parse::<EmployeeId>() else {
        return Ok(Vec::new());
    };
    let created = team.get(&AccountId::of_employee(&employee)).await?;
    Ok(created.into_iter().collect())
}

impl From<Account> for FoundPerson {
    fn from(account: Account) -> Self {
        Self {
            name: account.name(),
            employee: account.status.employee,
            account: account.status.id,
            email: account.status.email,
            state: account.status.state.into(),
        }
    }
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
