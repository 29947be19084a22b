//! The functions as Lambda starts them: the real binaries, each under AWS's own Runtime Interface Emulator, answer every
//! file of `events/` as they do in process.
//!
//! Needs the emulator (`bash .ci/install`) and the binaries:
//! `cargo build --workspace --bins && cargo test -p integration-tests --features emulator --test real_binaries`.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod emulator;
#[path = "../common/mapping.rs"]
mod mapping;
#[path = "../common/samples.rs"]
mod samples;
#[path = "../common/world.rs"]
mod world;

use std::collections::BTreeMap;

use emulator::Emulator;
use samples::samples;
use world::World;

/// The functions and their names in the template.
const FUNCTIONS: [(&str, &str); 7] = [
    ("nightly-fan-out", "NightlyFanOutFunction"),
    ("sync-worker", "SyncWorkerFunction"),
    ("failure-emails", "FailureEmailsFunction"),
    ("connection-api", "ConnectionApiFunction"),
    ("mapping-api", "MappingApiFunction"),
    ("settings-page", "SettingsPageFunction"),
    ("sso-api", "SsoApiFunction"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_is_answered_by_the_real_binary() {
    let world = World::new().await;
    let start = |(name, id)| (name, Emulator::start(name, &environment(&world, id)));
    let functions = BTreeMap::from(FUNCTIONS.map(start));
    for sample in samples() {
        let answer = functions[sample.function()].invoke(&sample.event()).await;
        sample.check(answer);
    }
    world.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_variable_is_named_by_the_function_that_cannot_start() {
    let world = World::new().await;
    for (name, id) in FUNCTIONS {
        let mut environment = environment(&world, id);
        let missing = match name {
            "settings-page" => "LOGIN_URL",
            "sso-api" => "SIGN_INS_TABLE",
            _ => "TENANTS_TABLE",
        };
        environment.remove(missing).unwrap();
        let function = Emulator::start(name, &environment);
        assert_eq!(
            function.post(&serde_json::json!({})).await,
            "",
            "{name} does not start"
        );
        let log = function.log();
        assert!(log.contains(missing), "{log}");
    }
}

/// What Lambda would give the function, and where the services are.
fn environment(world: &World, id: &str) -> BTreeMap<String, String> {
    let mut environment = world.aws.endpoints().environment();
    environment.extend(world.system.provisioned.functions[id].clone());
    environment
}
