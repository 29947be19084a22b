//! A Chromium of its own for a test, behind a chromedriver of its own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities};

/// What a person waits for a page to do, with a margin for a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(100);

/// Collects what goes wrong on a page that nobody sees.
const COMPLAINTS: &str = "window.complaints = [];
    addEventListener('error', event => complaints.push(String(event.message)));
    addEventListener('unhandledrejection', event => complaints.push(String(event.reason)));
    addEventListener('securitypolicyviolation', event => complaints.push(event.violatedDirective + ' ' + event.blockedURI));";

/// The widths every step is looked at in: the narrowest phone, and a laptop.
pub(crate) const WIDTHS: [u32; 2] = [360, 1280];

/// A browser, closed when it is dropped.
pub(crate) struct Browser {
    pub(crate) page: WebDriver,
    driver: Child,
    screenshots: PathBuf,
}

impl Browser {
    /// Starts one. Screenshots go to `target/screenshots/<name>`.
    pub(crate) async fn start(name: &str) -> Self {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver does not start; `bash .ci/install` installs it");
        let mut capabilities = ChromeCapabilities::new();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--disable-sync",
            "--force-prefers-reduced-motion",
        ] {
            capabilities.add_arg(argument).unwrap();
        }
        // The WebDriver client's TLS wants a provider, though it never speaks TLS here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = format!("http://127.0.0.1:{port}");
        let page = connect(&url, capabilities).await;
        let listen = serde_json::json!({"source": COMPLAINTS});
        page.cdp()
            .send_raw("Page.addScriptToEvaluateOnNewDocument", listen)
            .await
            .unwrap();
        let screenshots =
            PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots")).join(name);
        let _ = std::fs::remove_dir_all(&screenshots);
        std::fs::create_dir_all(&screenshots).unwrap();
        Self {
            page,
            driver,
            screenshots,
        }
    }

    /// The element, as soon as it is there and can be seen.
    pub(crate) async fn see(&self, css: &str) -> WebElement {
        let query = self.page.query(By::Css(css)).wait(PATIENCE, POLL);
        let Ok(element) = query.and_displayed().first().await else {
            self.lacks(css, "is not to be seen").await
        };
        element
    }

    /// Clicks the element as soon as it can be clicked.
    pub(crate) async fn click(&self, css: &str) {
        let query = self.page.query(By::Css(css)).wait(PATIENCE, POLL);
        let Ok(element) = query.and_displayed().and_enabled().first().await else {
            self.lacks(css, "cannot be clicked").await
        };
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
    }

    /// The clicks of somebody impatient, with nothing of the page's own between them.
    pub(crate) async fn click_twice(&self, css: &str) {
        let element = self.see(css).await.to_json().unwrap();
        self.page
            .execute(
                "arguments[0].focus(); arguments[0].click(); arguments[0].click()",
                vec![element],
            )
            .await
            .unwrap();
    }

    /// Replaces what is in a text box.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let element = self.see(css).await;
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Waits until the element's text contains a text.
    pub(crate) async fn reads(&self, css: &str, text: &str) {
        let mut shown = String::new();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            // Elements come and go as the page renders.
            if let Ok(element) = self.page.find(By::Css(css)).await {
                shown = element.text().await.unwrap_or_default();
                if shown.contains(text) {
                    return;
                }
            }
            tokio::time::sleep(POLL).await;
        }
        panic!("{css} reads {shown:?}, not {text:?}");
    }

    /// Waits until an element is gone.
    pub(crate) async fn gone(&self, css: &str) {
        let gone = self
            .page
            .query(By::Css(css))
            .wait(PATIENCE, POLL)
            .not_exists()
            .await
            .unwrap();
        assert!(gone, "{css} is still there");
    }

    /// Looks at the page in every width: keeps a picture, finds nothing wider than the window and nothing that axe calls a
    /// violation.
    pub(crate) async fn look(&self, step: &str) {
        for width in WIDTHS {
            self.resize(width).await;
            let overflow = self
                .page
                .execute(
                    "return document.documentElement.scrollWidth - window.innerWidth",
                    vec![],
                )
                .await
                .unwrap();
            assert!(
                overflow.json().as_i64() <= Some(0),
                "{step} is too wide for {width} pixels"
            );
            self.picture(&format!("{step}-{width}.png")).await;
            crate::axe::check(&self.page, &format!("{step} at {width}")).await;
        }
    }

    /// Keeps a picture of a page that is not ours, in every width.
    pub(crate) async fn show(&self, step: &str) {
        for width in WIDTHS {
            self.resize(width).await;
            self.picture(&format!("{step}-{width}.png")).await;
        }
    }

    async fn resize(&self, width: u32) {
        self.page
            .set_window_rect(0, 0, width.max(500), 900)
            .await
            .unwrap();
        emulate_width(&self.page, width).await;
    }

    /// Finds no error since the page was loaded, and nothing that its policy forbade.
    pub(crate) async fn assert_no_complaints(&self) {
        let complaints = self
            .page
            .execute("return window.complaints", vec![])
            .await
            .unwrap();
        assert_eq!(complaints.json(), &serde_json::json!([]));
    }

    async fn lacks(&self, css: &str, what: &str) -> ! {
        let address = self.page.current_url().await.unwrap();
        let shown = self.page.find(By::Css("body")).await.unwrap().text().await;
        panic!("{css} {what} at {address}, which reads {shown:?}");
    }

    /// The whole page, however far it has to be scrolled.
    async fn picture(&self, name: &str) {
        let taken = serde_json::json!({"format": "png", "captureBeyondViewport": true});
        let taken = self
            .page
            .cdp()
            .send_raw("Page.captureScreenshot", taken)
            .await
            .unwrap();
        let png = BASE64_STANDARD.decode(taken["data"].as_str().unwrap()).unwrap();
        std::fs::write(self.screenshots.join(name), png).unwrap();
    }
}

/// Windows have a least width, which a phone's page does not care about.
async fn emulate_width(page: &WebDriver, width: u32) {
    let metrics = serde_json::json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
    page.cdp()
        .send_raw("Emulation.setDeviceMetricsOverride", metrics)
        .await
        .unwrap();
}

async fn connect(url: &str, capabilities: ChromeCapabilities) -> WebDriver {
    let mut last = None;
    for _ in 0..100 {
        match WebDriver::new(url, capabilities.clone()).await {
            Ok(page) => return page,
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(POLL).await;
    }
    panic!("Chromium does not start; `bash .ci/install` installs it: {last:?}");
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromium goes with its driver.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
