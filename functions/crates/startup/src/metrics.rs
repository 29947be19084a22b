use std::sync::OnceLock;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The unit of a metric, as `CloudWatch` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// A duration.
    Milliseconds,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
        }
    }
}

const NAMESPACE: &str = "HiThriveHiBob";

/// Metrics of one event in `CloudWatch`'s embedded metric format: one line of the log, from which `CloudWatch` makes metrics.
/// One dimension, the function, keeps them few; the tenant is a property to search by.
#[derive(Debug)]
pub struct Metrics {
    function: &'static str,
    properties: Map<String, Value>,
    definitions: Vec<Value>,
}

impl Metrics {
    /// Metrics of a function.
    #[must_use]
    pub fn new(function: &'static str) -> Self {
        Self {
            function,
            properties: Map::new(),
            definitions: Vec::new(),
        }
    }

    /// Adds a value that is searched for and not counted: ids, never anything personal.
    #[must_use]
    pub fn property(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.properties.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a metric.
    #[must_use]
    pub fn metric(mut self, name: &str, value: impl Into<Value>, unit: Unit) -> Self {
        self.definitions.push(json!({"Name": name, "Unit": unit.name()}));
        self.property(name, value)
    }

    /// The line to log.
    #[must_use]
    pub fn to_line(&self, now: Timestamp) -> String {
        let mut line = self.properties.clone();
        line.insert("function".to_owned(), self.function.into());
        let directive =
            json!({"Namespace": NAMESPACE, "Dimensions": [["function"]], "Metrics": self.definitions});
        let metadata = json!({"Timestamp": now.as_millisecond(), "CloudWatchMetrics": [directive]});
        line.insert("_aws".to_owned(), metadata);
        Value::Object(line).to_string()
    }

    /// Writes the line to standard output, past the log's own format, which `CloudWatch` could not read.
    #[expect(clippy::print_stdout, reason = "standard output is the way to CloudWatch")]
    pub fn emit(&self, now: Timestamp) {
        let line = self.to_line(now);
        match SINK.get() {
            Some(sink) => sink(&line),
            None => println!("{line}"),
        }
    }
}

type Sink = Box<dyn Fn(&str) + Send + Sync>;

static SINK: OnceLock<Sink> = OnceLock::new();

/// Gives all metric lines of this process to `sink` instead of standard output, which away from Lambda may belong to
/// something else. Only the first call counts.
pub fn redirect_metrics(sink: impl Fn(&str) + Send + Sync + 'static) {
    // Whoever came first keeps the lines.
    let _ = SINK.set(Box::new(sink));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_follows_the_embedded_metric_format() {
        let metrics =
            Metrics::new("sync-worker")
                .property("tenant.id", "acme")
                .metric("Created", 3, Unit::Count);
        let line: Value = serde_json::from_str(&metrics.to_line(Timestamp::UNIX_EPOCH)).unwrap();
        let expected = json!({
            "_aws": {"Timestamp": 0, "CloudWatchMetrics": [{
                "Namespace": "HiThriveHiBob",
                "Dimensions": [["function"]],
                "Metrics": [{"Name": "Created", "Unit": "Count"}]
            }]},
            "function": "sync-worker", "tenant.id": "acme", "Created": 3
        });
        assert_eq!(line, expected);
    }
}
