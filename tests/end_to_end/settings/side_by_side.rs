//! Two things at once: two admins, a double click, an admin and a run.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use stand_in_hibob::{Company, Fault, When};

use super::admin::{Admin, entries, new_task_id, service_user};
use crate::harness::{World, assert_team_equals_hibob, company, run};

#[test]
fn of_two_admins_who_save_at_once_one_is_shown_both_versions() {
    run(async {
        let (world, tenant) = World::with(company(61, 5)).await;
        let (one, two) = (Admin::of(&world, &tenant), Admin::of(&world, &tenant));

        let etag = one.get("/api/mapping").await.etag.unwrap();
        let mine = json!({"entries": entries().as_array().unwrap()[..3], "preview": null});
        let yours = json!({"entries": entries().as_array().unwrap()[..4], "preview": null});
        let answers = [
            one.put_if(&etag, "/api/mapping", mine),
            two.put_if(&etag, "/api/mapping", yours),
        ];
        let answers = join_all(answers).await;
        let (won, lost): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status.is_success());
        assert_eq!((won.len(), lost.len()), (1, 1));
        assert_eq!((lost[0].status.as_u16(), lost[0].problem()), (412, "stale-edit"));
        assert_eq!(lost[0].body["current"]["entries"], won[0].body["entries"]);
        assert_ne!(lost[0].body["yours"]["entries"], won[0].body["entries"]);

        let etag = one.get("/api/connection").await.etag.unwrap();
        let settings = |contact: &str| json!({"timeZone": "Asia/Kolkata", "nightAt": "02:15", "contacts": [contact], "policy": {}});
        let answers = [
            one.put_if(&etag, "/api/connection/settings", settings("one@aland.example")),
            two.put_if(&etag, "/api/connection/settings", settings("two@aland.example")),
        ];
        let answers = join_all(answers).await;
        let lost = answers.iter().find(|answer| !answer.status.is_success()).unwrap();
        assert_eq!((lost.status.as_u16(), lost.problem()), (412, "stale-edit"));
        let saved = one.connection().await["settings"].clone();
        assert_eq!(lost.body["current"]["contacts"], saved["contacts"]);
    });
}

#[test]
fn every_button_can_be_clicked_twice() {
    run(async {
        let world = World::new().await;
        let tenant = "acme".parse().unwrap();
        let user = World::service_user("acme");
        world.hibob.host("acme", company(62, 12), user);
        let admin = &Admin::of(&world, &tenant);
        let twice = async |method: &'static str, path: String, body: Value| {
            let clicks = (0..2).map(|_| admin.send(method, &path, &[], &body));
            let answers = join_all(clicks).await;
            for answer in &answers {
                assert!(
                    answer.status.is_success(),
                    "{method} {path}: {} {}",
                    answer.status,
                    answer.body
                );
            }
            answers
        };

        twice(
            "PUT",
            "/api/connection/service-user".to_owned(),
            service_user("acme"),
        )
        .await;
        let proof = format!("/api/connection/proofs/{}", new_task_id());
        twice("PUT", proof.clone(), Value::Null).await;
        world.hibob.forget_requests();
        world.system.work().await.unwrap();
        assert_eq!(admin.get(&proof).await.with(200)["status"], "done");
        assert_eq!(
            world.hibob.requests().len(),
            2,
            "one proof: the fields and one search"
        );

        let preview = format!("/api/mapping/previews/{}", new_task_id());
        twice("PUT", preview.clone(), json!({"entries": entries()})).await;
        world.hibob.forget_requests();
        world.system.work().await.unwrap();
        assert_eq!(world.hibob.requests().len(), 1, "one preview");
        admin
            .put_if(
                "\"0\"",
                "/api/mapping",
                json!({"entries": entries(), "preview": null}),
            )
            .await
            .with(200);

        twice(
            "PUT",
            "/api/connection/enabled".to_owned(),
            json!({"enabled": true}),
        )
        .await;
        let runs = twice("POST", "/api/runs".to_owned(), Value::Null).await;
        assert_eq!(runs[0].body["run"], runs[1].body["run"]);
        assert_eq!(runs.iter().filter(|run| run.body["isNew"] == true).count(), 1);
        world.system.work().await.unwrap();
        assert_team_equals_hibob(&world, &tenant).await;
        twice(
            "PUT",
            "/api/connection/enabled".to_owned(),
            json!({"enabled": false}),
        )
        .await;

        let disconnection = format!("/api/connection/disconnections/{}", new_task_id());
        twice("PUT", disconnection.clone(), json!({"accounts": "deactivate"})).await;
        world.system.work().await.unwrap();
        assert_eq!(admin.get(&disconnection).await.with(200)["status"], "done");
        assert_eq!(admin.connection().await["state"], "notConnected");
    });
}

#[test]
fn asking_twenty_times_for_a_sync_gives_one_run() {
    run(async {
        let (world, tenant) = World::with(company(63, 12)).await;
        let admin = &Admin::of(&world, &tenant);
        let answers = join_all((0..20).map(|_| admin.post("/api/runs", Value::Null))).await;
        let answers: Vec<Value> = answers.into_iter().map(|answer| answer.with(202)).collect();
        assert!(answers.iter().all(|answer| answer["run"] == answers[0]["run"]));
        world.hibob.forget_requests();
        world.system.work().await.unwrap();
        assert_eq!(world.hibob.requests().len(), 1);
        assert_team_equals_hibob(&world, &tenant).await;
        let runs = admin.get("/api/runs").await.with(200);
        assert_eq!(runs["runs"].as_array().unwrap().len(), 1, "{runs:#}");

        // The night comes all the same, and finds nothing to do.
        world.night().await;
        let runs = admin.get("/api/runs").await.with(200);
        assert_eq!(runs["runs"].as_array().unwrap().len(), 2);
        assert_eq!(
            (
                &runs["runs"][0]["trigger"],
                &runs["runs"][0]["planned"]["created"]
            ),
            (&json!("night"), &json!(0))
        );
    });
}

#[test]
fn reconnecting_during_a_run_voids_it_and_the_next_one_finishes_the_work() {
    run(async {
        let (world, tenant) = World::with(company(64, 300)).await;
        let admin = &Admin::of(&world, &tenant);
        admin.post("/api/runs", Value::Null).await.with(202);
        let (worked, connected) = tokio::join!(world.system.work(), async {
            crate::harness::pause(30).await;
            admin
                .put("/api/connection/service-user", service_user("acme"))
                .await
        });
        worked.unwrap();
        assert_eq!(
            connected.with(200)["enabled"],
            true,
            "ids, settings and mapping are kept"
        );
        world
            .system
            .let_pass(SignedDuration::from_mins(20))
            .await
            .unwrap();
        world.system.work().await.unwrap();
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn disconnecting_during_a_run_leaves_nobody_active_whom_it_should_have_deactivated() {
    run(async {
        let (world, tenant) = World::with(company(65, 300)).await;
        world.night().await;
        let team = world.accounts(&tenant).await;
        let is_active = |account: &HashMap<_, AttributeValue>| account["state"].as_s().unwrap() == "active";
        assert!(team.values().filter(|account| is_active(account)).count() > 200);

        world.hibob.edit("acme", Company::advance_day);
        let slow = Fault::SlowStart(Duration::from_secs(1));
        world.hibob.inject("acme", slow, When::next_searches(1));
        let admin = &Admin::of(&world, &tenant);
        admin.post("/api/runs", Value::Null).await.with(202);
        let disconnection = format!("/api/connection/disconnections/{}", new_task_id());
        let (worked, disconnected) = tokio::join!(world.system.work(), async {
            world.called("GetSecretValue").await;
            crate::harness::pause(300).await;
            admin.put(&disconnection, json!({"accounts": "deactivate"})).await
        });
        worked.unwrap();
        disconnected.with(202);
        for _ in 0..5 {
            world
                .system
                .let_pass(SignedDuration::from_mins(20))
                .await
                .unwrap();
            world.system.work().await.unwrap();
        }
        let done = admin.get(&disconnection).await.with(200);
        assert_eq!(done["status"], "done", "{done:#}");
        let left = world.accounts(&tenant).await;
        assert_eq!(left.len(), team.len());
        for (key, account) in left {
            assert!(!is_active(&account), "{key}");
        }
    });
}
