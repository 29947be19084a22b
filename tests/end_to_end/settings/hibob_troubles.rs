//! HiBob down, slow and blocking while an admin waits.

use std::time::Duration;

use provisioning::MappingDocument;
use serde_json::{Value, json};
use stand_in_hibob::{Fault, When};

use super::admin::{Admin, entries, new_task_id, service_user};
use crate::harness::{CURFEW, World, assert_team_equals_hibob, company, run};

const ALWAYS: When = When {
    endpoint: None,
    times: None,
};

async fn new_admin(seed: u64) -> World {
    let world = World::new().await;
    world
        .hibob
        .host("acme", company(seed, 12), World::service_user("acme"));
    world
}

/// Who is blocked by HiBob is not let near it before this.
const BLOCK: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

#[test]
fn a_connection_is_not_made_while_hibob_gives_no_answer() {
    run(async {
        let world = new_admin(71).await;
        let tenant = "acme".parse().unwrap();
        let admin = Admin::of(&world, &tenant);
        let troubles = [
            (Fault::ServerError, 503, "hibob-unavailable"),
            (Fault::BadGateway, 503, "hibob-unavailable"),
            (Fault::Unavailable, 503, "hibob-unavailable"),
            (Fault::Html, 503, "hibob-unavailable"),
            (Fault::Blocked, 503, "hibob-blocked"),
            (
                Fault::TooManyRequests {
                    headers: true,
                    retry_after: None,
                },
                503,
                "hibob-unavailable",
            ),
            (Fault::Forbidden, 422, "access-denied"),
        ];
        for (fault, status, problem) in troubles {
            world.hibob.inject("acme", fault, ALWAYS);
            let answer = admin
                .put("/api/connection/service-user", service_user("acme"))
                .await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (status, problem),
                "{fault:?}"
            );
            assert_eq!(admin.connection().await["state"], "notConnected", "{fault:?}");
            assert!(
                world.system.vault.service_user(&tenant).await.is_err(),
                "{fault:?}: a token was kept"
            );
            world.hibob.clear_faults("acme");
            world.system.clock.advance(BLOCK);
        }
        admin
            .put("/api/connection/service-user", service_user("acme"))
            .await
            .with(201);
    });
}

#[test]
fn a_refused_token_is_tried_once_and_kept_nowhere() {
    run(async {
        let world = new_admin(72).await;
        let tenant = "acme".parse().unwrap();
        let admin = Admin::of(&world, &tenant);
        let mut wrong = service_user("acme");
        wrong["token"] = json!("wr0ng-t0ken");
        let answer = admin.put("/api/connection/service-user", wrong).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "token-refused"));
        assert_eq!(world.hibob.requests().len(), 1, "one attempt");
        assert!(world.system.vault.service_user(&tenant).await.is_err());
        for call in world.network.sent() {
            assert!(!call.body.contains("wr0ng-t0ken"), "{} holds it", call.operation);
        }

        // And over a good one: the old token stays.
        admin
            .put("/api/connection/service-user", service_user("acme"))
            .await
            .with(201);
        let mut wrong = service_user("acme");
        wrong["token"] = json!("wr0ng-t0ken");
        let answer = admin.put("/api/connection/service-user", wrong).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "token-refused"));
        let task = admin.finish("/api/connection/proofs", Value::Null).await;
        assert_eq!(task["status"], "done", "{task:#}");
    });
}

#[test]
fn hibob_is_not_asked_again_and_again_with_tokens_that_it_refuses() {
    run(async {
        let (world, tenant) = World::with(company(70, 12)).await;
        let admin = Admin::of(&world, &tenant);
        world
            .hibob
            .edit_user(&World::service_user("acme").id, |user| user.is_revoked = true);
        for _ in 0..5 {
            let answer = admin
                .put("/api/connection/service-user", service_user("acme"))
                .await;
            assert_eq!(answer.problem(), "token-refused");
        }
        world.hibob.forget_requests();
        for (method, path, body) in [
            ("PUT", "/api/connection/service-user", service_user("acme")),
            ("GET", "/api/fields", Value::Null),
            (
                "POST",
                "/api/mapping/samples",
                json!({"entries": entries(), "person": null}),
            ),
        ] {
            let answer = admin.send(method, path, &[], &body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (429, "too-many-refusals"),
                "{path}"
            );
        }
        let proof = admin.finish("/api/connection/proofs", Value::Null).await;
        assert_eq!(proof["failure"]["problem"], "too-many-refusals", "{proof:#}");
        let story = admin
            .post("/api/people/story", json!({"person": "nobody@acme.example"}))
            .await;
        assert!(
            story.body["hibobProblem"] == "too-many-refusals" || story.problem() == "too-many-refusals",
            "{}",
            story.body
        );
        assert!(world.hibob.requests().is_empty(), "HiBob was asked all the same");

        world.system.clock.advance(jiff::SignedDuration::from_mins(11));
        world
            .hibob
            .edit_user(&World::service_user("acme").id, |user| user.is_revoked = false);
        admin
            .put("/api/connection/service-user", service_user("acme"))
            .await
            .with(200);
    });
}

#[test]
fn another_companys_token_is_refused_until_the_tenant_disconnects() {
    run(async {
        let world = new_admin(73).await;
        world
            .hibob
            .host("globex", company(74, 12), World::service_user("globex"));
        let tenant = "acme".parse().unwrap();
        let admin = Admin::of(&world, &tenant);
        admin
            .put("/api/connection/service-user", service_user("acme"))
            .await
            .with(201);
        let answer = admin
            .put("/api/connection/service-user", service_user("globex"))
            .await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (409, "other-company"));
        assert_eq!(
            world.system.vault.service_user(&tenant).await.unwrap().id,
            World::service_user("acme").id
        );

        let receipt = admin
            .result("/api/connection/disconnections", json!({"accounts": "keep"}))
            .await;
        assert_eq!(receipt["accounts"], "keep");
        assert!(world.system.vault.service_user(&tenant).await.is_err());
        admin
            .put("/api/connection/service-user", service_user("globex"))
            .await
            .with(201);
    });
}

#[test]
fn a_token_of_whom_nobody_can_tell_does_not_replace_a_known_one() {
    run(async {
        let (world, tenant) = World::with(company(75, 12)).await;
        let admin = Admin::of(&world, &tenant);
        world.hibob.edit_user(&World::service_user("acme").id, |user| {
            user.access = stand_in_hibob::Access::Nobody;
        });
        let answer = admin
            .put("/api/connection/service-user", service_user("acme"))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (409, "company-unverified")
        );
    });
}

#[test]
fn a_preview_says_what_hibob_did_and_changes_nothing() {
    run(async {
        let (world, tenant) = World::with(company(76, 12)).await;
        let admin = Admin::of(&world, &tenant);
        let troubles = [
            (Fault::ServerError, "hibob-unavailable"),
            (Fault::Blocked, "hibob-blocked"),
            (Fault::Truncated(0.5), "hibob-unavailable"),
            (Fault::NotJson, "hibob-unavailable"),
            (Fault::Forbidden, "access-denied"),
            (Fault::SlowStart(Duration::from_secs(20)), "hibob-too-slow"),
        ];
        for (fault, problem) in troubles {
            world.hibob.inject("acme", fault, When::next_searches(1));
            let id = admin
                .start("/api/mapping/previews", json!({"entries": entries()}))
                .await;
            world.system.work_within(CURFEW).await.unwrap();
            let task = admin.get(&format!("/api/mapping/previews/{id}")).await.with(200);
            assert_eq!(
                (&task["status"], &task["failure"]["problem"]),
                (&json!("failed"), &json!(problem)),
                "{fault:?}: {task:#}"
            );
            assert!(task["failure"]["detail"].as_str().unwrap().len() > 10);
            world.system.clock.advance(BLOCK);
        }
        // Revoked after the mapping was checked, and before the worker takes it up.
        let id = admin
            .start("/api/mapping/previews", json!({"entries": entries()}))
            .await;
        world
            .hibob
            .edit_user(&World::service_user("acme").id, |user| user.is_revoked = true);
        world.system.work().await.unwrap();
        let task = admin.get(&format!("/api/mapping/previews/{id}")).await.with(200);
        assert_eq!(task["failure"]["problem"], "token-refused", "{task:#}");
        assert!(world.accounts(&tenant).await.is_empty());
        assert!(
            admin.get("/api/runs").await.with(200)["runs"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn a_sync_that_hibob_turns_away_goes_on_by_itself() {
    run(async {
        for (seed, fault) in [
            (77, Fault::Unavailable),
            (87, Fault::Blocked),
            (97, Fault::SlowStart(Duration::from_mins(1))),
        ] {
            let (world, tenant) = World::with(company(seed, 12)).await;
            let admin = Admin::of(&world, &tenant);
            world.hibob.inject("acme", fault, When::next_searches(1));
            let started = admin.post("/api/runs", Value::Null).await.with(202);
            let path = format!("/api/runs/{}", started["run"].as_str().unwrap());
            world.system.work_within(CURFEW).await.unwrap();
            let run = admin.get(&path).await.with(200);
            assert_eq!(run["status"], "handedBack", "{fault:?}: {run:#}");
            assert!(!run["summary"].as_str().unwrap().is_empty());
            world
                .system
                .let_pass(jiff::SignedDuration::from_mins(30))
                .await
                .unwrap();
            world.system.work().await.unwrap();
            let run = admin.get(&path).await.with(200);
            assert_eq!(run["status"], "applied", "{fault:?}");
            assert_team_equals_hibob(&world, &tenant).await;
        }
    });
}

#[test]
fn a_slow_hibob_is_waited_for_until_the_gateway_would_not() {
    run(async {
        let world = new_admin(78).await;
        let tenant = "acme".parse().unwrap();
        let admin = Admin::of(&world, &tenant);
        world
            .hibob
            .inject("acme", Fault::SlowStart(Duration::from_millis(800)), ALWAYS);
        admin
            .put("/api/connection/service-user", service_user("acme"))
            .await
            .with(201);
        world.hibob.clear_faults("acme");
        world
            .hibob
            .inject("acme", Fault::SlowStart(Duration::from_mins(1)), ALWAYS);
        let answer = admin
            .put("/api/connection/service-user", service_user("acme"))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (504, "hibob-too-slow")
        );
    });
}

#[test]
fn a_field_that_vanished_from_hibob_is_named_and_keeps_what_it_had() {
    run(async {
        let (world, tenant) = World::with(company(79, 12)).await;
        world.night().await;
        let admin = Admin::of(&world, &tenant);
        let before = world.accounts(&tenant).await;
        let mut entries = entries();
        let gone = json!({"id": "work.custom.field_gone", "type": "text", "category": {"id": "work", "name": "Work"}});
        for entry in entries.as_array_mut().unwrap() {
            if entry["target"] == "custom:Cost centre" {
                entry["sources"] = json!([gone]);
            }
        }
        for (path, body) in [
            (
                "/api/mapping/samples".to_owned(),
                json!({"entries": entries, "person": null}),
            ),
            (
                format!("/api/mapping/previews/{}", new_task_id()),
                json!({"entries": entries}),
            ),
            (
                "/api/mapping".to_owned(),
                json!({"entries": entries, "preview": null}),
            ),
        ] {
            let method = if path.ends_with("samples") { "POST" } else { "PUT" };
            let answer = admin.send(method, &path, &[("if-match", "\"1\"")], &body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (422, "invalid-mapping"),
                "{path}"
            );
            let error = &answer.body["errors"][0];
            assert_eq!(error["code"], "unknownField");
            assert!(
                error["detail"]
                    .as_str()
                    .unwrap()
                    .contains("work.custom.field_gone")
            );
        }

        // One that was saved while it was there: the night says so and leaves what it had filled.
        let saved = world.system.tenants.mapping(&tenant).await.unwrap().unwrap();
        let document: MappingDocument = serde_json::from_value(json!({"entries": entries})).unwrap();
        let store = &world.system.tenants;
        let mapping = document.try_into().unwrap();
        store
            .save_mapping(&tenant, &mapping, Some(saved.version), true)
            .await
            .unwrap();
        let sync = admin.sync_now().await;
        let withheld = sync["findings"]["withheld"].as_array().unwrap();
        assert!(
            withheld
                .iter()
                .any(|field| field["field"] == "work.custom.field_gone"),
            "{sync:#}"
        );
        for (key, account) in world.accounts(&tenant).await {
            assert_eq!(account["profile"], before[&key]["profile"], "{key}");
        }
    });
}
