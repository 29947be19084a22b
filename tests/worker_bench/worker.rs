//! The worker's side: one event, handled as the Lambda function handles it.

use std::fs;

use aws_lambda_events::sqs::SqsEvent;
use jiff::SignedDuration;
use serde_json::{Value, json};
use startup::{Clock, Environment, init_telemetry, sdk_config};
use sync_worker::{AwsClients, Config, SyncWorker};

/// The argument that makes this program the worker. The event is read from standard input.
pub(crate) const AS_WORKER: &str = "as-worker";

/// How the line begins that says what it cost.
pub(crate) const COST: &str = "cost ";

/// The clock ticks in which Linux tells a process's CPU time.
const TICKS_PER_SECOND: f64 = 100.0;

/// Lambda's longest time-out.
const TIME: SignedDuration = SignedDuration::from_mins(15);

/// The function's `main`, with an event in place of the Runtime API.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run() {
    let mut environment = Environment::of_process();
    init_telemetry(environment.optional("RUST_LOG"));
    let config = Config::read(environment).unwrap();
    let aws = sdk_config().await;
    let clients = AwsClients {
        dynamodb: aws_sdk_dynamodb::Client::new(&aws),
        secrets: aws_sdk_secretsmanager::Client::new(&aws),
        sqs: aws_sdk_sqs::Client::new(&aws),
    };
    let clock = Clock::system();
    let deadline = clock.now() + TIME;
    let worker = SyncWorker::new(clients, hibob::http_client().unwrap(), config, clock);
    let event: SqsEvent = serde_json::from_reader(std::io::stdin()).unwrap();
    let answer = worker.handle(event, "benchmark", deadline).await;
    assert!(answer.batch_item_failures.is_empty(), "the run was handed back");

    let cost = json!({ "cpuSeconds": cpu_seconds(), "peakKib": peak_kib() });
    println!("{COST}{cost}");
}

/// Of all threads, in user and kernel mode.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name before the closing parenthesis may hold anything; of the rest, fields 12 and 13 are the two times.
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<f64>().unwrap());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// What a worker's process has used.
#[derive(Debug)]
pub(crate) struct Cost {
    pub(crate) cpu_seconds: f64,
    pub(crate) peak_mib: f64,
}

impl Cost {
    /// From the line that a worker prints.
    pub(crate) fn read(output: &str) -> Self {
        let line = output.lines().find_map(|line| line.strip_prefix(COST)).unwrap();
        let cost: Value = serde_json::from_str(line).unwrap();
        Self {
            cpu_seconds: cost["cpuSeconds"].as_f64().unwrap(),
            peak_mib: cost["peakKib"].as_f64().unwrap() / 1024.0,
        }
    }
}
