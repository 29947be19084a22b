//! Whom a run was about.

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, Json, Path, Problem, ProblemKind, Query};
use jiff::Timestamp;
use provisioning::{AccountId, ChangeKind, DeactivationReason, EmailAddress, EmployeeId, Skip, SkipReason};
use serde::{Deserialize, Serialize};
use tenant_store::{ChangeRow, RunRows};
use utoipa::{IntoParams, ToSchema};

use crate::ConnectionApi;
use crate::runs::run_of;

/// What a run did about a person
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RowKind {
    Created,
    Updated,
    Deactivated,
    Reactivated,
    Skipped,
}

/// Why a person was deactivated, or left out
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum RowReason {
    Deactivated(DeactivationReason),
    Skipped(SkipReason),
}

/// One person of a run
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonOfRun {
    /// HiBob's id of the person, if the record had one.
    pub(crate) employee: Option<EmployeeId>,
    pub(crate) account: Option<AccountId>,
    /// As the team has it today, if a name is mapped.
    name: Option<String>,
    /// As the team has it today.
    email: Option<EmailAddress>,
    pub(crate) kind: RowKind,
    pub(crate) reason: Option<RowReason>,
    /// True if it was not done, and waits for somebody to look at it.
    pub(crate) held: bool,
    /// The fields that got other values; of a new account none is named.
    #[schema(example = json!(["jobTitle"]))]
    pub(crate) fields: Vec<String>,
    /// Whether an account that HiThrive had already got its link to HiBob.
    links: bool,
}

impl PersonOfRun {
    /// A row; bookkeeping is none.
    pub(crate) fn of_change(row: ChangeRow) -> Option<Self> {
        let (kind, reason) = match row.kind {
            ChangeKind::Create => (RowKind::Created, None),
            ChangeKind::Update => (RowKind::Updated, None),
            ChangeKind::Reactivate => (RowKind::Reactivated, None),
            ChangeKind::Deactivate(reason) => (RowKind::Deactivated, Some(RowReason::Deactivated(reason))),
            ChangeKind::Mark => return None,
        };
        Some(Self {
            employee: Some(row.employee),
            account: Some(row.account),
            name: None,
            email: None,
            kind,
            reason,
            held: false,
            fields: row.fields,
            links: row.links,
        })
    }

    /// A row of what waits.
    pub(crate) fn of_held(row: ChangeRow) -> Option<Self> {
        Some(Self {
            held: true,
            ..Self::of_change(row)?
        })
    }

    pub(crate) fn of_skip(skip: Skip) -> Self {
        Self {
            employee: skip.employee,
            account: None,
            name: None,
            email: None,
            kind: RowKind::Skipped,
            reason: Some(RowReason::Skipped(skip.reason)),
            held: false,
            fields: Vec::new(),
            links: false,
        }
    }

    /// The rows of a run: changes, what waits, who was left out.
    pub(crate) fn all(rows: RunRows) -> Vec<Self> {
        let changes = rows.changes.into_iter().filter_map(Self::of_change);
        let held = rows.held.into_iter().filter_map(Self::of_held);
        let skips = rows.skips.into_iter().map(Self::of_skip);
        changes.chain(held).chain(skips).collect()
    }

    /// The account that it is about, or that it would be about if a run had created one.
    fn likely_account(&self) -> Option<AccountId> {
        let created = || self.employee.as_ref().map(AccountId::of_employee);
        self.account.clone().or_else(created)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageOfPeople {
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// People of a run
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeopleOfRun {
    people: Vec<PersonOfRun>,
    /// The `cursor` of the next page, if there is one.
    next: Option<String>,
}

http_api::problems!(pub(crate) NoSuchRows: NotFound);

/// Whom a run changed, and whom it left out and why
#[utoipa::path(get, path = "/api/runs/{run}/people", tag = "runs",
    params(("run" = String, Path, description = "The run's id", format = DateTime, example = "2026-11-24T03:30:00Z"),
        PageOfPeople),
    responses((status = 200, description = "A page of people; the last may be empty", body = PeopleOfRun), NoSuchRows))]
pub(crate) async fn list_people_of_run(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Path(due_at): Path<Timestamp>,
    Query(page): Query<PageOfPeople>,
) -> Result<Json<PeopleOfRun>, Problem> {
    let run = run_of(&caller.tenant, due_at);
    if api.history.run(&run, api.clock.now()).await?.is_none() {
        return Err(ProblemKind::NotFound.into());
    }
    let (rows, next) = api.history.rows_page(&run, page.cursor.as_deref()).await?;
    let mut people = PersonOfRun::all(rows);

    let mut accounts: Vec<AccountId> = people.iter().filter_map(PersonOfRun::likely_account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let labels = api.teams.team(&caller.tenant).labels(&accounts).await?;
    for person in &mut people {
        if let Some(label) = person.likely_account().and_then(|account| labels.get(&account)) {
            person.name.clone_from(&label.name);
            person.email = Some(label.email.clone());
        }
    }
    Ok(Json(PeopleOfRun { people, next }))
}
