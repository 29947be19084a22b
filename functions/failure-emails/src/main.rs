//! The Lambda function: see the library.

use failure_emails::{Config, FailureEmails};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use startup::{Clock, Environment, init_telemetry, sdk_config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = Environment::of_process();
    init_telemetry(environment.optional("RUST_LOG"));
    let config = Config::read(environment)?;
    let aws = sdk_config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let emails = FailureEmails::new(
        &dynamodb,
        aws_sdk_sesv2::Client::new(&aws),
        config,
        Clock::system(),
    );
    let emails = &emails;
    run(service_fn(async |event: LambdaEvent<_>| {
        Ok::<_, Error>(emails.handle(event.payload).await)
    }))
    .await
}
