//! An admin sets single sign-on up on the settings page.

use stand_in_hibob::Company;
use thirtyfour::prelude::*;

use crate::driver::Browser;
use crate::office::{Office, STRANGER, button};
use crate::stage::TODAY;

const READY: &str = ":not([aria-disabled])";

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sets_single_sign_on_up_tries_it_and_switches_it_on() {
    let company = Company::generate(34, 40, jiff::civil::date(2026, 11, 24));
    let office = Office::open(TODAY.parse().unwrap(), company).await;
    let running = office.start_provider().await;
    let (provider, manager) = (&running.provider, &office.manager);
    let browser = Browser::start("sign-on-setup").await;

    browser
        .page
        .goto(format!("{}#sso", office.stage.url()))
        .await
        .unwrap();
    browser.click("#admin-of-acme").await;
    browser.see("[data-test=sso-state][data-state=noProvider]").await;
    browser.look("01-nothing-yet").await;
    let metadata_url = browser
        .see("#sso-metadataUrl")
        .await
        .value()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(metadata_url, format!("{}sso/metadata/acme", office.stage.url()));

    // What is no metadata, then what is.
    browser
        .fill("#sso-provider-metadataXml", "<html>Log in</html>")
        .await;
    browser.click(&format!("[data-test=save-provider]{READY}")).await;
    browser
        .reads("#sso-provider-form .fault", "no SAML metadata")
        .await;
    browser.look("02-no-metadata").await;
    let file = tempfile::NamedTempFile::with_suffix(".xml").unwrap();
    std::fs::write(file.path(), provider.metadata()).unwrap();
    let input = browser.page.find(By::Css("#sso-provider-file")).await.unwrap();
    input.send_keys(file.path().to_str().unwrap()).await.unwrap();
    browser.reads("#sso-provider-form", "has been read").await;
    browser.click(&format!("[data-test=save-provider]{READY}")).await;
    browser.see("[data-test=certificate][data-state=valid]").await;
    browser.see("[data-test=sso-state][data-state=ready]").await;
    browser.look("03-provider-saved").await;

    // A test that fails at the end, one that fails at the signature, and one that is well.
    test_sign_in(
        &browser,
        Some(STRANGER),
        "does not work yet",
        "04-test-of-a-stranger",
    )
    .await;
    log_out(&browser, provider.url()).await;
    provider.roll_key().unwrap();
    let email = manager.status.email.as_str();
    test_sign_in(
        &browser,
        Some(email),
        "does not work yet",
        "05-test-of-an-unknown-key",
    )
    .await;
    browser.click("[data-test=replace-provider]").await;
    std::fs::write(file.path(), provider.metadata()).unwrap();
    let input = browser.page.find(By::Css("#sso-provider-file")).await.unwrap();
    input.send_keys(file.path().to_str().unwrap()).await.unwrap();
    browser.reads("#sso-provider-form", "has been read").await;
    browser.click(&format!("[data-test=save-provider]{READY}")).await;
    browser.see("[data-test=certificate]:nth-of-type(2)").await;
    browser.look("06-two-certificates").await;
    test_sign_in(&browser, None, "works", "07-test-passed").await;

    // Somebody for the admin area, and on.
    browser.fill("#sso-admins-query", email).await;
    browser.click(&format!("[data-test=search-admins]{READY}")).await;
    browser.click(&format!("[data-test=add-admin]{READY}")).await;
    browser
        .reads("[data-test=sso-admins]", &manager.name().unwrap())
        .await;
    browser.click(&format!("#sso-toggle{READY}")).await;
    browser.see("[data-test=sso-state][data-state=on]").await;
    browser
        .click(&format!("[data-test=sso-signRequests]{READY}"))
        .await;
    browser.see("[data-test=sso-signRequests]:checked").await;
    browser.look("08-on").await;
    browser.assert_no_complaints().await;

    // Through the link that stands there to be copied.
    let link = browser
        .see("#sso-link-admin")
        .await
        .value()
        .await
        .unwrap()
        .unwrap();
    browser.page.goto(link).await.unwrap();
    office.greets(&browser, "admin", manager).await;
    running.stop().await;
    office.stage.stop().await;
}

/// Follows "Test sign-in" into its tab, looks at what it says, and comes back.
async fn test_sign_in(browser: &Browser, email: Option<&str>, title: &str, step: &str) {
    let page = &browser.page;
    let settings = page.window().await.unwrap();
    browser.click("[data-test=test-sign-in]").await;
    let mut tabs = page.windows().await.unwrap();
    tabs.retain(|tab| *tab != settings);
    page.switch_to_window(tabs.pop().unwrap()).await.unwrap();
    if let Some(email) = email {
        browser.click(&button(email)).await;
    }
    browser.reads("h1", title).await;
    browser.look(step).await;
    page.close_window().await.unwrap();
    page.switch_to_window(settings).await.unwrap();
}

/// In a tab of its own, so that nothing on the settings page is lost.
async fn log_out(browser: &Browser, provider: &str) {
    let page = &browser.page;
    let settings = page.window().await.unwrap();
    let tab = page.new_tab().await.unwrap();
    page.switch_to_window(tab).await.unwrap();
    page.goto(provider).await.unwrap();
    browser.click("#log-out").await;
    browser.gone("#log-out").await;
    page.close_window().await.unwrap();
    page.switch_to_window(settings).await.unwrap();
}
