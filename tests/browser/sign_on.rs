//! From the HiBob dashboard by way of the company's log-in to HiThrive, and everywhere else where that can lead.

use jiff::SignedDuration;
use stand_in_hibob::Company;

use crate::driver::Browser;
use crate::office::{Office, STRANGER, button};
use crate::stage::TODAY;

async fn office(seed: u64) -> Office {
    let company = Company::generate(seed, 40, jiff::civil::date(2026, 11, 24));
    Office::open(TODAY.parse().unwrap(), company).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_log_in_opens_each_portal_and_each_code_once() {
    let office = office(31).await;
    let running = office.start_provider().await;
    let (provider, manager) = (&running.provider, &office.manager);
    office.set_up(&provider.metadata(), &[manager]).await;
    let browser = Browser::start("sign-on").await;

    browser
        .page
        .goto(format!("{}dev/dashboard", office.stage.url()))
        .await
        .unwrap();
    browser.show("01-dashboard").await;
    office.click(&browser, "rewards").await;
    browser.see(&button(STRANGER)).await;
    browser.show("02-log-in-at-the-provider").await;
    browser.click(&button(manager.status.email.as_str())).await;
    office.greets(&browser, "rewards", manager).await;
    browser.show("03-rewards").await;
    browser.click("#again").await;
    browser.see("#refused").await;
    browser.show("04-the-same-code-again").await;

    // Straight through from now on.
    for (step, portal) in [("05-reports", "reports"), ("06-admin", "admin")] {
        office.click(&browser, portal).await;
        office.greets(&browser, portal, manager).await;
        browser.show(step).await;
    }
    let link = format!(
        "{}sso/start/acme/rewards?to=/gifts/7%3Fcolour=red",
        office.stage.url()
    );
    browser.page.goto(link).await.unwrap();
    office
        .greets(&browser, "rewards/gifts/7?colour=red", manager)
        .await;

    let left = browser.page.get_all_cookies().await.unwrap();
    assert!(
        left.iter().all(|cookie| !cookie.name.starts_with("__Host-sso")),
        "{left:?}"
    );
    running.stop().await;
    office.stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_be_let_in_is_told_what_to_do() {
    let office = office(32).await;
    let running = office.start_provider().await;
    let colleague = &office.colleague;
    office.set_up(&running.provider.metadata(), &[]).await;
    let email = colleague.status.email.as_str();
    let browser = Browser::start("sign-on-refused").await;

    // No right, and a way on.
    office.click(&browser, "reports").await;
    browser.click(&button(email)).await;
    browser.reads("h1", "not open to you").await;
    browser.look("01-no-right").await;
    browser.click("nav a").await;
    office.greets(&browser, "rewards", colleague).await;

    // Left since.
    office.stage.hibob.edit("acme", |company| {
        let employee = colleague
            .status
            .employee
            .as_ref()
            .unwrap()
            .to_string()
            .parse()
            .unwrap();
        company
            .edit(employee)
            .set("internal.lifecycleStatus", "terminated")
            .set("internal.terminationDate", "2026-11-20");
    });
    office.sync().await;
    office.click(&browser, "rewards").await;
    browser.reads("h1", "does not know you").await;
    browser.reads("main", email).await;
    browser.look("02-deactivated").await;

    // Never known.
    log_out(&browser, &running.provider).await;
    office.click(&browser, "rewards").await;
    browser.click(&button(STRANGER)).await;
    browser.reads("main", STRANGER).await;
    browser.look("03-unknown").await;

    // The log-in page stood open for too long.
    log_out(&browser, &running.provider).await;
    office.click(&browser, "rewards").await;
    browser.see(&button(STRANGER)).await;
    office.stage.system.clock.advance(SignedDuration::from_mins(11));
    browser.click(&button(office.manager.status.email.as_str())).await;
    browser.reads("h1", "start again").await;
    browser.look("04-too-late").await;
    browser.click("nav a").await;
    office.greets(&browser, "rewards", &office.manager).await;

    // A key that nobody has uploaded, a link that leads elsewhere, and one to nobody.
    running.provider.roll_key().unwrap();
    office.click(&browser, "rewards").await;
    browser.reads("h1", "could not check").await;
    browser.look("05-refused").await;
    for (step, path) in [
        ("06-bad-link", "sso/start/acme/rewards?to=//evil.example"),
        ("07-no-such-company", "sso/start/nobody/rewards"),
    ] {
        browser
            .page
            .goto(format!("{}{path}", office.stage.url()))
            .await
            .unwrap();
        browser.see("h1").await;
        browser.look(step).await;
    }
    browser.assert_no_complaints().await;
    running.stop().await;
    office.stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tile_at_the_provider_leads_in_where_the_company_allows_it() {
    let office = office(33).await;
    let running = office.start_provider().await;
    let colleague = &office.colleague;
    office.set_up(&running.provider.metadata(), &[]).await;
    let browser = Browser::start("sign-on-tile").await;

    browser.page.goto(running.provider.url()).await.unwrap();
    browser.show("01-provider").await;
    browser.click("#tile").await;
    browser.click(&button(colleague.status.email.as_str())).await;
    browser.reads("h1", "link on your HiBob dashboard").await;
    browser.look("02-not-allowed").await;

    office.switch(true, true, false).await;
    browser.page.goto(running.provider.tile_url()).await.unwrap();
    office.greets(&browser, "rewards", colleague).await;
    browser.show("03-rewards").await;
    running.stop().await;
    office.stage.stop().await;
}

async fn log_out(browser: &Browser, provider: &stand_in_idp::Provider) {
    browser.page.goto(provider.url()).await.unwrap();
    browser.click("#log-out").await;
    browser.gone("#log-out").await;
}
