//! The Lambda function: see the library.

use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use startup::{Clock, Environment, init_telemetry, sdk_config};
use sync_worker::{AwsClients, Config, SyncWorker};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = Environment::of_process();
    init_telemetry(environment.optional("RUST_LOG"));
    let config = Config::read(environment)?;
    let aws = sdk_config().await;
    let clients = AwsClients {
        dynamodb: aws_sdk_dynamodb::Client::new(&aws),
        secrets: aws_sdk_secretsmanager::Client::new(&aws),
        sqs: aws_sdk_sqs::Client::new(&aws),
    };
    let worker = SyncWorker::new(clients, hibob::http_client()?, config, Clock::system());
    let worker = &worker;
    run(service_fn(async |event: LambdaEvent<_>| {
        let deadline = Timestamp::from_millisecond(i64::try_from(event.context.deadline)?)?;
        Ok::<_, Error>(
            worker
                .handle(event.payload, &event.context.request_id, deadline)
                .await,
        )
    }))
    .await
}
