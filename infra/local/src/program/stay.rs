//! Everything stays up, to be looked at.

use std::future::pending;
use std::io::{BufRead, stdin};
use std::pin::pin;

use tokio::sync::mpsc;

use crate::program::companies::DayKind;
use crate::program::nights::Nights;
use crate::program::{Failure, say};

/// Says where everything is, and lets a day and its night pass whenever Enter is pressed, until Ctrl-C.
pub(crate) async fn stay(nights: &mut Nights) -> Result<(), Failure> {
    say(&addresses(nights));
    let mut presses = presses_of_enter();
    // One for all days: pressed during a night, it ends the program after it.
    let mut interruption = pin!(tokio::signal::ctrl_c());
    for number in 4.. {
        tokio::select! {
            _ = &mut interruption => break,
            () = pressed(&mut presses) => nights.night(number, Some(DayKind::Busy)).await?,
        }
    }
    Ok(())
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

fn addresses(nights: &Nights) -> String {
    let endpoints = nights.stage.aws.endpoints();
    let table = &nights.stage.accounts.name;
    let hibob = &nights.hibob;
    let mut lines = vec![
        "\nEverything stays up until Ctrl-C. Enter lets a day and its night pass.\n".to_owned(),
        format!("  DynamoDB                    {}", endpoints.dynamodb),
        format!("  SQS, Secrets Manager, SES   {}", endpoints.other),
        format!("  HiBob                       {hibob}"),
        "\nThe AWS, from another terminal:\n".to_owned(),
    ];
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
    for tenant in &nights.companies.tenants {
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
