//! From a link on the HiBob dashboard to a portal, and what its backend then learns.

use axum::http::header::SET_COOKIE;
use stand_in_idp::Sign;

use super::office::{self, Office};
use super::visitor::{Visitor, redeem, sign_in};
use crate::harness::run;

#[test]
fn each_portal_learns_once_who_came_whatever_the_provider_signs() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let manager = office.manager().await;
        office.name_admins(&[&manager]).await;
        let email = manager.status.email.as_str();
        let portals = &world.system.provisioned.functions["SsoApiFunction"];

        for (portal, sign) in [
            ("admin", Sign::Assertion),
            ("reports", Sign::Response),
            ("rewards", Sign::Both),
        ] {
            office.provider.set_sign(sign);
            let mut visitor = Visitor::of(&world);
            let page = visitor.open(&office, portal, email).await;
            let (code, address) = page.landing();
            assert_eq!(address, portals[&format!("PORTAL_{}_URL", portal.to_uppercase())]);
            assert_eq!(page.headers["referrer-policy"], "no-referrer");
            assert_eq!(page.headers["cache-control"], "no-store");
            assert!(visitor.cookies().is_empty(), "the cookie has served its purpose");

            let learned = redeem(&world, &code).await.with(200);
            assert_eq!(learned, sign_in(&office, &manager, portal));
            let again = redeem(&world, &code).await;
            assert_eq!(again.problem(), "code-redeemed");
            again.with(409);
        }
    });
}

#[test]
fn a_deep_link_arrives_below_its_portal_and_nowhere_else() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let rewards = &world.system.provisioned.functions["SsoApiFunction"]["PORTAL_REWARDS_URL"];
        let mut visitor = Visitor::of(&world);

        let link = format!("/sso/start/{tenant}/rewards?to=%2Fgifts%2F7%3Fcolour%3Dred");
        let posted = visitor.answer_from(&office, &link, &email).await;
        let (_, address) = visitor.post(&posted).await.landing();
        assert_eq!(address, format!("{rewards}/gifts/7?colour=red"));

        for elsewhere in [
            "//evil.example",
            "https:%2F%2Fevil.example",
            "/..%2F..%2Fevil",
            "/%5Cevil.example",
            "/?code=1",
        ] {
            let page = visitor
                .get(&format!("/sso/start/{tenant}/rewards?to={elsewhere}"))
                .await;
            page.refuses(400, "does not lead into HiThrive");
        }
    });
}

#[test]
fn the_second_click_needs_no_log_in_and_nothing_is_kept_before_a_good_answer() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let mut visitor = Visitor::of(&world);

        let started = visitor.get(&format!("/sso/start/{tenant}/rewards")).await;
        let cookie = started.headers[SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("__Host-sso-"), "{cookie}");
        for attribute in [
            "; Path=/",
            "; Secure",
            "; HttpOnly",
            "; SameSite=None",
            "; Max-Age=600",
        ] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(
            world.scan("SignInsTable").await.is_empty(),
            "a request has left something"
        );

        visitor.open(&office, "rewards", &email).await.landing();
        assert!(visitor.is_logged_in());
        // Asked as nobody, the provider would show its log-in page.
        let started = visitor.get(&format!("/sso/start/{tenant}/rewards")).await;
        let posted = visitor
            .log_in(&office, started.location(), "nobody@elsewhere.example")
            .await;
        visitor.post(&posted).await.landing();
    });
}

#[test]
fn a_test_sign_in_works_before_single_sign_on_is_on_and_gives_no_code() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::with_provider(&world, &tenant).await;
        let manager = office.manager().await;
        let email = manager.status.email.to_string();
        let mut visitor = Visitor::of(&world);
        let link = format!("/sso/test/{tenant}");

        visitor
            .get(&format!("/sso/start/{tenant}/rewards"))
            .await
            .refuses(404, "cannot sign in");
        let posted = visitor.answer_from(&office, &link, &email).await;
        let page = visitor.post(&posted).await;
        page.refuses(200, "The test sign-in works");
        assert!(!page.text.contains("class=\"wrong\""), "{}", page.text);
        let codes = world.scan("SignInsTable").await;
        assert!(
            codes
                .iter()
                .all(|item| item["pk"].as_s().unwrap().starts_with("ASSERTION#")),
            "{codes:?}"
        );

        // A key that the admin has not uploaded, and somebody whom HiThrive does not know.
        office.provider.roll_key().unwrap();
        let posted = visitor.answer_from(&office, &link, &email).await;
        let page = visitor.post(&posted).await;
        page.refuses(200, "does not work yet");
        assert!(
            page.text.contains("a certificate that is not here"),
            "{}",
            page.text
        );
        office.upload_metadata().await;
        let mut stranger = Visitor::of(&world);
        let posted = stranger
            .answer_from(&office, &link, "stranger@elsewhere.example")
            .await;
        let page = stranger.post(&posted).await;
        page.refuses(200, "stranger@elsewhere.example");
        assert!(page.text.contains("no active account"), "{}", page.text);
    });
}
