//! Every file of `events/` is an event of its function, and the function answers it as it should.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../common/mapping.rs"]
mod mapping;
#[path = "../common/samples.rs"]
mod samples;
#[path = "../common/world.rs"]
mod world;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aws_lambda_events::sqs::SqsEvent;
use jiff::SignedDuration;
use local_system::LocalSystem;
use samples::{Sample, folder, samples};
use serde_json::{Value, to_value};
use world::World;

#[test]
fn every_sample_has_an_answer() {
    let answered = samples().iter().map(|sample| sample.path.to_owned()).collect();
    assert_eq!(files(), answered);
}

#[tokio::test]
async fn every_sample_is_answered_in_process() {
    let world = World::new().await;
    for sample in samples() {
        sample.check(answer(&world, &sample).await);
    }
    world.check().await;
}

/// Every file in a function's folder.
fn files() -> BTreeSet<String> {
    let entries = |path: &Path| fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let functions = entries(&folder()).filter(|path| path.is_dir());
    let files = functions.flat_map(|function| entries(&function));
    files
        .map(|path| path.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned())
        .collect()
}

async fn answer(world: &World, sample: &Sample) -> Value {
    let event = || -> SqsEvent { serde_json::from_value(sample.event()).unwrap() };
    match sample.function() {
        "nightly-fan-out" => to_value(world.system.fire_schedule().await.unwrap()),
        "sync-worker" => to_value(world.system.sync(event(), SignedDuration::from_mins(15)).await),
        "failure-emails" => to_value(world.system.send_emails(event()).await),
        other => Ok(http_answer(&world.system, other, &sample.event()).await),
    }
    .unwrap()
}

async fn http_answer(system: &LocalSystem, function: &str, event: &Value) -> Value {
    let place = ["connection-api", "mapping-api", "settings-page", "sso-api"]
        .iter()
        .position(|name| *name == function)
        .unwrap_or_else(|| panic!("there is no function `{function}`"));
    let (_, router) = system.http_functions().unwrap()[place].clone();
    let answer = stand_in_gateway::invoke(router, &event.to_string())
        .await
        .unwrap();
    serde_json::from_str(&answer).unwrap()
}
