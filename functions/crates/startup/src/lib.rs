//! What every function does once, before its first event: read the environment, set up telemetry, configure AWS.

mod aws;
mod clock;
mod environment;
mod metrics;
mod telemetry;

pub use aws::sdk_config;
pub use clock::Clock;
pub use environment::{Environment, InvalidEnvironment};
pub use metrics::{Metrics, Unit, redirect_metrics};
pub use telemetry::{Chain, init_telemetry};
