use axum::body::Body;
use axum::extract::Request;
use jiff::SignedDuration;
use stand_in_idp::{Sign, Signer};

use crate::browser::{Reply, form};
use crate::harness::{ACME, Account, Site, now, provider};

const ADA: &str = "ada@acme.example";
const NOT_YET: &str = "The test sign-in does not work yet";

async fn try_as(site: &Site, email: &str) -> Reply {
    site.sign_in("/sso/test/acme", email).await
}

/// How many of the checks are shown as done, wrong and not reached.
fn tally(reply: &Reply) -> (usize, usize, usize) {
    let count = |class: &str| reply.body.matches(&format!("<li class=\"{class}\">")).count();
    (count("done"), count("wrong"), count("open"))
}

#[tokio::test]
async fn before_it_is_switched_on_a_test_shows_who_was_found_and_what_they_may_open() {
    let site = Site::start().await;
    site.save("acme", |settings| settings.enabled = false).await;
    let reply = try_as(&site, ADA).await;
    reply.is_page(200, "The test sign-in works");
    assert_eq!(tally(&reply), (10, 0, 0));
    assert!(
        reply
            .body
            .contains("ada@acme.example and may open: Manager reports, Rewards."),
        "{}",
        reply.body
    );
    assert!(reply.body.contains("still switched off"));
    assert!(reply.body.contains("https://hithrive.example/settings#sso"));

    site.save("acme", |settings| {
        settings.enabled = true;
        settings.admins = ["hibob-1".parse().unwrap()].into();
    })
    .await;
    let reply = try_as(&site, ADA).await;
    assert!(
        reply
            .body
            .contains("may open: HiThrive admin, Manager reports, Rewards."),
        "{}",
        reply.body
    );
    assert!(reply.body.contains("is switched on"));
}

#[tokio::test]
async fn a_test_names_the_check_that_failed_and_what_to_do() {
    let site = Site::start().await;
    let begun = site.begin("/sso/test/acme").await;
    let good = site.answer("acme", &begun, ADA);

    let mut other = good.clone();
    other.audience = Some("https://hithrive.example".to_owned());
    let reply = site.finish(&begun, &other).await;
    reply.is_page(200, NOT_YET);
    assert_eq!(tally(&reply), (5, 1, 4));
    assert!(
        reply.body.contains("Enter the entity ID from the settings"),
        "{}",
        reply.body
    );

    let mut unsigned = good.clone();
    unsigned.sign = Sign::Nothing;
    let reply = site.finish(&begun, &unsigned).await;
    assert_eq!(tally(&reply), (2, 1, 7));
    assert!(reply.body.contains("Nothing in the answer is signed."));
}

#[tokio::test]
async fn a_test_says_that_the_providers_certificate_has_expired() {
    let site = Site::start().await;
    let tomorrow = now() + SignedDuration::from_hours(24);
    let signer = Signer::with_validity(now() - SignedDuration::from_hours(24), tomorrow).unwrap();
    let provider = provider("acme", &[&signer]);
    site.save("acme", |settings| settings.provider = Some(provider))
        .await;
    site.pass(86_460);
    let begun = site.begin("/sso/test/acme").await;
    let answer = site.answer("acme", &begun, ADA).post(&signer);
    let form = form(&[("SAMLResponse", &answer), ("RelayState", &begun.relay)]);
    let reply = site.post("acme", form, &begun.cookie).await;
    reply.is_page(200, NOT_YET);
    assert!(reply.body.contains("Renew it in the provider"), "{}", reply.body);
}

#[tokio::test]
async fn a_test_says_that_the_account_is_missing() {
    let site = Site::start().await;
    let reply = try_as(&site, "eve@acme.example").await;
    reply.is_page(200, NOT_YET);
    assert_eq!(tally(&reply), (9, 1, 0));
    assert!(reply.body.contains("eve@acme.example"));
    site.put(Account {
        state: "inactive",
        ..Account::new("acme", "hibob-1", ADA)
    })
    .await;
    assert_eq!(tally(&try_as(&site, ADA).await), (9, 1, 0));
}

#[tokio::test]
async fn a_test_says_that_several_people_have_the_address() {
    let site = Site::start().await;
    site.put(Account::new("acme", "hibob-3", ADA)).await;
    let reply = try_as(&site, ADA).await;
    assert_eq!(tally(&reply), (9, 1, 0));
    assert!(
        reply.body.contains("more than one active account"),
        "{}",
        reply.body
    );
}

#[tokio::test]
async fn a_test_says_that_the_relay_state_did_not_come_back() {
    let site = Site::start().await;
    for relay in [
        None,
        Some("https://hithrive.example/"),
        Some("AAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let begun = site.begin("/sso/test/acme").await;
        let good = site.answer("acme", &begun, ADA);
        let mut unnamed = good.clone();
        unnamed.in_response_to = None;
        for answer in [good, unnamed] {
            let answer = answer.post(&ACME);
            let mut fields = vec![("SAMLResponse", answer.as_str())];
            fields.extend(relay.map(|relay| ("RelayState", relay)));
            let reply = site.post("acme", form(&fields), &begun.cookie).await;
            reply.is_page(200, NOT_YET);
            assert_eq!(tally(&reply), (4, 1, 5), "{relay:?}");
            assert!(reply.body.contains("without the RelayState"), "{}", reply.body);
            assert_eq!(reply.cookies().len(), 1);
        }
    }
    assert_eq!(site.records().await, 0);
}

#[tokio::test]
async fn without_relay_state_what_failed_before_is_still_what_a_test_says() {
    let site = Site::start().await;
    let begun = site.begin("/sso/test/acme").await;
    let mut unsigned = site.answer("acme", &begun, ADA);
    unsigned.sign = Sign::Nothing;
    let form = form(&[("SAMLResponse", &unsigned.post(&ACME))]);
    let reply = site.post("acme", form, &begun.cookie).await;
    assert_eq!(tally(&reply), (2, 1, 7));
}

#[tokio::test]
async fn an_answer_without_relay_state_is_no_tests_unless_one_test_of_this_tenant_waits() {
    let site = Site::start().await;
    let elsewhere = "started in another browser";
    let (one, two) = (
        site.begin("/sso/test/acme").await,
        site.begin("/sso/test/acme").await,
    );
    let sign_in = site.begin("/sso/start/acme/rewards").await;
    let other = site.begin("/sso/test/globex").await;
    let answer = form(&[("SAMLResponse", &site.answer("acme", &one, ADA).post(&ACME))]);
    for cookies in [
        &format!("{}; {}", one.cookie, two.cookie),
        &sign_in.cookie,
        &other.cookie,
        &format!("{}x", one.cookie),
    ] {
        let reply = site.post("acme", answer.clone(), cookies).await;
        reply.is_page(400, elsewhere);
    }
    site.pass(600);
    site.post("acme", answer, &one.cookie)
        .await
        .is_page(400, elsewhere);
}

#[tokio::test]
async fn a_test_says_that_the_answer_came_by_another_way() {
    let site = Site::start().await;
    let begun = site.begin("/sso/test/acme").await;
    let request = Request::get("/sso/acs/acme?SAMLResponse=x").header("cookie", &begun.cookie);
    let reply = site.send(request.body(Body::empty()).unwrap()).await;
    reply.is_page(200, NOT_YET);
    assert_eq!(tally(&reply), (0, 1, 9));
    assert!(reply.body.contains("Choose HTTP-POST"), "{}", reply.body);

    let large = form(&[("SAMLResponse", &"A".repeat(330_000))]);
    let reply = site.post("acme", large, &begun.cookie).await;
    assert_eq!(tally(&reply), (0, 1, 9));
    assert!(reply.body.contains("larger than 192 KB"), "{}", reply.body);
}

#[tokio::test]
async fn a_tests_answer_opens_nothing_and_is_used_up() {
    let site = Site::start().await;
    let begun = site.begin("/sso/test/acme").await;
    let answer = site.answer("acme", &begun, ADA);
    let reply = site.finish(&begun, &answer).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (200, ""));
    assert_eq!(site.records().await, 1);
    let reply = site.finish(&begun, &answer).await;
    assert_eq!(tally(&reply), (8, 1, 1));
    assert!(reply.body.contains("an answer that was used before"));

    let begun = site.begin("/sso/start/acme/rewards").await;
    let form = form(&[
        ("SAMLResponse", &answer.post(&ACME)),
        ("RelayState", &begun.relay),
    ]);
    assert_eq!(site.post("acme", form, &begun.cookie).await.status, 403);
}
