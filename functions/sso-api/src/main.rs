//! The Lambda function: see the library.

use lambda_http::Error;
use sso_api::{AwsClients, Config, SsoApi, router};
use startup::{Clock, Environment, init_telemetry, sdk_config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = Environment::of_process();
    init_telemetry(environment.optional("RUST_LOG"));
    let config = Config::read(environment)?;
    let aws = sdk_config().await;
    let clients = AwsClients {
        dynamodb: aws_sdk_dynamodb::Client::new(&aws),
        secrets: aws_sdk_secretsmanager::Client::new(&aws),
    };
    let api = SsoApi::new(clients, config, Clock::system()).await?;
    http_api::serve(router(api)).await
}
