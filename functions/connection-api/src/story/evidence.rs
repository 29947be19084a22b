//! What a story is told from.

use std::time::Duration;

use http_api::{PersonName, Problem, ProblemKind, find_person};
use jiff::Timestamp;
use provisioning::field::control;
use provisioning::story::{Explanation, explain};
use provisioning::{AccountId, Counts, EmailAddress, Employee, EmployeeId, FieldSet, TenantId, Today};
use team_directory::{Account, Searched, Team};
use tenant_store::{Connection, RunRecord, RunRows, RunStatus};

use super::RunOfPerson;
use crate::ConnectionApi;
use crate::api::to_second;
use crate::rows::PersonOfRun;
use crate::runs::run_of;

/// What HiBob leaves of a request's time is for looking through the team and the runs.
const HIBOB_TIME: Duration = Duration::from_secs(8);
/// Runs that are looked through for the person, and pages of a megabyte that are read of all of them.
const LATEST_RUNS: u8 = 30;
const MOST_PAGES_OF_RUNS: usize = 20;
/// Pages of the team, of a megabyte too, that are looked through if nothing quicker finds the account.
const MOST_PAGES_OF_TEAM: usize = 20;

/// What is known about a person whom HiBob or the team knows.
pub(super) struct Evidence {
    /// What HiBob says, or why it could not be asked.
    pub(super) seen: Result<Option<Seen>, Problem>,
    pub(super) account: Option<Account>,
    pub(super) employee: Option<EmployeeId>,
    /// The latest first.
    pub(super) runs: Vec<RunOfPerson>,
    /// Since which run a change waits for somebody to look at it.
    pub(super) waiting_since: Option<Timestamp>,
    /// Whether everything was looked through.
    pub(super) is_complete: bool,
}

/// What HiBob says of a person.
pub(super) struct Seen {
    employee: Option<EmployeeId>,
    pub(super) email: Option<EmailAddress>,
    pub(super) explanation: Explanation,
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
    pub(super) async fn evidence(
        &self,
        tenant: &TenantId,
        person: PersonName<'_>,
        connection: &Connection,
    ) -> Result<Evidence, Problem> {
        let mut seen = self.ask_hibob(tenant, person.as_str(), connection).await;
        let in_hibob = seen.as_ref().ok().and_then(Option::as_ref);
        let Searched {
            found: account,
            is_complete,
        } = account_of(&self.teams.team(tenant), person, in_hibob).await?;

        let linked = account
            .as_ref()
            .and_then(|account| account.status.employee.clone());
        // HiBob may know the person by another address than the team has.
        if let (Ok(None), Some(employee)) = (&seen, &linked)
            && employee.as_str() != person.as_str()
        {
            seen = self.ask_hibob(tenant, employee.as_str(), connection).await;
        }
        let seen = match (account.is_some(), seen) {
            (false, Ok(None)) => return Err(ProblemKind::NotFound.into()),
            (false, Err(problem)) => return Err(problem),
            (_, seen) => seen,
        };
        let in_hibob = seen.as_ref().ok().and_then(Option::as_ref);
        let employee = linked.or_else(|| in_hibob?.employee.clone());
        let runs = match &employee {
            Some(employee) => self.runs_of(tenant, employee).await?,
            None => complete((Vec::new(), None)),
        };
        let (rows, waiting_since) = runs.found;
        Ok(Evidence {
            seen,
            account,
            employee,
            runs: rows,
            waiting_since,
            is_complete: is_complete && runs.is_complete,
        })
    }

    async fn ask_hibob(
        &self,
        tenant: &TenantId,
        person: &str,
        connection: &Connection,
    ) -> Result<Option<Seen>, Problem> {
        let fields = &FieldSet::new(connection.policy.scope.rules.iter().map(|rule| &rule.field));
        let hibob = self.hibob.within(HIBOB_TIME);
        let employee = hibob.ask(tenant, |mut session| async move {
            find_person(&mut session, person, fields).await
        });
        let employee = employee.await?;
        Ok(employee.map(|employee| Seen::of(&employee, fields, connection, self.clock.now())))
    }

    async fn runs_of(
        &self,
        tenant: &TenantId,
        employee: &EmployeeId,
    ) -> Result<Searched<(Vec<RunOfPerson>, Option<Timestamp>)>, Problem> {
        let records = self.history.latest(tenant, LATEST_RUNS, self.clock.now()).await?;
        let mut found = Vec::new();
        let mut pages_left = MOST_PAGES_OF_RUNS;
        for record in records.iter().filter(|record| has_rows(record)) {
            let mut pages = self.history.rows(&run_of(tenant, record.due_at));
            while let Some(rows) = pages.next().await {
                if pages_left == 0 {
                    let since = waiting_since(&records, &found);
                    return Ok(Searched {
                        found: (found, since),
                        is_complete: false,
                    });
                }
                pages_left -= 1;
                found.extend(rows_about(employee, record, rows?));
            }
        }
        let since = waiting_since(&records, &found);
        Ok(complete((found, since)))
    }
}

/// The account of the person: by the key that a run gave it, by the address, and only then by looking through the team.
async fn account_of(
    team: &Team,
    person: PersonName<'_>,
    seen: Option<&Seen>,
) -> Result<Searched<Option<Account>>, Problem> {
    let named = person.as_str().parse::<EmailAddress>().ok();
    let employee = match seen {
        Some(seen) => seen.employee.clone(),
        None if named.is_some() => None,
        None => person.as_str().parse().ok(),
    };
    if let Some(employee) = &employee {
        let created = team.get(&AccountId::of_employee(employee)).await?;
        if created.is_some() {
            return Ok(complete(created));
        }
    }
    let in_hibob = seen.and_then(|seen| seen.email.as_ref());
    for address in in_hibob.into_iter().chain(&named) {
        let mut accounts = team.find_by_email(address).await?;
        // Somebody else's account may have the address.
        accounts.retain(|account| match (&account.status.employee, &employee) {
            (Some(theirs), Some(asked)) => theirs == asked,
            _ => true,
        });
        // Of two with one address, that of the sync is meant.
        accounts.sort_by_key(|account| account.status.employee.is_none());
        let account = accounts.into_iter().next();
        if account.is_some() {
            return Ok(complete(account));
        }
    }
    match &employee {
        Some(employee) => Ok(team.find_adopted(employee, MOST_PAGES_OF_TEAM).await?),
        None => Ok(complete(None)),
    }
}

fn complete<T>(found: T) -> Searched<T> {
    Searched {
        found,
        is_complete: true,
    }
}

fn rows_about(employee: &EmployeeId, record: &RunRecord, mut rows: RunRows) -> Vec<RunOfPerson> {
    rows.changes.retain(|row| row.employee == *employee);
    rows.held.retain(|row| row.employee == *employee);
    rows.skips.retain(|skip| skip.employee.as_ref() == Some(employee));
    let rows = PersonOfRun::all(rows).into_iter().map(|row| RunOfPerson {
        run: record.due_at,
        at: to_second(record.finished_at.unwrap_or(record.started_at)),
        kind: row.kind,
        reason: row.reason,
        held: row.held,
        fields: row.fields,
    });
    rows.collect()
}

/// The first of the latest runs that all held something about the person; runs that decided nothing do not count.
fn waiting_since(records: &[RunRecord], rows: &[RunOfPerson]) -> Option<Timestamp> {
    let decided = |record: &&RunRecord| matches!(record.status, RunStatus::Applied | RunStatus::Held);
    let holds = |record: &&RunRecord| rows.iter().any(|row| row.held && row.run == record.due_at);
    let latest = records.iter().filter(decided).take_while(holds);
    latest.last().map(|record| record.due_at)
}

/// Whether a run was about anybody at all.
fn has_rows(record: &RunRecord) -> bool {
    let counts = [record.planned, record.applied, record.held];
    let changes = counts.iter().any(|counts| *counts != Counts::default());
    changes || record.findings.skips.keys().any(|reason| reason.is_problem())
}
