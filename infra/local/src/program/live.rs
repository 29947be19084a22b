//! One night against a real HiBob account, into local tables.

use std::path::Path;

use hibob::BaseUrl;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use provisioning::{Mapping, Policy, TenantId};
use startup::{Clock, Environment, InvalidEnvironment};
use tenant_store::{Connection, Night, RunStatus, ServiceUser};

use crate::program::report::{self, Told};
use crate::program::stage::{Due, Stage, fields_of};
use crate::program::{Failure, mapping, say};

const TENANT: &str = "your-hibob";
/// Decides what "today" is; leavers and starters of the present day may differ from the customer's by hours.
const TIME_ZONE: &str = "UTC";

/// Connects the account, runs a night at once and says what it did. True if everything was read and applied.
pub(crate) async fn run(hibob: &str, data: Option<&Path>) -> Result<bool, Failure> {
    let hibob = hibob.parse::<BaseUrl>()?.to_string();
    let service_user = service_user(Environment::of_process())?;
    let fields = fields_of(&hibob, &service_user).await?;
    let mapping = mapping::suggested(&fields)?;
    say(&report::suggested(fields.len(), &mapping));

    let now = Clock::system().now();
    let stage = Stage::open(data, &hibob, None, now).await?.without_second_tries();
    let tenant: TenantId = TENANT.parse().map_err(|_| Failure::Cast(TENANT))?;
    // A night that has been run is not run again.
    let last = stage
        .system
        .tenants
        .run_state(&tenant)
        .await?
        .and_then(|state| state.run_due_at);
    let night = soon_after(last.map_or(now, |last| last.max(now))).ok_or(Failure::Cast(TENANT))?;
    connect(&stage, &tenant, &service_user, &mapping, &night).await?;

    let tonight = night.next_after(now).to_zoned(night.time_zone().clone()).date();
    say(&report::heading("One night", tonight));
    let due = [Due {
        tenant: &tenant,
        name: "Your HiBob",
        night: &night,
    }];
    let runs = stage.night(&due, tonight).await?;
    stage.aws.shutdown().await;
    let run = runs.get(&tenant).ok_or(Failure::NoRun(tenant))?;
    say(&report::told(&Told {
        name: "Your HiBob",
        time_zone: night.time_zone(),
        run,
        day: None,
        mails: &[],
    }));
    Ok(run.record.status == RunStatus::Applied)
}

fn service_user(mut environment: Environment<'_>) -> Result<ServiceUser, InvalidEnvironment> {
    let id = environment.required::<String>("HIBOB_SERVICE_USER_ID");
    let token = environment.required::<String>("HIBOB_TOKEN");
    environment.finish(id.zip(token).map(|(id, token)| ServiceUser {
        id,
        token: token.into(),
    }))
}

/// A night that comes so soon that the date is the real one.
fn soon_after(instant: Timestamp) -> Option<Night> {
    let next = instant.checked_add(1.minute()).ok()?;
    Night::new(TIME_ZONE, next.to_zoned(TimeZone::UTC).time()).ok()
}

/// Connects the account, or brings a connection that is kept from an earlier time up to date.
async fn connect(
    stage: &Stage,
    tenant: &TenantId,
    service_user: &ServiceUser,
    mapping: &Mapping,
    night: &Night,
) -> Result<(), Failure> {
    let system = &stage.system;
    let connection = Connection {
        enabled: true,
        company_id: None,
        night: night.clone(),
        contacts: Vec::new(),
        policy: Policy::default(),
    };
    let Some(kept) = system.tenants.connection(tenant).await? else {
        return Ok(system.connect(tenant, &connection, service_user, mapping).await?);
    };
    let version = system
        .tenants
        .mapping(tenant)
        .await?
        .map(|mapping| mapping.version);
    system.vault.put(tenant, service_user).await?;
    system.tenants.token_replaced(tenant).await?;
    system
        .tenants
        .save_mapping(tenant, mapping, version, true)
        .await?;
    system
        .tenants
        .save_connection(tenant, &kept, connection, system.clock.now())
        .await?;
    Ok(())
}
