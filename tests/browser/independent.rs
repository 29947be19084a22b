//! The whole way through identity providers that others wrote, on another site than ours.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use stand_in_hibob::Company;
use stand_in_idp::Signer;
use tempfile::TempDir;

use crate::driver::Browser;
use crate::office::{Office, button};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Program and script.
const PYSAML2: [&str; 2] = [".venv/pysaml2/bin/python", "tests/providers/pysaml2_provider.py"];
const SAMLIFY: [&str; 2] = ["node", "tests/providers/samlify_provider.mjs"];

/// A provider as a process of its own, which ends when this is dropped.
struct Independent {
    process: Child,
    url: String,
    /// Open as long as the process may write to it.
    _output: BufReader<ChildStdout>,
    _keys: TempDir,
}

impl Independent {
    fn start([program, script]: [&str; 2], office: &Office, options: &[&str]) -> Self {
        let keys = tempfile::tempdir().unwrap();
        let signer = Signer::generate().unwrap();
        let (key, certificate) = (keys.path().join("key.pem"), keys.path().join("certificate.pem"));
        std::fs::write(&key, signer.private_key_pem()).unwrap();
        std::fs::write(&certificate, signer.certificate_pem()).unwrap();
        let mut application = format!("{}sso/metadata/acme", office.stage.url());
        // The certificate that requests are checked with is in the metadata for those who ask for it.
        if options.contains(&"--signed-requests") {
            application.push_str("?signed=true");
        }
        let people = serde_json::json!({office.manager.status.email.as_str(): office.manager.name()});
        let mut process = Command::new(program)
            .current_dir(ROOT)
            .arg(script)
            .args(["--application", &application])
            .args(["--people", &people.to_string()])
            .arg("--key")
            .arg(key)
            .arg("--certificate")
            .arg(certificate)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{program} does not start; `bash .ci/install` installs it: {error}")
            });
        let mut url = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        assert!(
            url.starts_with("http://127.0.0.1:"),
            "{script} does not start: {url:?}"
        );
        Self {
            process,
            url,
            _output: output,
            _keys: keys,
        }
    }
}

impl Drop for Independent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A company whose clock shows what the providers' clock shows.
#[expect(
    clippy::disallowed_methods,
    reason = "the providers know no other time than the present"
)]
async fn office(seed: u64) -> Office {
    let now = jiff::Timestamp::now();
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    Office::open(now, Company::generate(seed, 40, today)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pysaml2_signs_the_assertion() {
    the_whole_way(41, "pysaml2-assertion", PYSAML2, "assertion").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pysaml2_signs_the_response() {
    the_whole_way(42, "pysaml2-response", PYSAML2, "response").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn samlify_signs_the_assertion() {
    the_whole_way(43, "samlify-assertion", SAMLIFY, "assertion").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn samlify_signs_the_response() {
    the_whole_way(44, "samlify-response", SAMLIFY, "response").await;
}

/// To every portal, with requests that are not signed and with requests that have to be.
async fn the_whole_way(seed: u64, name: &str, provider: [&str; 2], sign: &str) {
    let office = office(seed).await;
    let manager = &office.manager;
    let browser = Browser::start(name).await;
    for are_signed in [false, true] {
        let mut options = vec!["--sign", sign];
        if are_signed {
            options.push("--signed-requests");
        }
        let provider = Independent::start(provider, &office, &options);
        office.set_up(&metadata(&provider).await, &[manager]).await;
        office.switch(true, false, are_signed).await;
        for portal in ["rewards", "reports", "admin"] {
            office.click(&browser, portal).await;
            browser.click(&button(manager.status.email.as_str())).await;
            office.greets(&browser, portal, manager).await;
        }
        browser
            .show(if are_signed {
                "02-signed-request"
            } else {
                "01-request"
            })
            .await;
    }
    office.stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_signs_with_sha1_is_refused_and_the_test_sign_in_says_so() {
    let office = office(45).await;
    let manager = &office.manager;
    let browser = Browser::start("pysaml2-sha1").await;
    let provider = Independent::start(PYSAML2, &office, &["--sign", "assertion", "--sha1"]);
    office.set_up(&metadata(&provider).await, &[manager]).await;

    office.click(&browser, "rewards").await;
    browser.click(&button(manager.status.email.as_str())).await;
    browser.reads("h1", "could not check").await;
    browser
        .page
        .goto(format!("{}sso/test/acme", office.stage.url()))
        .await
        .unwrap();
    browser.click(&button(manager.status.email.as_str())).await;
    browser.reads("main", "SHA-1").await;
    browser.look("test-sign-in").await;
    office.stage.stop().await;
}

/// What an admin downloads from the provider.
async fn metadata(provider: &Independent) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let address = provider.url.trim_start_matches("http://");
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /metadata HTTP/1.0\r\nHost: {address}\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, metadata) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(" 200 "), "{head}");
    metadata.to_owned()
}
