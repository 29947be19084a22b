use provisioning::{Counts, Skip, SkipReason};
use serde_json::json;
use tenant_store::{ChangeRow, LeaseOutcome, LeaseRequest, RunRecord, RunStatus, Trigger};

use crate::harness::{Api, acme, now, run};

#[tokio::test]
async fn sync_now_asked_for_twenty_times_is_one_run() {
    let api = Api::connected().await;
    let answer = api.post("/api/runs", &json!(null)).await;
    assert_eq!((answer.status, answer.problem()), (409, "not-connected"));
    api.enable().await;

    let asked = (0..20).map(|_| api.post("/api/runs", &serde_json::Value::Null));
    let answers = futures::future::join_all(asked).await;
    let new = answers.iter().filter(|answer| answer.body["isNew"] == true);
    assert!(answers.iter().all(|answer| answer.status == 202), "{answers:?}");
    assert!(
        answers
            .iter()
            .all(|answer| answer.body["run"] == "2026-11-24T12:00:00Z")
    );
    assert!(new.count() >= 1);
    let message = json!({"tenant": "acme", "dueAt": "2026-11-24T12:00:00Z"});
    assert!(api.messages().await.iter().all(|sent| *sent == message));
    assert_eq!(
        api.get("/api/connection").await.body["requestedRun"],
        "2026-11-24T12:00:00Z"
    );
}

#[tokio::test]
async fn a_run_that_no_worker_is_at_is_sent_for_again() {
    let api = Api::connected().await;
    api.enable().await;
    let ask = async || {
        let answer = api.post("/api/runs", &serde_json::Value::Null).await;
        (
            answer.body["isNew"].as_bool().unwrap(),
            api.messages().await.len(),
        )
    };
    assert_eq!(ask().await, (true, 1));
    assert_eq!(ask().await, (false, 1));

    let run = run(now());
    let request = LeaseRequest {
        run: &run,
        owner: "worker",
        now: now(),
        expires_at: now() + std::time::Duration::from_mins(15),
        next_due_at: now() + std::time::Duration::from_hours(24),
    };
    let outcome = api.tenants.lease(&request).await.unwrap();
    assert!(matches!(outcome, LeaseOutcome::Taken(_)));
    assert_eq!(ask().await, (false, 0));
    api.pass(16 * 60);
    assert_eq!(ask().await, (false, 1));
}

#[tokio::test]
async fn a_run_that_another_has_overtaken_is_not_under_way() {
    let api = Api::connected().await;
    api.enable().await;
    let night = now() - std::time::Duration::from_hours(2);
    let record = RunRecord::begun(night, Trigger::Night, 1, night);
    api.history.record(&acme(), 1, &record).await.unwrap();
    api.post("/api/runs", &serde_json::Value::Null).await;
    let (due, overtaken) = (run(now()), "/api/runs/2026-11-24T10:00:00Z");
    let request = LeaseRequest {
        run: &due,
        owner: "worker",
        now: now(),
        expires_at: now() + std::time::Duration::from_mins(15),
        next_due_at: now() + std::time::Duration::from_hours(24),
    };
    api.tenants.lease(&request).await.unwrap();
    let record = RunRecord::begun(now(), Trigger::Admin, 2, now());
    api.history.record(&acme(), 2, &record).await.unwrap();

    let runs = api.get("/api/runs").await.body;
    let told = |place: usize| {
        (
            runs["runs"][place]["status"].clone(),
            runs["runs"][place]["failure"].clone(),
        )
    };
    assert_eq!(told(0), (json!("running"), json!(null)));
    assert_eq!(told(1), (json!("failed"), json!("overtaken")));
    assert_eq!(api.get(overtaken).await.body["failure"], "overtaken");
}

#[tokio::test]
async fn runs_are_listed_page_by_page_and_told_in_words() {
    let api = Api::connected().await;
    for day in 1..=3 {
        let due_at = now() - std::time::Duration::from_hours(24 * day);
        let mut record = RunRecord::begun(due_at, Trigger::Night, 1, due_at);
        record.status = RunStatus::Applied;
        record.applied = Counts {
            created: 1,
            ..Counts::default()
        };
        api.history.record(&acme(), 1, &record).await.unwrap();
    }
    let first = api.get("/api/runs?limit=2").await.body;
    assert_eq!(first["runs"][0]["id"], "2026-11-23T12:00:00Z");
    assert_eq!(first["runs"][0]["summary"], "People: 1 added.");
    let next = first["next"].as_str().unwrap();
    let second = api.get(&format!("/api/runs?limit=2&before={next}")).await.body;
    assert_eq!(
        (second["runs"].as_array().unwrap().len(), &second["next"]),
        (1, &json!(null))
    );

    assert_eq!(api.get("/api/runs/2026-11-23T12:00:00Z").await.status, 200);
    let other = api
        .ask("globex", "GET", "/api/runs/2026-11-23T12:00:00Z", &json!(null))
        .await;
    assert_eq!(other.problem(), "not-found");
    for bad in [
        "/api/runs/yesterday",
        "/api/runs/2026-11-20T00:00:00Z",
        "/api/runs/%FF",
    ] {
        assert_eq!(api.get(bad).await.problem(), "not-found", "{bad}");
    }
    for bad in ["limit=0", "limit=101", "limit=x", "before=x", "tenant=globex"] {
        assert_eq!(
            api.get(&format!("/api/runs?{bad}")).await.problem(),
            "invalid-request",
            "{bad}"
        );
    }
}

#[tokio::test]
async fn the_people_of_a_run_are_named_by_what_the_team_has_today() {
    let api = Api::connected().await;
    let run = run(now());
    let record = RunRecord::begun(now(), Trigger::Admin, 1, now());
    api.history.record(&acme(), 1, &record).await.unwrap();
    let row = ChangeRow {
        account: "hibob-77".parse().unwrap(),
        employee: "77".parse().unwrap(),
        kind: provisioning::ChangeKind::Update,
        fields: vec!["jobTitle".to_owned()],
        links: false,
    };
    let skip = Skip {
        employee: Some("78".parse().unwrap()),
        reason: SkipReason::NoEmail,
    };
    let mut log = api.history.change_log(&run, 1);
    log.write(vec![row], vec![skip]).await.unwrap();

    let path = "/api/runs/2026-11-24T12:00:00Z/people";
    let mut people = Vec::new();
    let mut page = api.get(path).await.body;
    loop {
        people.extend(page["people"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        page = api.get(&format!("{path}?cursor={next}")).await.body;
    }
    assert_eq!(
        people,
        [
            json!({"employee": "77", "account": "hibob-77", "name": null, "email": null, "kind": "updated",
                "reason": null, "held": false, "fields": ["jobTitle"], "links": false}),
            json!({"employee": "78", "account": null, "name": null, "email": null, "kind": "skipped",
                "reason": "noEmail", "held": false, "fields": [], "links": false}),
        ]
    );
    let bad = api
        .get("/api/runs/2026-11-24T12:00:00Z/people?cursor=RUN%23x")
        .await;
    assert_eq!(bad.problem(), "invalid-request");
    assert_eq!(
        api.get("/api/runs/2026-11-20T00:00:00Z/people").await.problem(),
        "not-found"
    );
}
