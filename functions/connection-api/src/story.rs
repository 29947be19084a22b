//! Why a person is, or is not, in the team.

mod sentences;

use std::sync::Arc;

use axum::extract::State;
use futures::{StreamExt, TryStreamExt, stream};
use http_api::{Caller, Fault, Json, Problem, ProblemKind};
use jiff::Timestamp;
use jiff::civil::Date;
use provisioning::field::control;
use provisioning::story::{EmailState, ExplainedScope, ExplainedStanding, ScopeVerdict, explain};
use provisioning::{
    AccountId, AccountState, DeactivationReason, EmailAddress, Employee, EmployeeId, FieldSet, Override,
    TenantId, Today,
};
use serde::{Deserialize, Serialize};
use team_directory::{Account, Origin, Team};
use tenant_store::{Connection, RunRecord};
use utoipa::ToSchema;

use crate::ConnectionApi;
use crate::api::{not_connected, to_second};
use crate::people::StateBody;
use crate::rows::{PersonOfRun, RowKind, RowReason};
use crate::runs::run_of;

/// Runs that are looked through for the person.
const LATEST_RUNS: u8 = 30;
const RUNS_AT_ONCE: usize = 4;

/// About whom
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"person": "ada@example.com"}))]
pub(crate) struct About {
    /// HiBob's id of the person, or the e-mail address.
    #[schema(min_length = 1, max_length = 320)]
    person: String,
}

/// Everything that is known about why a person is, or is not, in the team
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Story {
    employee: Option<EmployeeId>,
    /// As the team has it.
    name: Option<String>,
    email: Option<EmailAddress>,
    account: Option<AccountBody>,
    /// What HiBob says at this moment; null if it could not be asked.
    hibob: Option<HibobBody>,
    /// Why HiBob could not be asked: the last part of a problem's type.
    #[schema(example = "hibob-unavailable")]
    hibob_problem: Option<&'static str>,
    /// What the latest runs did about the person, the latest first.
    runs: Vec<RunOfPerson>,
    /// The story in plain words.
    #[schema(example = json!(["Found in HiBob on 24 November 2026, 02:04.", "In scope."]))]
    sentences: Vec<String>,
}

/// The person's account
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountBody {
    id: AccountId,
    state: StateBody,
    /// HiThrive's own decision, which stands above the sync.
    #[serde(rename = "override")]
    override_: Option<Override>,
    /// How it came to be the sync's; null if it is HiThrive's own.
    origin: Option<OriginBody>,
    /// `sync` if the sync deactivated it, `hithrive` if somebody else did.
    deactivated_by: Option<&'static str>,
    deactivation_reason: Option<DeactivationReason>,
    deactivated_at: Option<Timestamp>,
    /// Healthy nights in a row in which HiBob did not show the person.
    missing_nights: u8,
    #[schema(value_type = Option<String>, format = Date)]
    missing_on: Option<Date>,
    out_of_scope: bool,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    /// The run that wrote last.
    last_run: Option<Timestamp>,
}

/// How an account came to be the sync's
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Origin)]
enum OriginBody {
    Created,
    Adopted,
}

/// What HiBob says of the person
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HibobBody {
    found: bool,
    checked_at: Timestamp,
    standing: Option<ExplainedStanding>,
    scope: Option<ExplainedScope>,
    email: Option<EmailState>,
}

/// What a run did about the person
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct RunOfPerson {
    #[schema(value_type = String, format = DateTime)]
    run: Timestamp,
    /// When the run was over.
    at: Timestamp,
    kind: RowKind,
    reason: Option<RowReason>,
    fields: Vec<String>,
}

http_api::problems!(pub(crate) StoryProblems: InvalidRequest, NotFound, NotConnected, TokenRefused, AccessDenied,
    HibobUnavailable, HibobBlocked, HibobTooSlow);

/// Tell why a person is, or is not, in the team
///
/// Asks HiBob about this one person, with the control fields and those of your rules, and looks through the latest runs.
/// If HiBob cannot be asked, the rest is told.
#[utoipa::path(post, path = "/api/people/story", tag = "people", request_body = About,
    responses((status = 200, description = "The story", body = Story), StoryProblems))]
pub(crate) async fn tell_story(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Json(about): Json<About>,
) -> Result<Json<Story>, Problem> {
    let person = about.person.trim();
    if !(1..=320).contains(&person.chars().count()) {
        let fault = Fault::new("/person", "This must have from 1 to 320 characters.");
        return Err(Problem::invalid_request(&[fault]));
    }
    let tenant = &caller.tenant;
    let team = api.teams.team(tenant);
    let connection = api.connected(tenant).await?.value;
    let mut account = account_of(&team, person).await?;

    let employee = account
        .as_ref()
        .and_then(|account| account.status.employee.clone());
    let asked = employee.as_ref().map_or(person, EmployeeId::as_str);
    let seen = api.ask_hibob(tenant, asked, &connection).await;
    if let (None, Ok(Some(seen))) = (&account, &seen)
        && let Some(address) = &seen.email
    {
        account = team.find_by_email(address).await?.into_iter().next();
    }
    let seen = match (account.is_some(), seen) {
        (false, Ok(None)) => return Err(ProblemKind::NotFound.into()),
        (false, Err(problem)) => return Err(problem),
        (_, seen) => seen,
    };

    let in_hibob = seen.as_ref().ok().and_then(Option::as_ref);
    let employee = employee.or_else(|| in_hibob?.employee.clone());
    let runs = match &employee {
        Some(employee) => api.runs_of(tenant, employee).await?,
        None => Vec::new(),
    };
    let mut story = Story {
        name: account.as_ref().and_then(Account::name),
        email: account
            .as_ref()
            .map(|account| account.status.email.clone())
            .or_else(|| in_hibob?.email.clone()),
        employee,
        account: account.map(AccountBody::from),
        hibob_problem: seen.as_ref().err().map(|problem| problem.kind().slug()),
        hibob: seen.ok().map(|seen| HibobBody::of(seen, api.clock.now())),
        runs,
        sentences: Vec::new(),
    };
    story.sentences = sentences::tell(&story, &connection);
    Ok(Json(story))
}

/// Somebody who has no e-mail address in HiBob, for the OpenAPI document.
pub(crate) fn example(connection: &Connection, now: Timestamp) -> Story {
    let mut story = Story {
        employee: "2735482640".parse().ok(),
        name: None,
        email: None,
        account: None,
        hibob: Some(HibobBody {
            found: true,
            checked_at: now,
            standing: Some(ExplainedStanding::Here),
            scope: Some(ExplainedScope {
                verdict: ScopeVerdict::In,
                rule: None,
            }),
            email: Some(EmailState::Empty),
        }),
        hibob_problem: None,
        runs: Vec::new(),
        sentences: Vec::new(),
    };
    story.sentences = sentences::tell(&story, connection);
    story
}

/// The account with that address, or of the employee with that id.
async fn account_of(team: &Team, person: &str) -> Result<Option<Account>, Problem> {
    if let Ok(address) = person.parse::<EmailAddress>() {
        let mut accounts = team.find_by_email(&address).await?;
        // Of two with one address, that of the sync is meant.
        accounts.sort_by_key(|account| account.status.employee.is_none());
        return Ok(accounts.into_iter().next());
    }
    match person.parse::<EmployeeId>() {
        Ok(employee) => Ok(team.find_by_employee(&employee).await?),
        Err(_) => Ok(None),
    }
}

/// What HiBob says of a person.
struct Seen {
    employee: Option<EmployeeId>,
    email: Option<EmailAddress>,
    explanation: provisioning::story::Explanation,
}

impl Seen {
    fn of(employee: &Employee, fields: &FieldSet, connection: &Connection, now: Timestamp) -> Self {
        let today = Today::new(now, connection.night.time_zone().clone());
        Self {
            employee: employee.text(control::ID).and_then(|id| id.parse().ok()),
            email: employee
                .text(control::EMAIL)
                .and_then(|address| address.parse().ok()),
            explanation: explain(employee, fields, &connection.policy, &today),
        }
    }
}

impl ConnectionApi {
    async fn ask_hibob(
        &self,
        tenant: &TenantId,
        person: &str,
        connection: &Connection,
    ) -> Result<Option<Seen>, Problem> {
        self.may_ask(tenant).await?;
        let user = self
            .vault
            .service_user(tenant)
            .await
            .map_err(|error| match error {
                tenant_store::Error::NoToken => not_connected(),
                error => error.into(),
            })?;
        let mut session = self.session(user);
        let fields = FieldSet::new(connection.policy.scope.rules.iter().map(|rule| &rule.field));
        let employee = match session.person(person, &fields).await {
            Ok(employee) => employee,
            Err(error) => return Err(self.of_hibob(tenant, error).await),
        };
        let now = self.clock.now();
        Ok(employee.map(|employee| Seen::of(&employee, &fields, connection, now)))
    }

    async fn runs_of(&self, tenant: &TenantId, employee: &EmployeeId) -> Result<Vec<RunOfPerson>, Problem> {
        let records = self.history.latest(tenant, LATEST_RUNS, self.clock.now()).await?;
        // Gathered first: a stream that holds the closure would tie the caller to one thread.
        let reads: Vec<_> = records
            .into_iter()
            .filter(has_rows)
            .map(|record| self.rows_of(tenant, record, employee))
            .collect();
        let runs: Vec<Vec<RunOfPerson>> = stream::iter(reads).buffered(RUNS_AT_ONCE).try_collect().await?;
        Ok(runs.into_iter().flatten().collect())
    }

    async fn rows_of(
        &self,
        tenant: &TenantId,
        record: RunRecord,
        employee: &EmployeeId,
    ) -> Result<Vec<RunOfPerson>, Problem> {
        let run = run_of(tenant, record.due_at);
        let rows = self.history.rows_of(&run, employee).await?;
        let at = to_second(record.finished_at.unwrap_or(record.started_at));
        let rows = PersonOfRun::all(rows).into_iter().map(|row| RunOfPerson {
            run: run.due_at,
            at,
            kind: row.kind,
            reason: row.reason,
            fields: row.fields,
        });
        Ok(rows.collect())
    }
}

/// Whether a run was about anybody at all.
fn has_rows(record: &RunRecord) -> bool {
    let counts = [record.planned, record.applied];
    let changes = counts
        .iter()
        .any(|counts| *counts != provisioning::Counts::default());
    changes || record.findings.skips.keys().any(|reason| reason.is_problem())
}

impl From<Account> for AccountBody {
    fn from(Account { status, trace, .. }: Account) -> Self {
        let (deactivated_by, deactivation_reason) = match status.state {
            AccountState::Active => (None, None),
            AccountState::Inactive(None) => (Some("hithrive"), None),
            AccountState::Inactive(reason) => (Some("sync"), reason),
        };
        Self {
            id: status.id,
            state: status.state.into(),
            override_: status.override_,
            origin: trace.origin.map(|origin| match origin {
                Origin::Created => OriginBody::Created,
                Origin::Adopted => OriginBody::Adopted,
            }),
            deactivated_by,
            deactivation_reason,
            deactivated_at: trace.deactivated_at.map(to_second),
            missing_nights: status.missing.nights,
            missing_on: status.missing.last_on,
            out_of_scope: status.out_of_scope,
            created_at: trace.created_at.map(to_second),
            updated_at: trace.updated_at.map(to_second),
            last_run: trace.last_run.map(to_second),
        }
    }
}

impl HibobBody {
    fn of(seen: Option<Seen>, now: Timestamp) -> Self {
        let explanation = seen.map(|seen| seen.explanation);
        Self {
            found: explanation.is_some(),
            checked_at: to_second(now),
            standing: explanation.as_ref().map(|explained| explained.standing),
            scope: explanation.as_ref().map(|explained| explained.scope),
            email: explanation.as_ref().map(|explained| explained.email),
        }
    }
}
