//! The Lambda function: see the library.

use lambda_http::Error;
use settings_page::{Config, router};
use startup::{Clock, Environment, init_telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = Environment::of_process();
    init_telemetry(environment.optional("RUST_LOG"));
    let config = Config::read(environment)?;
    http_api::serve(router(&config, Clock::system())).await
}
