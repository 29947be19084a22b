use std::error::Error;
use std::fmt;

use tracing_subscriber::EnvFilter;

/// Writes logs as JSON lines to standard output, which Lambda hands to `CloudWatch`. `filter` is in `RUST_LOG`'s syntax.
pub fn init_telemetry(filter: Option<String>) {
    let filter = EnvFilter::new(filter.unwrap_or_else(|| "info".to_owned()));
    // Fails only when a subscriber is set already, and then logs go there.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_current_span(true)
        .with_span_list(false)
        .try_init();
}

/// Shows an error with all its causes: the formatter itself prints the outermost message alone.
#[derive(Debug)]
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
