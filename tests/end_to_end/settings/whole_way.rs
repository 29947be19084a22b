//! The whole way of a new admin, call by call.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::admin::{Admin, service_user};
use crate::harness::{World, company, run};

#[test]
#[expect(clippy::too_many_lines, reason = "it is one way, call by call")]
fn a_new_admin_connects_maps_previews_syncs_asks_and_disconnects() {
    run(async {
        let world = World::new().await;
        let tenant = "acme".parse().unwrap();
        world.hibob.host(
            "acme",
            company(81, 80),
            World::service_user("acme").without("work"),
        );
        let admin = Admin::of(&world, &tenant);

        // Connect, and see what HiBob allows.
        let connection = admin
            .put("/api/connection/service-user", service_user("acme"))
            .await
            .with(201);
        assert_eq!(
            (&connection["state"], &connection["enabled"]),
            (&json!("off"), &json!(false))
        );
        let proof = admin.result("/api/connection/proofs", Value::Null).await;
        let work = |report: &Value| {
            let categories = report["categories"].as_array().unwrap();
            categories
                .iter()
                .find(|category| category["id"] == "work")
                .unwrap()
                .clone()
        };
        assert_eq!(work(&proof)["state"], "notGranted");
        assert_eq!(work(&proof)["box"], "View selected employees' Work sections");
        assert!(
            work(&proof)["screenPath"]
                .as_array()
                .unwrap()
                .contains(&json!("Work"))
        );
        world.hibob.edit_user(&World::service_user("acme").id, |user| {
            user.view.insert("work".to_owned());
        });
        let proof = admin.result("/api/connection/proofs", Value::Null).await;
        assert_eq!(work(&proof)["state"], "granted");
        assert_eq!(admin.connection().await["lastProof"]["report"], proof);

        // On before there is a mapping.
        let on = admin
            .put("/api/connection/enabled", json!({"enabled": true}))
            .await
            .with(200);
        assert_eq!(on["state"], "waitingForMapping");

        // Map.
        let suggestion = admin.get("/api/mapping/suggestion").await.with(200);
        let entries = suggestion["entries"].clone();
        assert!(entries.as_array().unwrap().len() > 10);
        assert!(
            !entries.to_string().contains("root.avatarUrl")
                && entries.to_string().contains("personal.shortBirthDate")
        );
        let samples = admin
            .post(
                "/api/mapping/samples",
                json!({"entries": entries, "person": null}),
            )
            .await
            .with(200);
        assert_eq!(
            samples["samples"].as_array().unwrap().len(),
            entries.as_array().unwrap().len()
        );
        let id = admin
            .start("/api/mapping/previews", json!({"entries": entries}))
            .await;
        world.system.work().await.unwrap();
        let preview = admin.get(&format!("/api/mapping/previews/{id}")).await.with(200)["result"].clone();
        let created = preview["planned"]["created"].as_u64().unwrap();
        assert!(created > 40 && preview["people"].as_array().unwrap().len() <= 20);
        assert!(
            world.accounts(&tenant).await.is_empty(),
            "a preview writes no account"
        );
        let saved = admin
            .put_if(
                "\"0\"",
                "/api/mapping",
                json!({"entries": entries, "preview": id}),
            )
            .await
            .with(200);
        assert_eq!(
            (&saved["version"], &saved["removalsSeen"]),
            (&json!(1), &json!(true))
        );
        assert_eq!(admin.connection().await["state"], "on");

        // Sync, and look.
        let run = admin.sync_now().await;
        assert_eq!(
            (&run["status"], &run["trigger"], &run["applied"]["created"]),
            (&json!("applied"), &json!("admin"), &json!(created))
        );
        let people = admin
            .get(&format!("/api/runs/{}/people", run["id"].as_str().unwrap()))
            .await
            .with(200);
        let first = &people["people"][0];
        assert!(first["name"].is_string() && first["email"].is_string(), "{first}");
        let found = admin
            .post("/api/people/search", json!({"query": first["name"]}))
            .await
            .with(200);
        assert!(
            found["people"]
                .to_string()
                .contains(first["employee"].as_str().unwrap()),
            "{found}"
        );
        let story = admin
            .post("/api/people/story", json!({"person": first["employee"]}))
            .await
            .with(200);
        assert_eq!(
            (&story["account"]["state"], &story["hibob"]["scope"]["verdict"]),
            (&json!("active"), &json!("in"))
        );
        assert!(!story["sentences"].as_array().unwrap().is_empty());

        // Somebody without an address is told apart.
        let nameless = world.hibob.edit("acme", |company| {
            let id = crate::harness::ids(company)[3];
            company.edit(id).set("root.email", Value::Null);
            id
        });
        let story = admin
            .post("/api/people/story", json!({"person": nameless.to_string()}))
            .await
            .with(200);
        assert_eq!(story["hibob"]["email"], "empty", "{story:#}");

        // Another hour, another zone: the next night follows, once per local date.
        let etag = admin.get("/api/connection").await.etag.unwrap();
        let settings = json!({"timeZone": "Asia/Kolkata", "nightAt": "04:45", "contacts": ["hr@acme.example"], "policy": {}});
        let changed = admin
            .put_if(&etag, "/api/connection/settings", settings)
            .await
            .with(200);
        assert!(
            changed["nextRunAt"].as_str().unwrap().ends_with("T23:15:00Z"),
            "{}",
            changed["nextRunAt"]
        );

        // Off, and away.
        let off = admin
            .put("/api/connection/enabled", json!({"enabled": false}))
            .await
            .with(200);
        assert_eq!((&off["state"], &off["nextRunAt"]), (&json!("off"), &Value::Null));
        let refused = admin.post("/api/runs", Value::Null).await;
        assert_eq!(
            (refused.status.as_u16(), refused.problem()),
            (409, "not-connected")
        );
        let receipt = admin
            .result(
                "/api/connection/disconnections",
                json!({"accounts": "deactivate"}),
            )
            .await;
        assert_eq!(receipt["accountsDeactivated"], json!(created));
        assert!(
            world.system.vault.service_user(&tenant).await.is_err(),
            "the token is gone"
        );
        assert!(
            admin.get("/api/runs").await.with(200)["runs"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        assert_eq!(admin.connection().await["state"], "notConnected");

        // Back again: whom the disconnection deactivated is reactivated.
        admin
            .put("/api/connection/service-user", service_user("acme"))
            .await
            .with(201);
        admin
            .put_if(
                "\"0\"",
                "/api/mapping",
                json!({"entries": entries, "preview": null}),
            )
            .await
            .with(200);
        admin
            .put("/api/connection/enabled", json!({"enabled": true}))
            .await
            .with(200);
        world.system.clock.advance(SignedDuration::from_secs(5));
        let run = admin.sync_now().await;
        assert!(
            run["applied"]["reactivated"].as_u64().unwrap() >= created - 1,
            "{run:#}"
        );
    });
}

#[test]
fn a_preview_is_gone_after_an_hour_and_unreadable_before_that_without_its_id() {
    run(async {
        let (world, tenant) = World::with(company(82, 30)).await;
        let admin = Admin::of(&world, &tenant);
        let id = admin
            .start(
                "/api/mapping/previews",
                json!({"entries": super::admin::entries()}),
            )
            .await;
        world.system.work().await.unwrap();
        let preview = admin.get(&format!("/api/mapping/previews/{id}")).await.with(200);
        let email = preview["result"]["people"][0]["email"]
            .as_str()
            .unwrap()
            .to_owned();
        let stored = format!("{:?}", world.scan("TasksTable").await);
        assert!(
            !stored.contains(&email) && !stored.contains(&id),
            "readable without the id"
        );
        world.system.clock.advance(SignedDuration::from_mins(61));
        admin.get(&format!("/api/mapping/previews/{id}")).await.with(404);
    });
}
