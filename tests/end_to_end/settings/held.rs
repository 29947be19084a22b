//! What a guard holds is told to whoever asks, person by person.

use serde_json::json;

use super::admin::Admin;
use crate::harness::{World, company, ids, run};

#[test]
fn a_removal_that_is_held_is_shown_with_its_reason_and_since_when_until_it_is_no_longer_wanted() {
    run(async {
        let (world, tenant) = World::with(company(91, 60)).await;
        world.night().await;
        let admin = Admin::of(&world, &tenant);
        let leavers: Vec<_> = world.hibob.edit("acme", |company| {
            let employed = |id: &_| company.value(*id, "internal.lifecycleStatus") == "employed";
            let leavers: Vec<_> = ids(company).into_iter().filter(employed).take(20).collect();
            for &id in &leavers {
                let leaver = company.edit(id);
                leaver.set("internal.lifecycleStatus", "terminated");
                leaver.set("internal.terminationDate", "2026-11-20");
            }
            leavers
        });
        let first = admin.sync_now().await;
        assert_eq!(first["status"], "held", "{first:#}");
        let path = format!("/api/runs/{}/people", first["id"].as_str().unwrap());
        let people = admin.get(&path).await.with(200)["people"].clone();
        let people = people.as_array().unwrap();
        let waiting: Vec<_> = people.iter().filter(|person| person["held"] == true).collect();
        assert_eq!(json!(waiting.len()), first["held"]["deactivated"]);
        assert!(
            waiting
                .iter()
                .all(|person| person["kind"] == "deactivated" && person["reason"] == "left")
        );

        world.system.clock.advance(jiff::SignedDuration::from_mins(5));
        let second = admin.sync_now().await;
        assert_eq!(second["status"], "held");
        let person = waiting[0]["employee"].clone();
        let story = admin
            .post("/api/people/story", json!({"person": person}))
            .await
            .with(200);
        assert_eq!(story["waitingSince"], first["id"], "{story:#}");
        assert!(
            story["sentences"].to_string().contains("waits since"),
            "{story:#}"
        );

        // They are back, so that nothing waits any more.
        world.hibob.edit("acme", |company| {
            for id in leavers {
                let returned = company.edit(id);
                returned.set("internal.lifecycleStatus", "employed");
                returned.set("internal.terminationDate", serde_json::Value::Null);
            }
        });
        world.system.clock.advance(jiff::SignedDuration::from_mins(5));
        assert_eq!(admin.sync_now().await["status"], "applied");
        let story = admin
            .post("/api/people/story", json!({"person": person}))
            .await
            .with(200);
        assert!(story["waitingSince"].is_null(), "{story:#}");
        world.assert_settled(&tenant).await;
    });
}
