//! The settings page, as a new admin walks through it; every step is looked at in two widths.

use stand_in_hibob::{Company, ServiceUser};

use crate::driver::Browser;
use crate::stage::Stage;

/// What would run if the page took a text for markup.
const SCRIPT: &str = "<img src=x onerror=\"window.wasHacked=1\"><script>window.wasHacked=1</script>";

const READY: &str = ":not([aria-disabled])";

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "it is one way, step by step")]
async fn a_new_admin_goes_the_whole_way() {
    let mut company = Company::generate(17, 60, jiff::civil::date(2026, 11, 24));
    let people: Vec<_> = company.employees().map(stand_in_hibob::Employee::id).collect();
    for &person in &people {
        company
            .edit(person)
            .set("work.department", SCRIPT)
            .set("work.title", SCRIPT)
            .set("work.site", SCRIPT);
    }
    let somebody = people[7];
    company
        .edit(somebody)
        .set("root.firstName", SCRIPT)
        .set("root.surname", "Søndergård");
    let user = ServiceUser::all_seeing("SERVICE-17", "the-right-token").without("work");
    let stage = Stage::start(company, user).await;
    let browser = Browser::start("whole-way").await;
    let page = &browser.page;

    // HiThrive's log-in, and back to the page.
    page.goto(stage.url()).await.unwrap();
    browser.click("#admin-of-acme").await;
    browser.see("[data-test=guide-progress]").await;
    browser.look("01-guide").await;

    // A wrong token.
    browser.click("[data-test=nav-connect]").await;
    browser.fill("#service-user-id", "SERVICE-17").await;
    browser.fill("#service-user-token", "a-wrong-token").await;
    browser.look("02-connect").await;
    browser.click_twice("[data-test=connect]").await;
    browser.see("[data-problem=token-refused]").await;
    browser.look("03-wrong-token").await;

    // The right one, with a permission missing.
    browser.fill("#service-user-id", "SERVICE-17").await;
    browser.fill("#service-user-token", "the-right-token").await;
    browser.click_twice("[data-test=connect]").await;
    browser.see("[data-test=permissions]").await;
    browser
        .reads(
            "[data-test=category-work]",
            "View selected employees' Work sections",
        )
        .await;
    browser.look("04-permission-missing").await;

    // It is granted in HiBob.
    stage.allow("work");
    browser
        .click_twice(&format!("[data-test=check-again]{READY}"))
        .await;
    browser.see("[data-test=proof-progress]").await;
    browser.gone("[data-test=proof-progress]").await;
    browser.gone("[data-test=category-work] .pill.bad").await;
    browser.look("05-permission-granted").await;

    // Fields are mapped, from a suggestion.
    browser.click("[data-test=nav-mapping]").await;
    browser.look("06-no-mapping").await;
    browser.click(&format!("[data-test=edit-mapping]{READY}")).await;
    browser.see("[data-test=mapping-editor]").await;
    browser.reads("[data-test=sample-email]", "@").await;
    browser.look("07-mapping").await;
    let shown = format!("{somebody}");
    browser.fill("#sample-person", &shown).await;
    browser
        .click_twice(&format!("[data-test=show-person]{READY}"))
        .await;
    browser.reads("[data-test=sample-lastName]", "Søndergård").await;
    browser.reads("[data-test=sample-firstName]", "<script>").await;
    browser.fill("#custom-field", SCRIPT).await;
    browser.click("[data-test=add-custom]").await;
    browser.reads("[data-test=mapping-editor]", SCRIPT).await;
    browser.look("08-custom-field").await;
    browser.click("[data-test=remove-custom]").await;

    // Preview, then save.
    browser.click_twice(&format!("[data-test=preview]{READY}")).await;
    browser.see("[data-test=preview-result]").await;
    browser.reads("[data-test=preview-result]", "<script>").await;
    browser.look("09-preview").await;
    browser
        .click_twice(&format!("dialog[open] [data-test=save-fields]{READY}"))
        .await;
    browser.see("[data-test=saved-mapping]").await;
    browser.look("10-saved").await;

    // On, and synced.
    browser.click("[data-test=nav-status]").await;
    browser.click_twice(&format!("#toggle{READY}")).await;
    browser.see("#toggle[aria-checked=true]").await;
    browser.look("11-on").await;
    browser.click_twice(&format!("[data-test=sync-now]{READY}")).await;
    browser.see("[data-test=run-applied]").await;
    browser.click("[data-test=run] .disclosure").await;
    browser.see("[data-test=run-person]").await;
    browser.look("12-synced").await;

    // Where is this person?
    browser.fill("#people-query", SCRIPT).await;
    browser
        .click_twice(&format!("[data-test=search-people]{READY}"))
        .await;
    browser.reads("main", "<script>").await;
    browser.fill("#people-query", "Søndergård").await;
    browser
        .click_twice(&format!("[data-test=search-people]{READY}"))
        .await;
    browser.click(&format!("[data-test=show-story]{READY}")).await;
    browser.see("[data-test=story]").await;
    browser.look("13-story").await;

    // Another hour for the nights.
    browser.click("[data-test=nav-settings]").await;
    browser.fill("#setting-contacts", SCRIPT).await;
    browser
        .click_twice(&format!("[data-test=save-settings]{READY}"))
        .await;
    browser.see("#settings-form [aria-invalid=true]").await;
    browser.fill("#setting-contacts", "hr@acme.example").await;
    browser
        .click_twice(&format!("[data-test=save-settings]{READY}"))
        .await;
    browser.reads("#settings-form [role=status]", "aved").await;
    browser.look("14-settings").await;

    // Off, and away.
    browser.click("[data-test=nav-status]").await;
    browser.click_twice(&format!("#toggle{READY}")).await;
    browser.see("#toggle[aria-checked=false]").await;
    browser.look("15-off").await;
    browser.click("[data-test=nav-settings]").await;
    browser.click("[data-test=disconnect]").await;
    browser.click("input[name=accounts][value=deactivate]").await;
    browser.look("16-disconnect").await;
    browser
        .click_twice(&format!("[data-test=confirm-disconnect]{READY}"))
        .await;
    browser.see("[data-test=receipt]").await;
    browser.look("17-receipt").await;

    let was_hacked = page
        .execute("return window.wasHacked === undefined", vec![])
        .await
        .unwrap();
    assert_eq!(was_hacked.json(), true, "a text was taken for markup");
    browser.assert_no_complaints().await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_load_is_small_and_asks_nobody_else() {
    let company = Company::generate(18, 20, jiff::civil::date(2026, 11, 24));
    let stage = Stage::start(company, ServiceUser::all_seeing("SERVICE-18", "token")).await;
    let browser = Browser::start("first-load").await;
    browser.page.goto(stage.url()).await.unwrap();
    browser.click("#admin-of-acme").await;
    browser.see("[data-test=guide-progress]").await;
    let loaded = browser
        .page
        .execute(
            "return performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
                .map(entry => [entry.name, entry.encodedBodySize])",
            vec![],
        )
        .await
        .unwrap();
    let loaded: Vec<(String, u64)> = serde_json::from_value(loaded.json().clone()).unwrap();
    assert!(loaded.len() > 5, "{loaded:?}");
    for (name, _) in &loaded {
        assert!(name.starts_with(&stage.url()), "somebody else is asked: {name}");
    }
    // As compressed, also of what came from the cache because the way over the log-in had brought it already.
    let transferred: u64 = loaded.iter().map(|(_, size)| size).sum();
    assert!(
        transferred > 5_000 && transferred < 60_000,
        "{transferred} bytes: {loaded:#?}"
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_who_is_no_admin_is_told_so() {
    let company = Company::generate(19, 20, jiff::civil::date(2026, 11, 24));
    let stage = Stage::start(company, ServiceUser::all_seeing("SERVICE-19", "token")).await;
    let browser = Browser::start("no-admin").await;
    browser.page.goto(stage.url()).await.unwrap();
    browser.click("#member-of-acme").await;
    browser.see("[data-problem=role-too-low]").await;
    browser.look("no-admin").await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_from_a_mail_survives_the_log_in_and_the_keyboard_suffices() {
    let company = Company::generate(20, 20, jiff::civil::date(2026, 11, 24));
    let stage = Stage::start(company, ServiceUser::all_seeing("SERVICE-20", "token")).await;
    let browser = Browser::start("keyboard").await;
    browser
        .page
        .goto(format!("{}#connect", stage.url()))
        .await
        .unwrap();
    browser.click("#admin-of-acme").await;
    browser.see("#service-user-id").await;

    // From the first field on without a mouse.
    let field = browser.see("#service-user-id").await;
    field.send_keys("SERVICE-20").await.unwrap();
    field.send_keys(thirtyfour::Key::Tab + "").await.unwrap();
    let focused = browser.page.active_element().await.unwrap();
    focused.send_keys("token" + thirtyfour::Key::Enter).await.unwrap();
    browser.see("[data-test=permissions]").await;
    stage.stop().await;
}
