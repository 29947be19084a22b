//! No company signs anybody in to another, and a company that is gone signs nobody in.

use serde_json::{Value, json};

use super::office::{self, Office, employee};
use super::visitor::{Visitor, redeem};
use crate::harness::{World, company, run};
use crate::settings::admin::{Admin, new_task_id};

/// What a page says, without the reference that is its own.
fn words(text: &str) -> &str {
    text.split("<footer>").next().unwrap()
}

#[test]
fn a_provider_vouches_for_its_own_company_alone() {
    run(async {
        let (world, acme) = office::world().await;
        let globex = world.connect("globex", company(302, 30)).await;
        world.night().await;
        let (one, other) = (
            Office::open(&world, &acme).await,
            Office::open(&world, &globex).await,
        );
        let (mine, theirs) = (one.colleague().await, other.colleague().await);
        let mut visitor = Visitor::of(&world);

        // Somebody of another company, named by my provider.
        visitor
            .open(&one, "rewards", theirs.status.email.as_str())
            .await
            .refuses(403, "does not know you");
        // My answer, posted to the other company: with my cookie, with none, with one of a request there.
        let mut visitor = Visitor::of(&world);
        let posted = visitor.answer(&one, "rewards", mine.status.email.as_str()).await;
        visitor
            .post(&posted.clone().to("globex"))
            .await
            .refuses(400, "does not belong");
        visitor.cookies().clear();
        visitor
            .post(&posted.clone().to("globex"))
            .await
            .refuses(400, "another browser");
        let asked = visitor
            .answer(&other, "rewards", theirs.status.email.as_str())
            .await;
        let mixed = asked.with_xml(&posted.xml());
        visitor.post(&mixed).await.refuses(403, "cannot accept");
    });
}

#[test]
fn a_person_of_two_companies_is_signed_in_to_the_one_whose_link_was_clicked() {
    run(async {
        let (world, acme) = office::world().await;
        let globex = world.connect("globex", company(303, 30)).await;
        world.night().await;
        let (one, other) = (
            Office::open(&world, &acme).await,
            Office::open(&world, &globex).await,
        );
        let shared = one.colleague().await;
        let email = shared.status.email.to_string();
        let there = other.colleague().await;
        other.edit(|company| {
            company.edit(employee(&there)).set("root.email", email.as_str());
        });
        world.night().await;

        for (office, account) in [(&one, &shared), (&other, &there)] {
            let mut visitor = Visitor::of(&world);
            let (code, _) = visitor.open(office, "rewards", &email).await.landing();
            let learned = redeem(&world, &code).await.with(200);
            assert_eq!(learned["tenant"], json!(office.tenant));
            assert_eq!(learned["accountId"], json!(account.status.id));
        }
    });
}

#[test]
fn a_company_that_is_not_set_up_or_switched_off_looks_like_none() {
    run(async {
        let world = World::new().await;
        let tenant = world.connect("acme", company(304, 20)).await;
        let mut visitor = Visitor::of(&world);
        let mut shown = Vec::new();
        for tenant in ["acme", "no-such-customer"] {
            let start = visitor.get(&format!("/sso/start/{tenant}/rewards")).await;
            start.refuses(404, "cannot sign in");
            shown.push(words(&start.text).to_owned());
            let metadata = visitor.get(&format!("/sso/metadata/{tenant}")).await;
            assert_eq!(metadata.status.as_u16(), 200);
            shown.push(metadata.text.replace(tenant, "TENANT"));
        }
        assert_eq!(shown[..2], shown[2..]);
        // Known, but switched off.
        world.night().await;
        Office::with_provider(&world, &tenant).await;
        let start = visitor.get("/sso/start/acme/rewards").await;
        assert_eq!(words(&start.text), shown[0]);
        for path in ["/sso/start/acme/no-portal", "/sso/start/%2E%2E/rewards"] {
            assert_eq!(visitor.get(path).await.status.as_u16(), 404, "{path}");
        }
    });
}

#[test]
fn a_company_that_disconnects_signs_nobody_in_any_more() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let mut visitor = Visitor::of(&world);
        let under_way = visitor.answer(&office, "rewards", &email).await;
        let admin = Admin::of(&world, &tenant);

        let task = new_task_id();
        let path = format!("/api/connection/disconnections/{task}");
        admin.put(&path, json!({"accounts": "keep"})).await.with(202);
        world.system.work().await.unwrap();
        admin.get(&path).await.with(200);

        visitor.post(&under_way).await.refuses(404, "cannot sign in");
        visitor
            .get(&format!("/sso/start/{tenant}/rewards"))
            .await
            .refuses(404, "cannot sign in");
        assert!(world.scan("SsoSettingsTable").await.is_empty());
        assert_eq!(admin.get("/api/sso").await.body["provider"], Value::Null);
    });
}
