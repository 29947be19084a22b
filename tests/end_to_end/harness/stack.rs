//! One AWS and one runtime for all tests of the process.

use std::process::Command;
use std::sync::LazyLock;

use embedded_aws::Stack;
use startup::Environment;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

/// A runtime that outlives every test: servers and pooled connections live on it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
});

/// Runs a test to its end.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    // On the heap: without optimisation the futures of whole tests outgrow a test's stack.
    RUNTIME.block_on(Box::pin(test))
}

/// The AWS that all tests share; each keeps to its own stage.
pub(crate) async fn stack() -> &'static Stack {
    static STACK: OnceCell<Stack> = OnceCell::const_new();
    STACK
        .get_or_init(async || match variable("STACK_URL") {
            Some(url) => Stack::at(&url),
            None => Stack::embedded(None).await.unwrap(),
        })
        .await
}

fn variable(name: &'static str) -> Option<String> {
    Environment::of_process().optional(name)
}

const IN_OWN_PROCESS: &str = "IN_OWN_PROCESS";

/// Everything that this test writes when it runs in a process of its own, which then passed; or `None` in that process.
/// Logs and metrics go to standard output, and nobody else's may be among them.
pub(crate) fn own_process() -> Option<String> {
    if variable(IN_OWN_PROCESS).is_some() {
        return None;
    }
    let thread = std::thread::current();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([thread.name().unwrap(), "--exact", "--nocapture"])
        .env(IN_OWN_PROCESS, "1")
        .output()
        .unwrap();
    let written = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let written = written.concat();
    assert!(output.status.success(), "{written}");
    assert!(written.contains("1 passed"), "no such test: {written}");
    Some(written)
}
