//! AWS's Runtime Interface Emulator: between HTTP and a function's binary, what Lambda is.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

const START: Duration = Duration::from_secs(10);

/// A function under the emulator, until it is dropped.
#[derive(Debug)]
pub(crate) struct Emulator {
    process: Child,
    address: String,
    log: PathBuf,
}

impl Emulator {
    /// Starts the emulator, which starts the function at its first event.
    pub(crate) fn start(function: &str, environment: &BTreeMap<String, String>) -> Self {
        let emulator = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.venv/bin/aws-lambda-rie");
        assert!(
            emulator.exists(),
            "AWS's Runtime Interface Emulator is missing; `bash .ci/install` installs it"
        );
        let binary = target().join(function);
        assert!(
            binary.exists(),
            "{function} is missing; `cargo build --workspace --bins` builds it"
        );

        let (address, runtime_api) = free_addresses();
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{function}-{}.log", port(&address)));
        let output = File::create(&log).unwrap();
        let process = Command::new(emulator)
            .args(["--runtime-interface-emulator-address", &address])
            .args(["--runtime-api-address", &runtime_api])
            .arg(binary)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        let emulator = Self {
            process,
            address,
            log,
        };
        emulator.wait();
        emulator
    }

    fn wait(&self) {
        let began = Instant::now();
        while TcpStream::connect(&self.address).is_err() {
            assert!(
                began.elapsed() < START,
                "the emulator does not start: {}",
                self.log()
            );
            sleep(Duration::from_millis(20));
        }
    }

    /// The function's answer to an event.
    pub(crate) async fn invoke(&self, event: &Value) -> Value {
        let answer = self.post(event).await;
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer}\n{}", self.log()))
    }

    /// Sends an event, to which a function that cannot start gives no answer.
    pub(crate) async fn post(&self, event: &Value) -> String {
        let url = format!(
            "http://{}/2015-03-31/functions/function/invocations",
            self.address
        );
        let sent = hibob::http_client().unwrap().post(url).json(event).send().await;
        sent.unwrap().text().await.unwrap()
    }

    /// What the emulator and the function have written.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Emulator {
    /// Asks the emulator to end, since it takes the function with it; killed, it would leave it behind.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// Where Cargo puts binaries: above this test's own folder.
fn target() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    this.ancestors().nth(2).unwrap().to_owned()
}

/// Two addresses that nobody listens at, for the emulator has to be told.
fn free_addresses() -> (String, String) {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [first, second] = listeners.map(|listener| listener.local_addr().unwrap().to_string());
    (first, second)
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().unwrap_or_default()
}
