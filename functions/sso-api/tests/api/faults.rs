//! What fails for our fault is lost to nobody.

use axum::http::header::RETRY_AFTER;
use embedded_aws::Fault;

use crate::browser::Reply;
use crate::harness::{BASE, Site};

const ADA: &str = "ada@acme.example";
const LATER: &str = "We cannot sign you in at the moment";
const LINK: &str = "/sso/start/acme/reports?to=/team";

/// Asserts that somebody may try again, at the same place, and has kept what that takes.
fn may_be_repeated(reply: &Reply, again: &str) {
    reply.is_page(503, LATER);
    assert!(reply.headers.contains_key(RETRY_AFTER));
    assert!(
        reply.body.contains(&format!("\"{BASE}{again}\"")),
        "{}",
        reply.body
    );
    assert!(reply.cookies().is_empty(), "{:?}", reply.cookies());
}

#[tokio::test]
async fn an_answer_that_meets_a_broken_table_is_good_once_the_table_works() {
    let site = Site::start().await;
    // The settings, the index of addresses, the accounts, the one-time records.
    for operation in ["GetItem", "Query", "BatchGetItem", "TransactWriteItems"] {
        let begun = site.begin(LINK).await;
        let answer = site.answer("acme", &begun, ADA);
        site.faults.fail_next(operation, 1, Fault::Denied);
        let reply = site.finish(&begun, &answer).await;
        may_be_repeated(&reply, "/sso/start/acme/reports?to=%2Fteam");
        assert_eq!(site.finish(&begun, &answer).await.status, 303, "{operation}");
    }
}

#[tokio::test]
async fn a_test_that_meets_a_broken_table_leads_to_the_test_and_uses_nothing_up() {
    let site = Site::start().await;
    for operation in ["GetItem", "Query", "BatchGetItem", "TransactWriteItems"] {
        let begun = site.begin("/sso/test/acme").await;
        let answer = site.answer("acme", &begun, ADA);
        site.faults.fail_next(operation, 1, Fault::Denied);
        may_be_repeated(&site.finish(&begun, &answer).await, "/sso/test/acme");
        let reply = site.finish(&begun, &answer).await;
        reply.is_page(200, "The test sign-in works");
    }
}

#[tokio::test]
async fn a_link_that_meets_a_broken_table_leads_to_the_same_place_again() {
    let site = Site::start().await;
    site.faults.fail_next("GetItem", 1, Fault::Denied);
    let reply = site.get(LINK).await;
    may_be_repeated(&reply, "/sso/start/acme/reports?to=%2Fteam");
    site.faults.fail_next("GetItem", 1, Fault::Denied);
    may_be_repeated(&site.get("/sso/test/acme").await, "/sso/test/acme");
}

#[tokio::test]
async fn a_table_that_never_answers_is_not_waited_for() {
    let site = Site::start().await;
    site.faults.fail_next("GetItem", 1, Fault::Silence);
    let waited = tokio::time::timeout(std::time::Duration::from_secs(20), site.get(LINK));
    may_be_repeated(&waited.await.unwrap(), "/sso/start/acme/reports?to=%2Fteam");
}

#[tokio::test]
async fn a_redemption_that_cannot_look_again_signs_nobody_in() {
    let site = Site::start().await;
    let code = site.sign_in(LINK, ADA).await.code();
    site.faults.fail_next("BatchGetItem", 1, Fault::Denied);
    let reply = site.redeem(&code).await;
    assert_eq!(
        (reply.status.as_u16(), reply.problem().as_str()),
        (503, "unavailable")
    );
}

#[tokio::test]
async fn a_panic_shows_a_browser_a_page() {
    let site = Site::start().await;
    site.set_trap();
    let reply = site.get(LINK).await;
    reply.is_page(500, "Something went wrong on our side");
    assert_eq!(site.get(LINK).await.status, 302);
}
