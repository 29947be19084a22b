//! What `cargo run` does: three nights over three made-up companies, or one over a real HiBob account.

mod changes;
mod check;
mod companies;
mod expect;
mod failure;
mod live;
mod mapping;
mod nights;
mod options;
mod progress;
mod providers;
mod report;
mod rows;
mod stage;
mod stay;

use std::io::{Write, stderr, stdout};

use startup::{Environment, redirect_metrics};
use tracing_subscriber::EnvFilter;

pub use failure::Failure;
pub use options::Options;

/// Does what the command line asks for. True if everything was as it should be.
///
/// # Errors
/// It could not be found out whether everything was as it should be.
pub async fn run(options: Options) -> Result<bool, Failure> {
    show_logs(options.verbose);
    match &options.hibob_url {
        Some(hibob) => live::run(hibob, options.data.as_deref()).await,
        None => nights::run(&options).await,
    }
}

/// Lines of the report. Whoever stopped reading has read enough.
fn say(text: &str) {
    let _ = writeln!(stdout().lock(), "{text}");
}

/// Standard output belongs to the report, so logs and metrics go to standard error, and only when asked for.
fn show_logs(verbose: bool) {
    let filter = Environment::of_process()
        .optional::<String>("RUST_LOG")
        .or(verbose.then(|| "info".to_owned()));
    redirect_metrics(|line| tracing::info!(target: "metrics", "{line}"));
    if let Some(filter) = filter {
        // Fails only when a subscriber is set already, and then logs go there.
        let _ = tracing_subscriber::fmt()
            .compact()
            .with_writer(stderr)
            .with_env_filter(EnvFilter::new(filter))
            .try_init();
    }
}
