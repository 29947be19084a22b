//! Everything stays up, to be looked at.

use std::future::pending;
use std::io::{BufRead, stdin};
use std::pin::pin;

use stand_in_gateway::RunningGateway;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

use crate::program::companies::DayKind;
use crate::program::nights::Nights;
use crate::program::providers::Providers;
use crate::program::{Failure, say};
use crate::{Development, SampleCompany};

/// How soon is begun what an admin starts.
const PAUSE: Duration = Duration::from_millis(200);

/// Where admins will come in. It has an address before there is anything behind it.
pub(crate) struct Door {
    listener: TcpListener,
    /// Such as `http://localhost:8080`.
    pub(crate) origin: String,
}

impl Door {
    pub(crate) async fn open(port: Option<u16>) -> Result<Self, Failure> {
        let listener = RunningGateway::bind(port.unwrap_or_default()).await?;
        let origin = RunningGateway::origin(&listener)?;
        Ok(Self { listener, origin })
    }
}

/// Says where everything is, does what admins start, and lets a day and its night pass whenever Enter is pressed, until
/// Ctrl-C.
pub(crate) async fn stay(nights: &mut Nights, door: Door) -> Result<(), Failure> {
    let providers = Providers::open(nights).await?;
    let router = development(nights, &providers).around(&nights.stage.system)?;
    let server = RunningGateway::serve(door.listener, router)?;
    say(&addresses(nights, &door.origin, &providers));
    let mut presses = presses_of_enter();
    // One for all days: pressed during a night, it ends the program after it.
    let mut interruption = pin!(tokio::signal::ctrl_c());
    let mut number = 4;
    loop {
        tokio::select! {
            _ = &mut interruption => break,
            () = pressed(&mut presses) => {
                nights.night(number, Some(DayKind::Busy)).await?;
                providers.refresh(nights).await?;
                number += 1;
            }
            () = sleep(PAUSE) => nights.stage.system.work().await?,
        }
    }
    server.shutdown().await;
    providers.shutdown().await;
    Ok(())
}

fn development(nights: &Nights, providers: &Providers) -> Development {
    let companies = nights.companies.everybody().map(|tenant| SampleCompany {
        tenant: tenant.id.clone(),
        name: tenant.name.to_owned(),
        service_user: tenant.service_user.0.clone(),
        identity_provider: Some(providers.address(&tenant.id)),
    });
    Development {
        companies: companies.collect(),
        hibob: nights.companies.hibob.clone(),
        mailbox: nights.stage.aws.mailbox(),
    }
}

/// Never, when nobody is there to press it.
async fn pressed(presses: &mut mpsc::UnboundedReceiver<()>) {
    if presses.recv().await.is_none() {
        pending::<()>().await;
    }
}

fn presses_of_enter() -> mpsc::UnboundedReceiver<()> {
    let (press, presses) = mpsc::unbounded_channel();
    // Reading standard input cannot be given up, so it must not hold up the end of the runtime.
    std::thread::spawn(move || {
        for line in stdin().lock().lines() {
            if line.is_err() || press.send(()).is_err() {
                break;
            }
        }
    });
    presses
}

fn addresses(nights: &Nights, origin: &str, providers: &Providers) -> String {
    let endpoints = nights.stage.aws.endpoints();
    let table = &nights.stage.accounts.name;
    let hibob = &nights.hibob;
    let mut lines = vec![
        "\nEverything stays up until Ctrl-C. Enter lets a day and its night pass.\n".to_owned(),
        format!("  Settings page               {origin}/"),
        format!("  HiThrive's log-in           {origin}/dev/login"),
        format!("  HiBob's settings            {origin}/dev/hibob"),
        format!("  HiBob's dashboards          {origin}/dev/dashboard"),
        format!("  Sent e-mails                {origin}/dev/mails"),
        format!("  DynamoDB                    {}", endpoints.dynamodb),
        format!("  SQS, Secrets Manager, SES   {}", endpoints.other),
        format!("  HiBob's API                 {hibob}"),
    ];
    lines.push("\nIdentity providers, in which each company's people log in:\n".to_owned());
    for tenant in nights.companies.everybody() {
        lines.push(format!("  {:<27} {}", tenant.name, providers.address(&tenant.id)));
    }
    if let Some(tenant) = &nights.companies.newcomer {
        let address = providers.address(&tenant.id);
        lines.push(format!("\n  {}'s is not set up yet; its metadata:", tenant.name));
        lines.push(format!("  {address}/metadata"));
    }
    lines.extend(["\nThe AWS, from another terminal:\n".to_owned()]);
    let environment = endpoints.environment();
    lines.extend(
        environment
            .iter()
            .map(|(name, value)| format!("  export {name}={value}")),
    );
    lines.extend([
        "  aws dynamodb list-tables".to_owned(),
        format!("  aws dynamodb scan --table-name {table} --max-items 3"),
        "  aws sqs list-queues".to_owned(),
        "  aws secretsmanager list-secrets".to_owned(),
        "\nHiBob, as each company's service user:\n".to_owned(),
    ]);
    for tenant in nights.companies.everybody() {
        let (user, token) = &tenant.service_user;
        lines.push(format!("  {:<20} -u {user}:{token}", tenant.name));
    }
    let (user, token) = &nights.companies.tenants[0].service_user;
    lines.extend([
        format!("\n  curl -u {user}:{token} \\"),
        format!("    {hibob}/company/people/fields"),
        format!("  curl -u {user}:{token} -H 'Content-Type: application/json' \\"),
        "    -d '{\"fields\": [\"root.email\", \"work.title\"], \"humanReadable\": \"APPEND\"}' \\"
            .to_owned(),
        format!("    {hibob}/people/search"),
    ]);
    lines.join("\n")
}
