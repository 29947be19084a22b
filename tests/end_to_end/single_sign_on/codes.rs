//! The codes that portals get, and who may redeem them.

use jiff::SignedDuration;
use serde_json::json;

use super::office::{self, Office};
use super::visitor::{Visitor, redeem, redeem_as, sign_in};
use crate::harness::run;
use crate::settings::admin::Admin;

#[test]
fn a_code_is_for_the_named_backend_alone_and_stays_good_when_another_tries() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let colleague = office.colleague().await;
        let mut visitor = Visitor::of(&world);
        let page = visitor
            .open(&office, "rewards", colleague.status.email.as_str())
            .await;
        let (code, _) = page.landing();

        let other = redeem_as(&world, "another-backend", &code).await;
        assert_eq!(other.problem(), "backend-only");
        other.with(403);
        let admin = Admin::of(&world, &tenant)
            .post("/sso/redeem", json!({"code": code}))
            .await;
        assert_eq!(admin.problem(), "backend-only");
        admin.with(403);
        let nobody = Admin::with_token(&world, String::new());
        nobody.post("/sso/redeem", json!({"code": code})).await.with(401);

        let learned = redeem(&world, &code).await.with(200);
        assert_eq!(learned, sign_in(&office, &colleague, "rewards"));
    });
}

#[test]
fn a_code_lasts_a_minute_and_cannot_be_guessed() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let mut visitor = Visitor::of(&world);
        let (early, _) = visitor.open(&office, "rewards", &email).await.landing();
        world.system.clock.advance(SignedDuration::from_secs(50));
        redeem(&world, &early).await.with(200);

        let (late, _) = visitor.open(&office, "rewards", &email).await.landing();
        world.system.clock.advance(SignedDuration::from_secs(61));
        let expired = redeem(&world, &late).await;
        assert_eq!(expired.problem(), "code-expired");
        expired.with(410);

        for guess in [
            "A".repeat(43),
            String::new(),
            format!("{late}A"),
            "'\"<>".to_owned(),
        ] {
            let unknown = redeem(&world, &guess).await;
            assert_eq!(unknown.problem(), "code-unknown", "{guess}");
            unknown.with(404);
        }
        // The table has no code that its reader could use.
        let kept = format!("{:?}", world.scan("SignInsTable").await);
        assert!(!kept.contains(&early) && !kept.contains(&late), "{kept}");
    });
}
