//! What an admin changes at the provider, and here.

use serde_json::json;

use super::office::{self, Office};
use super::visitor::Visitor;
use crate::harness::run;
use crate::settings::admin::Admin;

#[test]
fn a_rolled_key_counts_once_its_certificate_is_here_and_the_old_one_until_then() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let mut visitor = Visitor::of(&world);
        let old = visitor.answer(&office, "rewards", &email).await;

        office.provider.roll_key().unwrap();
        visitor
            .open(&office, "rewards", &email)
            .await
            .refuses(403, "cannot accept");
        office.upload_metadata().await;
        visitor.open(&office, "rewards", &email).await.landing();
        visitor.post(&old).await.landing();

        // A third, and the first is out.
        office.provider.roll_key().unwrap();
        visitor
            .open(&office, "rewards", &email)
            .await
            .refuses(403, "cannot accept");
    });
}

#[test]
fn values_by_hand_do_as_well_as_metadata() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        office.provider.roll_key().unwrap();
        let admin = Admin::of(&world, &tenant);
        let etag = admin.get("/api/sso").await.etag.unwrap();
        let values = json!({
            "entityId": office.provider.entity_id(),
            "signOnUrl": office.provider.sign_on_url(),
            "certificates": [office.provider.signer().certificate_pem()],
        });
        let saved = admin.put_if(&etag, "/api/sso/provider", values).await.with(200);
        assert_eq!(saved["provider"]["certificates"].as_array().unwrap().len(), 1);

        let mut visitor = Visitor::of(&world);
        visitor.open(&office, "rewards", &email).await.landing();
    });
}

#[test]
fn switched_off_it_lets_nobody_in_and_forgets_nothing() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let mut visitor = Visitor::of(&world);
        let under_way = visitor.answer(&office, "rewards", &email).await;

        office.switch(false, false).await;
        visitor.post(&under_way).await.refuses(404, "cannot sign in");
        visitor
            .get(&format!("/sso/start/{tenant}/rewards"))
            .await
            .refuses(404, "cannot sign in");
        office.switch(true, false).await;
        visitor.open(&office, "rewards", &email).await.landing();
    });
}
