//! The embedded AWS with the system on it, and what happens there in one night.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::path::Path;
use std::time::{Duration, Instant};

use embedded_aws::EmbeddedAws;
use hibob::{Credentials, FieldMetadata};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use provisioning::{RunId, TenantId};
use tenant_store::{Attention, ChangeRow, Night, RunRecord, RunStatus, ServiceUser};

use crate::program::progress::Progress;
use crate::program::rows::{AccountsTable, Team};
use crate::program::{Failure, report, say};
use crate::{Addresses, LocalSystem, SimulatedClock, StartError};

/// Names of tables, queues and secrets contain it.
const NAME: &str = "local";

/// After this a message that was handed back because of a refusal has come again.
const UNTIL_SECOND_TRY: SignedDuration = SignedDuration::from_mins(31);
/// More often no run is handed back where nothing but refusals goes wrong.
const MOST_TRIES: u32 = 3;

/// Everything that runs in this process besides HiBob.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) aws: EmbeddedAws,
    pub(crate) system: LocalSystem,
    pub(crate) accounts: AccountsTable,
    /// Whether time may be moved on for a refused run. Never where HiBob has a clock of its own.
    tries_again: bool,
}

/// One tenant's run of a night, with what it found and left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) record: RunRecord,
    pub(crate) rows: Vec<ChangeRow>,
    pub(crate) before: Team,
    pub(crate) after: Team,
    pub(crate) needed_attention: bool,
    pub(crate) attention: Option<Attention>,
}

/// Who is to be synced, and where it is which time.
#[derive(Debug, Clone)]
pub(crate) struct Due<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) name: &'a str,
    pub(crate) night: &'a Night,
}

impl Stage {
    /// `origin` is where everything is served, if it is.
    pub(crate) async fn open(
        data: Option<&Path>,
        hibob: &str,
        origin: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        data.map(create).transpose()?;
        let aws = EmbeddedAws::start(data).await?;
        let config = aws.sdk_config();
        let clock = SimulatedClock::starting_at(now);
        let addresses = origin.map(Addresses::at).unwrap_or_default();
        let system = LocalSystem::start_at(addresses, &config, NAME, hibob, clock).await?;
        let tables = &system.provisioned.tables;
        let name = tables
            .get("AccountsTable")
            .ok_or(StartError::Missing("AccountsTable"))?
            .clone();
        let accounts = AccountsTable {
            client: aws_sdk_dynamodb::Client::new(&config),
            name,
        };
        Ok(Self {
            aws,
            system,
            accounts,
            tries_again: true,
        })
    }

    /// Leaves refused runs as they are.
    pub(crate) fn without_second_tries(self) -> Self {
        Self {
            tries_again: false,
            ..self
        }
    }

    /// Lets the night of a date come for some tenants, each at its own hour, and everything be done that it asks for.
    pub(crate) async fn night(
        &self,
        due: &[Due<'_>],
        date: Date,
    ) -> Result<BTreeMap<TenantId, Run>, Failure> {
        let mut begun = Vec::new();
        let mut hours = Vec::new();
        for due in due {
            let due_at = self.system.next_due_at(due.tenant).await?;
            let due_at = due_at.ok_or_else(|| Failure::NoRun(due.tenant.clone()))?;
            let hour = date
                .to_datetime(due.night.at())
                .to_zoned(due.night.time_zone().clone());
            // By an hour that an admin chose, a night may begin on the next date of another time zone.
            hours.push(hour.map_or(due_at, |hour| hour.timestamp().max(due_at)));
            let state = self.system.tenants.run_state(due.tenant).await?;
            begun.push(Begun {
                run: RunId {
                    tenant: due.tenant.clone(),
                    due_at,
                },
                name: due.name,
                before: self.accounts.team(due.tenant).await?,
                needed_attention: state.is_some_and(|state| state.attention.is_some()),
            });
        }
        hours.sort_unstable();
        hours.dedup();
        for hour in hours {
            self.system.clock.advance_to(hour);
            self.system.fire_schedule().await?;
            self.work(due).await?;
        }
        if self.tries_again {
            self.ask_again(due, &begun).await?;
        }

        let mut runs = BTreeMap::new();
        for begun in begun {
            runs.insert(begun.run.tenant.clone(), self.ended(begun).await?);
        }
        Ok(runs)
    }

    /// Lets the time pass that refused runs wait.
    async fn ask_again(&self, due: &[Due<'_>], begun: &[Begun<'_>]) -> Result<(), Failure> {
        for _ in 0..MOST_TRIES {
            let mut waits = false;
            for begun in begun {
                let record = self.record(&begun.run).await?;
                if record.status == RunStatus::HandedBack {
                    say(&report::asking_again(begun.name, record.failure.as_deref()));
                    waits = true;
                }
            }
            if !waits {
                break;
            }
            self.system.let_pass(UNTIL_SECOND_TRY).await?;
            self.work(due).await?;
        }
        Ok(())
    }

    async fn work(&self, due: &[Due<'_>]) -> Result<(), Failure> {
        let progress = Progress::start(self, due);
        let done = tokio::select! {
            done = self.system.work() => done,
            () = progress.watch() => Ok(()),
        };
        Ok(done?)
    }

    async fn ended(&self, begun: Begun<'_>) -> Result<Run, Failure> {
        let Begun {
            run,
            before,
            needed_attention,
            ..
        } = begun;
        let mut rows = Vec::new();
        let mut pages = self.system.runs.rows(&run);
        while let Some(page) = pages.next().await {
            rows.extend(page?.changes);
        }
        Ok(Run {
            record: self.record(&run).await?,
            rows,
            before,
            after: self.accounts.team(&run.tenant).await?,
            needed_attention,
            attention: self
                .system
                .tenants
                .run_state(&run.tenant)
                .await?
                .and_then(|state| state.attention),
        })
    }

    async fn record(&self, run: &RunId) -> Result<RunRecord, Failure> {
        let record = self.system.runs.run(run, self.system.clock.now()).await?;
        record.ok_or_else(|| Failure::NoRun(run.tenant.clone()))
    }
}

/// Nobody else may look into the directory: from a real HiBob it holds what is personal.
fn create(directory: &Path) -> Result<(), Failure> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.recursive(true).create(directory);
    created.map_err(|source| Failure::Kept {
        path: directory.to_owned(),
        source,
    })
}

/// A tenant's run before it has begun.
struct Begun<'a> {
    run: RunId,
    name: &'a str,
    before: Team,
    needed_attention: bool,
}

/// As long as a description of the fields may take.
const FIELDS_TIMEOUT: Duration = Duration::from_secs(30);

/// The fields of the company that a service user belongs to. Tells also whether HiBob accepts it.
pub(crate) async fn fields_of(hibob: &str, user: &ServiceUser) -> Result<Vec<FieldMetadata>, Failure> {
    let client = hibob::Client::new(hibob.parse()?, hibob::http_client()?);
    let credentials = Credentials::new(user.id.clone(), user.token.clone());
    let mut session = client.session(credentials, Instant::now() + FIELDS_TIMEOUT);
    Ok(session.fields().await?)
}
