use axum::body::Body;
use axum::extract::Request;
use stand_in_idp::{Sign, Signer};

use crate::browser::form;
use crate::harness::{ACME, BASE, GLOBEX, Site, provider};

const LINK: &str = "/sso/start/acme/rewards";
const ADA: &str = "ada@acme.example";
const REFUSED: &str = "We could not check your sign-in";
const ELSEWHERE: &str = "started in another browser or more than ten minutes ago";
const NOT_YOURS: &str = "does not belong to the sign-in that your browser started";

#[tokio::test]
async fn a_good_answer_leads_to_the_portal_with_a_code_and_takes_the_cookie_back() {
    let site = Site::start().await;
    let begun = site.begin("/sso/start/acme/rewards?to=/wishlist?sort=new").await;
    let answer = site.answer("acme", &begun, ADA);
    let reply = site.finish(&begun, &answer).await;
    let code = reply.code();
    let landing = format!("https://hithrive.example/rewards/wishlist?sort=new&code={code}");
    assert_eq!(reply.header("location"), landing);
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert_eq!(reply.header("cache-control"), "no-store");
    let name = begun.cookie.split('=').next().unwrap();
    let taken_back = format!("{name}=; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=0");
    assert_eq!(reply.cookies(), [taken_back]);
}

#[tokio::test]
async fn an_answer_is_good_signed_as_a_whole_too() {
    let site = Site::start().await;
    for sign in [Sign::Response, Sign::Both] {
        let begun = site.begin(LINK).await;
        let mut answer = site.answer("acme", &begun, ADA);
        answer.sign = sign;
        assert_eq!(site.finish(&begun, &answer).await.status, 303, "{sign:?}");
    }
}

#[tokio::test]
async fn what_fails_a_check_signs_nobody_in_and_leaves_no_record() {
    let site = Site::start().await;
    let begun = site.begin(LINK).await;
    let good = site.answer("acme", &begun, ADA);
    let bend = |change: fn(&mut stand_in_idp::Answer)| {
        let mut answer = good.clone();
        change(&mut answer);
        answer
    };
    for answer in [
        bend(|answer| answer.sign = Sign::Nothing),
        bend(|answer| {
            answer.audience = Some("https://hibob.hithrive.example/sso/metadata/globex".to_owned());
        }),
        bend(|answer| answer.recipient = None),
        bend(|answer| answer.issuer = "https://evil.example".to_owned()),
        bend(|answer| answer.name_id = None),
        bend(|answer| answer.name_id = Some("ada".to_owned())),
        bend(|answer| answer.in_response_to = None),
        bend(|answer| answer.algorithm = stand_in_idp::Algorithm::Sha1),
    ] {
        site.finish(&begun, &answer).await.is_page(403, REFUSED);
    }
    let by_another = form(&[
        ("SAMLResponse", &good.post(&GLOBEX)),
        ("RelayState", &begun.relay),
    ]);
    site.post("acme", by_another, &begun.cookie)
        .await
        .is_page(403, REFUSED);
    let rubbish = form(&[("SAMLResponse", "<Response/>"), ("RelayState", &begun.relay)]);
    let reply = site.post("acme", rubbish, &begun.cookie).await;
    reply.is_page(403, REFUSED);
    assert!(
        reply
            .body
            .contains("https://hibob.hithrive.example/sso/start/acme/rewards")
    );
    assert_eq!(site.records().await, 0);
}

#[tokio::test]
async fn an_answer_is_taken_once() {
    let site = Site::start().await;
    let begun = site.begin(LINK).await;
    let answer = site.answer("acme", &begun, ADA);
    let code = site.finish(&begun, &answer).await.code();
    site.finish(&begun, &answer)
        .await
        .is_page(403, "has been used already");
    assert_eq!(site.redeem(&code).await.status, 200);
}

#[tokio::test]
async fn an_answer_without_the_browsers_cookie_was_asked_for_elsewhere() {
    let site = Site::start().await;
    let begun = site.begin(LINK).await;
    let other = site.begin(LINK).await;
    let answer = site.answer("acme", &begun, ADA).post(&ACME);
    let with_relay = |relay: &str| form(&[("SAMLResponse", &answer), ("RelayState", relay)]);
    // No cookie; that of another request; a relay state of nobody's; one that leads elsewhere; none.
    for (form, cookies) in [
        (with_relay(&begun.relay), ""),
        (with_relay(&begun.relay), other.cookie.as_str()),
        (with_relay("AAAAAAAAAAAAAAAAAAAAAA"), begun.cookie.as_str()),
        (with_relay("https://evil.example/"), begun.cookie.as_str()),
        (with_relay("rewards"), begun.cookie.as_str()),
        (form(&[("SAMLResponse", &answer)]), begun.cookie.as_str()),
    ] {
        let reply = site.post("acme", form, cookies).await;
        reply.is_page(400, ELSEWHERE);
        assert!(
            reply
                .body
                .contains("https://hibob.hithrive.example/sso/start/acme/rewards")
        );
        assert!(!reply.body.contains("evil"));
    }
    assert_eq!(site.records().await, 0);
}

#[tokio::test]
async fn a_cookie_that_is_forged_or_of_another_request_or_tenant_is_refused() {
    let site = Site::start().await;
    let begun = site.begin(LINK).await;
    let other = site.begin(LINK).await;
    let answer = site.answer("acme", &begun, ADA).post(&ACME);
    let form_of = |relay: &str| form(&[("SAMLResponse", &answer), ("RelayState", relay)]);
    let (name, value) = begun.cookie.split_once('=').unwrap();
    let (_, other_value) = other.cookie.split_once('=').unwrap();
    let (text, tag) = value.split_once('.').unwrap();
    for cookie in [
        format!("{name}={other_value}"),
        format!("{name}={text}"),
        format!("{name}={text}."),
        format!("{name}=x{text}.{tag}"),
        format!("{name}="),
        format!("{name}={value}; {name}={value}"),
    ] {
        let reply = site.post("acme", form_of(&begun.relay), &cookie).await;
        reply.is_page(400, NOT_YOURS);
    }
    // Globex's provider answers acme's request, for acme's Ada.
    let globex = site.answer("globex", &begun, ADA).post(&GLOBEX);
    let form = form(&[("SAMLResponse", &globex), ("RelayState", &begun.relay)]);
    site.post("globex", form, &begun.cookie)
        .await
        .is_page(400, NOT_YOURS);
    assert_eq!(site.records().await, 0);
}

#[tokio::test]
async fn an_answer_to_another_request_of_the_same_browser_is_refused() {
    let site = Site::start().await;
    let (begun, other) = (site.begin(LINK).await, site.begin(LINK).await);
    let answer = site.answer("acme", &other, ADA);
    site.finish(&begun, &answer).await.is_page(403, REFUSED);
}

#[tokio::test]
async fn an_answer_is_waited_for_ten_minutes() {
    let site = Site::start().await;
    let begun = site.begin(LINK).await;
    site.pass(599);
    let answer = site.answer("acme", &begun, ADA);
    assert_eq!(site.finish(&begun, &answer).await.status, 303);

    let begun = site.begin(LINK).await;
    site.pass(600);
    let answer = site.answer("acme", &begun, ADA);
    let reply = site.finish(&begun, &answer).await;
    reply.is_page(400, ELSEWHERE);
    assert_eq!(reply.cookies().len(), 1);
}

#[tokio::test]
async fn whoever_comes_too_late_is_led_to_the_same_place_again() {
    let site = Site::start().await;
    for (path, again) in [
        (
            "/sso/start/acme/reports?to=/team?view=all",
            "/sso/start/acme/reports?to=%2Fteam%3Fview%3Dall\"",
        ),
        ("/sso/test/acme", "/sso/test/acme\""),
    ] {
        let begun = site.begin(path).await;
        site.pass(600);
        let answer = site.answer("acme", &begun, ADA);
        let reply = site.finish(&begun, &answer).await;
        reply.is_page(400, ELSEWHERE);
        assert!(reply.body.contains(&format!("{BASE}{again}")), "{}", reply.body);
    }
}

#[tokio::test]
async fn whoever_is_switched_off_meanwhile_is_not_signed_in() {
    let site = Site::start().await;
    let begun = site.begin(LINK).await;
    site.save("acme", |settings| settings.enabled = false).await;
    let answer = site.answer("acme", &begun, ADA);
    site.finish(&begun, &answer)
        .await
        .is_page(404, "You cannot sign in to HiThrive here");

    let begun = site.begin("/sso/start/globex/rewards").await;
    site.settings.erase(&"globex".parse().unwrap()).await.unwrap();
    let answer = site.answer("globex", &begun, "ada@globex.example").post(&GLOBEX);
    let form = form(&[("SAMLResponse", &answer), ("RelayState", &begun.relay)]);
    let reply = site.post("globex", form, &begun.cookie).await;
    reply.is_page(404, "You cannot sign in to HiThrive here");
}

#[tokio::test]
async fn a_provider_that_changes_its_key_is_known_by_both_for_a_while_and_then_by_the_new_one() {
    let site = Site::start().await;
    let new = Signer::generate().unwrap();
    let begun = site.begin(LINK).await;
    let post_by = async |signer: &Signer| {
        let answer = site.answer("acme", &begun, ADA).post(signer);
        let form = form(&[("SAMLResponse", &answer), ("RelayState", &begun.relay)]);
        site.post("acme", form, &begun.cookie).await
    };
    let known_by = async |signers: &[&Signer]| {
        let provider = provider("acme", signers);
        site.save("acme", |settings| settings.provider = Some(provider))
            .await;
    };
    post_by(&new).await.is_page(403, REFUSED);
    known_by(&[&ACME, &new]).await;
    assert_eq!(post_by(&ACME).await.status, 303);
    assert_eq!(post_by(&new).await.status, 303);
    known_by(&[&new]).await;
    post_by(&ACME).await.is_page(403, REFUSED);
    assert_eq!(post_by(&new).await.status, 303);
}

#[tokio::test]
async fn what_is_no_form_with_one_answer_is_not_read() {
    let site = Site::start().await;
    let begun = site.begin(LINK).await;
    let answer = site.answer("acme", &begun, ADA).post(&ACME);
    let unreadable = "The sign-in page sent something we cannot read";
    for form in [
        String::new(),
        form(&[("RelayState", &begun.relay)]),
        form(&[
            ("SAMLResponse", &answer),
            ("SAMLResponse", &answer),
            ("RelayState", &begun.relay),
        ]),
        form(&[
            ("SAMLResponse", &answer),
            ("RelayState", &begun.relay),
            ("RelayState", "x"),
        ]),
    ] {
        site.post("acme", form, &begun.cookie)
            .await
            .is_page(400, unreadable);
    }
    let large = form(&[
        ("SAMLResponse", &"A".repeat(330_000)),
        ("RelayState", &begun.relay),
    ]);
    site.post("acme", large, &begun.cookie)
        .await
        .is_page(413, "The sign-in page sent too much");

    let json = Request::post("/sso/acs/acme").header("content-type", "application/json");
    let reply = site.send(json.body(Body::from("{}")).unwrap()).await;
    reply.is_page(400, unreadable);
    let by_redirect = site.get("/sso/acs/acme?SAMLResponse=x").await;
    by_redirect.is_page(405, unreadable);
    assert_eq!(by_redirect.header("allow"), "POST");
}
