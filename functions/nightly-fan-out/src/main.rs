//! The Lambda function: see the library.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use nightly_fan_out::{Config, NightlyFanOut};
use startup::{Clock, Environment, init_telemetry, sdk_config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = Environment::of_process();
    init_telemetry(environment.optional("RUST_LOG"));
    let config = Config::read(environment)?;
    let aws = sdk_config().await;
    let sqs = aws_sdk_sqs::Client::new(&aws);
    let fan_out = NightlyFanOut::new(aws_sdk_dynamodb::Client::new(&aws), sqs, config, Clock::system());
    let fan_out = &fan_out;
    // The schedule's event says nothing that the function needs: who is due is in the table.
    run(service_fn(async |_: LambdaEvent<serde_json::Value>| {
        fan_out.handle().await.map_err(Error::from)
    }))
    .await
}
