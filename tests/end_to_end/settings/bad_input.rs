//! Requests that no page of ours sends. Each gets a clear problem, and nothing is changed.

use serde_json::{Value, json};

use axum::body::Body;
use axum::http::Request;

use super::admin::{Admin, entries, new_task_id};
use crate::harness::{World, company, run};

const SETTINGS: &str = "/api/connection/settings";

fn settings(change: impl FnOnce(&mut Value)) -> Value {
    let mut settings = json!({"timeZone": "Europe/London", "nightAt": "02:15",
        "contacts": ["hr@aland.example"], "policy": {}});
    change(&mut settings);
    settings
}

#[test]
fn a_body_that_is_not_what_a_route_takes_is_refused_and_says_where() {
    run(async {
        let (world, tenant) = World::with(company(51, 5)).await;
        let admin = Admin::of(&world, &tenant);
        let raw = async |content_type: &str, body: String| {
            let request = Request::builder().header("content-type", content_type);
            admin
                .send_raw(request, "PUT", "/api/connection/enabled", Body::from(body))
                .await
        };
        for body in [
            "",
            "{",
            "[]",
            "null",
            "\"on\"",
            r#"{"enabled":"yes"}"#,
            r#"{"enabled":1}"#,
            "{}",
            "\u{feff}{}",
        ] {
            let answer = raw("application/json", body.to_owned()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (400, "invalid-json"),
                "{body:?}"
            );
            assert!(!answer.body["detail"].as_str().unwrap().is_empty());
        }
        let unknown = raw(
            "application/json",
            r#"{"enabled":true,"tenant":"other"}"#.to_owned(),
        )
        .await;
        assert_eq!(
            (unknown.status.as_u16(), unknown.problem()),
            (400, "invalid-json")
        );
        assert!(
            unknown.body["detail"].as_str().unwrap().contains("tenant"),
            "{}",
            unknown.body
        );

        let text = raw("text/plain", r#"{"enabled":true}"#.to_owned()).await;
        assert_eq!(
            (text.status.as_u16(), text.problem()),
            (415, "unsupported-media-type")
        );

        let large = raw(
            "application/json",
            format!(r#"{{"enabled":true,"x":"{}"}}"#, "x".repeat(2_000_000)),
        )
        .await;
        assert_eq!((large.status.as_u16(), large.problem()), (413, "too-large"));
        let deep = raw("application/json", "[".repeat(100_000)).await;
        assert_eq!(deep.problem(), "invalid-json");

        let enabled = admin.connection().await["enabled"].clone();
        assert_eq!(enabled, true, "nothing of it did anything");
    });
}

#[test]
fn settings_that_cannot_be_are_refused_and_say_where() {
    run(async {
        let (world, tenant) = World::with(company(52, 5)).await;
        let admin = Admin::of(&world, &tenant);
        let before = admin.get("/api/connection").await;
        let etag = before.etag.clone().unwrap();
        let bad: [(&str, Value); 9] = [
            ("/timeZone", settings(|s| s["timeZone"] = json!("Mars/Olympus"))),
            ("/nightAt", settings(|s| s["nightAt"] = json!("25:00"))),
            (
                "/contacts/0",
                settings(|s| s["contacts"] = json!(["not an address"])),
            ),
            (
                "/contacts",
                settings(|s| s["contacts"] = json!(vec!["a@b.example"; 500])),
            ),
            ("/policy", settings(|s| s["policy"] = json!({"missingNights": 2}))),
            (
                "/policy",
                settings(|s| s["policy"] = json!({"leaversGraceHours": 60_000})),
            ),
            (
                "/policy",
                settings(|s| s["policy"] = json!({"leaversGraceHours": -1})),
            ),
            (
                "/policy",
                settings(|s| {
                    s["policy"] = json!({"scope": {"rules": [{"effect": "include",
            "field": {"id": "financial.iban", "type": "text", "category": {"id": "financial", "name": "Financial"}},
            "condition": {"equals": "x"}}]}});
                }),
            ),
            ("/policy", settings(|s| s["policy"] = json!({"unknown": 1}))),
        ];
        for (place, body) in bad {
            let answer = admin.put_if(&etag, SETTINGS, body.clone()).await;
            let status = answer.status.as_u16();
            assert!([400, 422].contains(&status), "{body}: {status} {}", answer.body);
            let last = place.trim_matches('/').split('/').next().unwrap();
            assert!(
                answer.body.to_string().contains(last),
                "{body} does not say where: {}",
                answer.body
            );
        }
        let unmatched = admin.put(SETTINGS, settings(|_| {})).await;
        assert_eq!(
            (unmatched.status.as_u16(), unmatched.problem()),
            (428, "if-match-missing")
        );
        for etag in ["\"99\"", "\"\"", "*", "W/\"1\"", "nonsense"] {
            let answer = admin.put_if(etag, SETTINGS, settings(|_| {})).await;
            let status = answer.status.as_u16();
            assert!([400, 412, 422, 428].contains(&status), "{etag}: {status}");
        }
        assert_eq!(admin.connection().await, before.body, "nothing of it was saved");
    });
}

#[test]
fn a_mapping_that_cannot_be_is_refused_entry_by_entry() {
    run(async {
        let (world, tenant) = World::with(company(53, 5)).await;
        let admin = Admin::of(&world, &tenant);
        let before = admin.get("/api/mapping").await;
        let etag = before.etag.clone().unwrap();
        let entry = |target: &str, id: &str, kind: &str| json!({"target": target, "sources": [{"id": id, "type": kind, "category": {"id": "work", "name": "Work"}}]});
        let email = entry("email", "root.email", "text");
        let bad = [
            ("missingEmail", json!([entry("jobTitle", "work.title", "list")])),
            (
                "duplicateTarget",
                json!([
                    email,
                    entry("jobTitle", "work.title", "list"),
                    entry("jobTitle", "work.site", "text")
                ]),
            ),
            (
                "unknownTarget",
                json!([email, entry("shoeSize", "work.title", "list")]),
            ),
            ("noSource", json!([email, {"target": "jobTitle", "sources": []}])),
            (
                "neverOffered",
                json!([email, entry("jobTitle", "payroll.salary.payment", "text")]),
            ),
            (
                "wrongType",
                json!([email, entry("startDate", "work.title", "list")]),
            ),
        ];
        for (code, entries) in bad {
            for (path, body) in [
                (
                    "/api/mapping".to_owned(),
                    json!({"entries": entries, "preview": null}),
                ),
                (
                    format!("/api/mapping/previews/{}", new_task_id()),
                    json!({"entries": entries}),
                ),
            ] {
                let answer = admin.put_if(&etag, &path, body).await;
                assert_eq!(
                    (answer.status.as_u16(), answer.problem()),
                    (422, "invalid-mapping"),
                    "{path} {code}: {}",
                    answer.body
                );
                let found = answer.body["errors"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|error| error["code"] == code);
                assert!(found, "{code}: {}", answer.body);
            }
        }
        let many: Vec<Value> = (0..500)
            .map(|n| entry(&format!("custom:{n}"), &format!("work.custom.f{n}"), "text"))
            .collect();
        let answer = admin
            .put_if(&etag, "/api/mapping", json!({"entries": many, "preview": null}))
            .await;
        assert!([413, 422].contains(&answer.status.as_u16()), "{}", answer.body);
        for id in ["not.a field", "nodots", "", "../../etc"] {
            let answer = admin
                .put_if(
                    &etag,
                    "/api/mapping",
                    json!({"entries": [entry("email", id, "text")], "preview": null}),
                )
                .await;
            assert!(
                [400, 422].contains(&answer.status.as_u16()),
                "{id}: {}",
                answer.body
            );
        }
        let after = admin.get("/api/mapping").await;
        assert_eq!(
            (after.etag, after.body),
            (before.etag, before.body),
            "nothing of it was saved"
        );
    });
}

#[test]
fn ids_and_addresses_that_name_nothing_are_not_found() {
    run(async {
        let (world, tenant) = World::with(company(54, 5)).await;
        let admin = Admin::of(&world, &tenant);
        let task = new_task_id();
        for path in [
            "/api/runs/2020-01-01T00:00:00Z".to_owned(),
            "/api/runs/2020-01-01T00:00:00Z/people".to_owned(),
            format!("/api/connection/proofs/{task}"),
            format!("/api/mapping/previews/{task}"),
            format!("/api/connection/disconnections/{task}"),
        ] {
            let answer = admin.get(&path).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (404, "not-found"),
                "{path}"
            );
        }
        for path in [
            "/api/runs/yesterday",
            "/api/runs/%00",
            "/api/connection/proofs/short",
            "/api/mapping/previews/..%2f..%2f",
        ] {
            let answer = admin.get(path).await;
            assert!(
                [400, 404, 422].contains(&answer.status.as_u16()),
                "{path}: {}",
                answer.body
            );
        }
        for path in ["/api/nothing", "/api", "/api/connection/", "/api/runs/a/b/c"] {
            let answer = admin.get(path).await;
            assert_eq!(answer.status.as_u16(), 404, "{path}");
        }
        for query in ["limit=0", "limit=101", "limit=x", "before=yesterday"] {
            let answer = admin.get(&format!("/api/runs?{query}")).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (422, "invalid-request"),
                "{query}: {}",
                answer.body
            );
        }
        let story = admin
            .post("/api/people/story", json!({"person": "nobody@nowhere.example"}))
            .await;
        assert_eq!((story.status.as_u16(), story.problem()), (404, "not-found"));
        for query in ["", "a", &"x".repeat(201)] {
            let answer = admin.post("/api/people/search", json!({"query": query})).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (422, "invalid-request"),
                "{query}"
            );
        }
    });
}

#[test]
fn without_a_connection_everything_that_needs_one_says_so() {
    run(async {
        let (world, _) = World::with(company(55, 5)).await;
        let tenant = "newcomer".parse().unwrap();
        let admin = Admin::of(&world, &tenant);
        assert_eq!(admin.connection().await["state"], "notConnected");
        let entries = json!({"entries": entries()});
        for (method, path, body) in [
            (
                "PUT",
                "/api/connection/enabled".to_owned(),
                json!({"enabled": true}),
            ),
            (
                "PUT",
                format!("/api/connection/proofs/{}", new_task_id()),
                Value::Null,
            ),
            ("POST", "/api/runs".to_owned(), Value::Null),
            ("GET", "/api/fields".to_owned(), Value::Null),
            ("GET", "/api/mapping/suggestion".to_owned(), Value::Null),
            (
                "PUT",
                format!("/api/mapping/previews/{}", new_task_id()),
                entries.clone(),
            ),
            (
                "POST",
                "/api/mapping/samples".to_owned(),
                json!({"entries": [], "person": null}),
            ),
        ] {
            let answer = admin.send(method, &path, &[], &body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (409, "not-connected"),
                "{method} {path}: {}",
                answer.body
            );
        }
    });
}
