use crate::browser::{Reply, form};
use crate::harness::{ACME, GLOBEX, Site};

const ADA: &str = "ada@acme.example";

async fn click_tile(site: &Site, relay: Option<&str>) -> Reply {
    let answer = site.tile("acme", ADA).post(&ACME);
    let mut fields = vec![("SAMLResponse", answer.as_str())];
    fields.extend(relay.map(|relay| ("RelayState", relay)));
    site.post("acme", form(&fields), "").await
}

async fn allow(site: &Site) {
    site.save("acme", |settings| settings.allow_unsolicited = true)
        .await;
}

#[tokio::test]
async fn unless_allowed_a_tile_leads_to_a_page_that_names_the_way() {
    let site = Site::start().await;
    click_tile(&site, None)
        .await
        .is_page(403, "Please use the link on your HiBob dashboard");
    assert_eq!(site.records().await, 0);
}

#[tokio::test]
async fn a_tile_signs_nobody_in_but_starts_a_request_of_ours() {
    let site = Site::start().await;
    allow(&site).await;
    let start = |portal: &str| format!("https://hibob.hithrive.example/sso/start/acme/{portal}");
    for (relay, portal) in [
        (None, "rewards"),
        (Some(""), "rewards"),
        (Some("admin"), "admin"),
        (Some("reports"), "reports"),
        (Some("Admin"), "rewards"),
        (Some("https://evil.example/"), "rewards"),
        (Some("//evil.example"), "rewards"),
        (Some("AAAAAAAAAAAAAAAAAAAAAA"), "rewards"),
    ] {
        let reply = click_tile(&site, relay).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("location")),
            (303, start(portal).as_str())
        );
        assert!(reply.cookies().is_empty());
    }
}

#[tokio::test]
async fn a_tiles_answer_is_checked_like_any_other() {
    let site = Site::start().await;
    allow(&site).await;
    let good = site.tile("acme", ADA);
    let forged = form(&[("SAMLResponse", &good.post(&GLOBEX))]);
    site.post("acme", forged, "")
        .await
        .is_page(403, "We could not check your sign-in");

    let once = form(&[("SAMLResponse", &good.post(&ACME))]);
    assert_eq!(site.post("acme", once.clone(), "").await.status, 303);
    site.post("acme", once, "")
        .await
        .is_page(403, "has been used already");
}

#[tokio::test]
async fn a_tiles_answer_does_not_pass_for_the_answer_to_a_request() {
    let site = Site::start().await;
    allow(&site).await;
    let begun = site.begin("/sso/start/acme/rewards").await;
    let answer = site.tile("acme", ADA);
    site.finish(&begun, &answer)
        .await
        .is_page(403, "We could not check your sign-in");
}

#[tokio::test]
async fn a_provider_that_answers_no_request_does_not_send_a_browser_in_circles() {
    let site = Site::start().await;
    allow(&site).await;
    let mut cookies = Vec::new();
    for _ in 0..3 {
        let form = form(&[("SAMLResponse", &site.tile("acme", ADA).post(&ACME))]);
        assert_eq!(site.post("acme", form, &cookies.join("; ")).await.status, 303);
        cookies.push(site.begin("/sso/start/acme/rewards").await.cookie);
    }
    let form = form(&[("SAMLResponse", &site.tile("acme", ADA).post(&ACME))]);
    let reply = site.post("acme", form, &cookies.join("; ")).await;
    reply.is_page(403, "does not answer us");
}

#[tokio::test]
async fn a_tile_does_nothing_while_sign_on_is_off() {
    let site = Site::start().await;
    allow(&site).await;
    site.save("acme", |settings| settings.enabled = false).await;
    click_tile(&site, None)
        .await
        .is_page(404, "You cannot sign in to HiThrive here");
}
