//! What a worker costs: `cargo bench -p integration-tests --bench worker -- 1000 100000`, 100,000 people by default.
//!
//! HiBob and AWS run in this process, the worker in a fresh one for each night, wired and on the runtime as in
//! production. Three nights per size: the first, one on which nothing has changed and everything comes in another order,
//! and one on which one person in a hundred has.

#![expect(clippy::unwrap_used, reason = "a panic is how a measurement fails")]
#![expect(clippy::print_stdout, reason = "the table is for whoever started it")]

mod calls;
mod company;
#[path = "../common/mapping.rs"]
mod mapping;
mod worker;

use std::process::ExitCode;
use std::time::Duration;

use company::Measured;
use tokio::runtime::Builder;

const PEOPLE: usize = 100_000;

/// The largest company must fit into the smallest function, and an unchanged night into very little.
const LARGE: usize = 100_000;
const FIRST_NIGHT_MIB: f64 = 128.0;
const UNCHANGED_NIGHT_MIB: f64 = 48.0;

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if arguments.first().is_some_and(|it| it == worker::AS_WORKER) {
        worker::run();
        return ExitCode::SUCCESS;
    }
    let mut sizes: Vec<usize> = arguments.iter().map(|size| size.parse().unwrap()).collect();
    if sizes.is_empty() {
        sizes.push(PEOPLE);
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    println!(" people  night      changes  answer MB  wall s  CPU s  peak MiB  people/s  DynamoDB calls");
    let mut is_within_limits = true;
    for people in sizes {
        runtime.block_on(company::nights(people, |night| {
            show(night);
            is_within_limits &= night.people < LARGE || night.cost.peak_mib < limit(night.name);
        }));
    }
    if is_within_limits {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn limit(night: &str) -> f64 {
    match night {
        "first" => FIRST_NIGHT_MIB,
        "unchanged" => UNCHANGED_NIGHT_MIB,
        _ => f64::INFINITY,
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
fn show(night: &Measured) {
    let Measured {
        name,
        people,
        changes,
        answer_bytes,
        wall,
        cost,
        calls,
    } = night;
    println!(
        "{people:>7}  {name:<9}  {changes:>7}  {:>9.1}  {:>6.2}  {:>5.2}  {:>8.1}  {:>8.0}  {}",
        *answer_bytes as f64 / 1e6,
        seconds(*wall),
        cost.cpu_seconds,
        cost.peak_mib,
        *people as f64 / seconds(*wall),
        calls,
    );
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
