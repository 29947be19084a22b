//! The housekeeping after a tenant was disconnected. It can be repeated from any point.

use jiff::{SignedDuration, Timestamp, ToSpan};
use provisioning::{Targets, disconnection};
use serde::Serialize;
use startup::Chain;
use team_directory::{Applied, WriteContext, slices};
use tenant_store::{Erased, Hold, HoldOutcome, LeftAccounts};
use tracing::warn;

use crate::run::{LEASE_MARGIN, WRITING_MARGIN};
use crate::task::Errand;
use crate::task_error::TaskError;
use crate::write::CHANGES_AT_ONCE;

/// So long point-in-time recovery can bring back what was erased.
const BACKUPS_KEPT_HOURS: i64 = 35 * 24;

/// What an admin is left with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    disconnected_at: Timestamp,
    accounts: LeftAccounts,
    accounts_deactivated: u32,
    accounts_kept: u32,
    erased: Vec<ErasedItems>,
    kept: [Kept; 1],
    backups_expire_by: Timestamp,
}

#[derive(Debug, Serialize)]
struct ErasedItems {
    what: &'static str,
    items: u32,
}

#[derive(Debug, Serialize)]
struct Kept {
    what: &'static str,
    why: &'static str,
}

impl Errand<'_> {
    /// Deactivates the accounts if that was asked for, and erases what the tenant left in the tables. Of a tenant that is
    /// connected again only what is older than its disconnection goes.
    pub(crate) async fn tidy_up(
        &self,
        accounts: LeftAccounts,
        disconnected_at: Timestamp,
        fence: u64,
        erased: Erased,
    ) -> Result<Receipt, TaskError> {
        let worker = self.worker;
        let now = worker.clock.now();
        let ends_at = self.invocation.deadline + LEASE_MARGIN;
        let hold = worker
            .tenants
            .hold(self.tenant, fence, self.invocation.id, now, ends_at);
        let hold = match hold.await? {
            HoldOutcome::Taken(hold) => Some(hold),
            HoldOutcome::Busy { until } => return Err(TaskError::Busy { until }),
            HoldOutcome::Superseded => None,
        };
        let done = match &hold {
            Some(hold) => self.tidy_up_alone(accounts, disconnected_at, erased, hold).await,
            None => {
                self.erase(LeftAccounts::Keep, disconnected_at, disconnected_at, erased)
                    .await
            }
        };
        if let Some(hold) = &hold
            && let Err(error) = worker.tenants.let_go(hold).await
        {
            warn!(error = %Chain(&error), "the hold ends by itself");
        }
        done
    }

    async fn tidy_up_alone(
        &self,
        accounts: LeftAccounts,
        disconnected_at: Timestamp,
        erased: Erased,
        hold: &Hold,
    ) -> Result<Receipt, TaskError> {
        if accounts == LeftAccounts::Deactivate {
            self.deactivate(disconnected_at, hold).await?;
        }
        // No run can be due later than this: there is no connection.
        let tomorrow = self.worker.clock.now() + SignedDuration::from_hours(24);
        self.erase(accounts, disconnected_at, tomorrow, erased).await
    }

    async fn deactivate(&self, disconnected_at: Timestamp, hold: &Hold) -> Result<(), TaskError> {
        self.stage("accounts").await;
        let team = self.worker.directory.team(self.tenant);
        let changes = disconnection(&team.heads().await?);
        let mut applied = Applied::default();
        for slice in slices(&changes, CHANGES_AT_ONCE) {
            let now = self.worker.clock.now();
            if now >= self.invocation.deadline - WRITING_MARGIN {
                return Err(TaskError::Busy { until: now });
            }
            self.worker.tenants.confirm_hold(hold, now).await?;
            let context = WriteContext {
                fence: hold.fence,
                due_at: disconnected_at,
                now,
                team_was_empty: false,
            };
            team.apply(slice, &Targets::default(), &context, &mut applied)
                .await?;
        }
        Ok(())
    }

    async fn erase(
        &self,
        accounts: LeftAccounts,
        disconnected_at: Timestamp,
        until: Timestamp,
        erased: Erased,
    ) -> Result<Receipt, TaskError> {
        self.stage("history").await;
        let (worker, tenant) = (self.worker, self.tenant);
        let runs = worker.runs.erase(tenant, until).await?;
        let notices = worker.notices.erase(tenant, until).await?;
        let tasks = worker.tasks.erase(tenant, until).await?;
        let team = worker.directory.team(tenant).tally().await?;
        let now = worker.clock.now();
        let items = [
            // Whoever was connected had a token.
            ("token", u32::from(erased.connection)),
            ("connection", u32::from(erased.connection)),
            ("mapping", u32::from(erased.mapping)),
            ("proof", u32::from(erased.proof)),
            ("singleSignOn", u32::from(erased.single_sign_on)),
            ("runs", runs),
            ("tasks", tasks),
            ("notices", notices),
        ];
        Ok(Receipt {
            disconnected_at,
            accounts,
            accounts_deactivated: team.disconnected,
            accounts_kept: team.active,
            erased: items.map(|(what, items)| ErasedItems { what, items }).into(),
            kept: [Kept {
                what: "fence",
                why: "A number that keeps a run which is still under way from writing.",
            }],
            backups_expire_by: now.checked_add(BACKUPS_KEPT_HOURS.hours()).unwrap_or(now),
        })
    }
}
