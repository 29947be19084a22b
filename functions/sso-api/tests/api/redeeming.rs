use embedded_aws::Fault;
use serde_json::json;

use crate::harness::{Account, BACKEND, Site};

async fn code(site: &Site) -> String {
    let reply = site.sign_in("/sso/start/acme/reports", "ada@acme.example").await;
    reply.code()
}

#[tokio::test]
async fn a_code_tells_the_backend_whom_to_sign_in_once() {
    let site = Site::start().await;
    let code = code(&site).await;
    let reply = site.redeem(&code).await;
    let expected =
        json!({"tenant": "acme", "accountId": "hibob-1", "email": "ada@acme.example", "portal": "reports"});
    assert_eq!((reply.status.as_u16(), reply.json()), (200, expected));
    assert_eq!(reply.header("cache-control"), "no-store");

    let again = site.redeem(&code).await;
    assert_eq!(
        (again.status.as_u16(), again.problem().as_str()),
        (409, "code-redeemed")
    );
    assert!(!again.body.contains("ada") && !again.body.contains(&code));
}

#[tokio::test]
async fn a_code_is_good_for_a_minute() {
    let site = Site::start().await;
    let (in_time, late) = (code(&site).await, code(&site).await);
    site.pass(59);
    assert_eq!(site.redeem(&in_time).await.status, 200);
    site.pass(1);
    let reply = site.redeem(&late).await;
    assert_eq!(
        (reply.status.as_u16(), reply.problem().as_str()),
        (410, "code-expired")
    );
}

#[tokio::test]
async fn a_redemption_whose_answer_was_lost_on_the_way_to_us_is_no_second_one() {
    let site = Site::start().await;
    let code = code(&site).await;
    site.faults.fail_next("UpdateItem", 1, Fault::AnswerLost);
    assert_eq!(site.redeem(&code).await.status, 200);
    assert_eq!(site.redeem(&code).await.problem(), "code-redeemed");
}

#[tokio::test]
async fn what_has_changed_since_the_sign_in_counts_at_the_redemption() {
    let site = Site::start().await;
    let ada = || Account::new("acme", "hibob-1", "ada@acme.example");
    let bob = || Account {
        manager: Some("1"),
        ..Account::new("acme", "hibob-2", "bob@acme.example")
    };

    let while_ada_leaves = code(&site).await;
    site.put(Account {
        state: "inactive",
        ..ada()
    })
    .await;
    assert_eq!(site.redeem(&while_ada_leaves).await.problem(), "code-unknown");
    site.put(ada()).await;

    let while_bob_leaves = code(&site).await;
    site.put(Account {
        state: "inactive",
        ..bob()
    })
    .await;
    assert_eq!(site.redeem(&while_bob_leaves).await.problem(), "code-unknown");
    site.put(bob()).await;

    let while_switched_off = code(&site).await;
    site.save("acme", |settings| settings.enabled = false).await;
    assert_eq!(site.redeem(&while_switched_off).await.problem(), "code-unknown");
    site.save("acme", |settings| settings.enabled = true).await;

    let while_disconnected = code(&site).await;
    site.settings.erase(&"acme".parse().unwrap()).await.unwrap();
    assert_eq!(site.redeem(&while_disconnected).await.problem(), "code-unknown");
}

#[tokio::test]
async fn a_guess_is_no_code() {
    let site = Site::start().await;
    code(&site).await;
    for guess in ["", "hunter2", &"A".repeat(43), &"A".repeat(100_000)] {
        let reply = site.redeem(guess).await;
        assert_eq!(
            (reply.status.as_u16(), reply.problem().as_str()),
            (404, "code-unknown")
        );
        assert!(!reply.body.contains("hunter2"));
    }
}

#[tokio::test]
async fn only_the_portals_backend_redeems_and_the_code_stays_good() {
    let site = Site::start().await;
    let code = code(&site).await;
    let body = json!({ "code": code });
    for claims in [
        json!({"role": "backend", "sub": "payroll"}),
        json!({"role": "admin", "sub": BACKEND, "tenant": "acme"}),
        json!({"role": "[admin backend]", "sub": BACKEND}),
        json!({"sub": BACKEND}),
    ] {
        let reply = site.redeem_as(&claims, &body).await;
        assert_eq!(
            (reply.status.as_u16(), reply.problem().as_str()),
            (403, "backend-only"),
            "{claims}"
        );
    }
    let nobody = site.redeem_as(&json!({"role": "backend"}), &body).await;
    assert_eq!(
        (nobody.status.as_u16(), nobody.problem().as_str()),
        (401, "not-signed-in")
    );
    assert_eq!(site.redeem(&code).await.status, 200);
}

#[tokio::test]
async fn what_is_not_the_json_expected_is_refused_without_repeating_it() {
    let site = Site::start().await;
    let claims = json!({"role": "backend", "sub": BACKEND});
    for body in [
        json!({}),
        json!({"code": 7}),
        json!({"code": "hunter2", "tenant": "globex"}),
        json!(["hunter2"]),
    ] {
        let reply = site.redeem_as(&claims, &body).await;
        assert_eq!(
            (reply.status.as_u16(), reply.problem().as_str()),
            (400, "invalid-json"),
            "{body}"
        );
        assert!(!reply.body.contains("hunter2"));
    }
}
