use secrecy::ExposeSecret;
use serde_json::json;
use stand_in_hibob::{Access, Endpoint, Fault, When};
use tenant_store::{Error, LeaseOutcome, LeaseRequest};

use crate::harness::{Answer, Api, TASK, acme, run, service_user};

const PATH: &str = "/api/connection/service-user";

#[tokio::test]
async fn a_new_connection_is_off_and_never_shows_its_token() {
    let api = Api::start().await;
    assert_eq!(api.get("/api/connection").await.body["state"], "notConnected");

    let answer = api.put(PATH, &service_user("acme")).await;
    assert_eq!((answer.status, &answer.body["state"]), (201, &json!("off")));
    assert_eq!(answer.headers["etag"], "\"1\"");
    let settings = &answer.body["settings"];
    assert_eq!(
        (&settings["timeZone"], &settings["nightAt"]),
        (&json!("UTC"), &json!("03:30"))
    );
    assert!(!answer.body.to_string().contains("acme-secret"));

    let kept = api.vault.service_user(&acme()).await.unwrap();
    assert_eq!(kept.token.expose_secret(), "acme-secret");
    let saved = api.tenants.connection(&acme()).await.unwrap().unwrap();
    assert_eq!(saved.value.company_id.as_deref(), Some("200007"));
}

#[tokio::test]
async fn a_refused_token_is_asked_about_once_and_stored_nowhere() {
    let api = Api::start().await;
    let wrong = json!({"serviceUserId": "SERVICE-acme", "token": "wrong"});
    let answer = api.put(PATH, &wrong).await;
    assert_eq!((answer.status, answer.problem()), (422, "token-refused"));
    assert_eq!(api.requests_to_hibob(), 1);
    assert!(matches!(
        api.vault.service_user(&acme()).await,
        Err(Error::NoToken)
    ));
    assert!(api.tenants.connection(&acme()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_new_token_keeps_everything_else_and_voids_a_run_under_way() {
    let api = Api::connected().await;
    let enabled = api.enable().await.body;
    let due_at = enabled["nextRunAt"].as_str().unwrap().parse().unwrap();
    let run = run(due_at);
    let request = LeaseRequest {
        run: &run,
        owner: "worker",
        now: due_at,
        expires_at: due_at + std::time::Duration::from_mins(15),
        next_due_at: due_at + std::time::Duration::from_hours(24),
    };
    let LeaseOutcome::Taken(lease) = api.tenants.lease(&request).await.unwrap() else {
        panic!("the lease is free")
    };

    let answer = api.put(PATH, &service_user("acme")).await;
    assert_eq!(
        (answer.status, &answer.body["settings"]),
        (200, &enabled["settings"])
    );
    let state = api.tenants.run_state(&acme()).await.unwrap().unwrap();
    assert!(state.fence > lease.fence);
}

#[tokio::test]
async fn another_companys_token_and_one_that_shows_no_company_change_nothing() {
    let api = Api::connected().await;
    let answer = api.put(PATH, &service_user("globex")).await;
    assert_eq!((answer.status, answer.problem()), (409, "other-company"));

    api.show(Access::Nobody);
    let answer = api.put(PATH, &service_user("acme")).await;
    assert_eq!((answer.status, answer.problem()), (409, "company-unverified"));
    let kept = api.vault.service_user(&acme()).await.unwrap();
    assert_eq!(kept.token.expose_secret(), "acme-secret");
}

#[tokio::test]
async fn whose_company_it_is_may_show_later_but_before_nights_begin() {
    let api = Api::start().await;
    api.show(Access::Nobody);
    for expected in [201, 200] {
        assert_eq!(api.put(PATH, &service_user("acme")).await.status, expected);
    }
    let answer = api.enable().await;
    assert_eq!((answer.status, answer.problem()), (409, "company-unverified"));

    api.show(Access::Everyone);
    let answer = api.enable().await;
    assert_eq!(
        (answer.status, &answer.body["state"]),
        (200, &json!("waitingForMapping"))
    );
    let saved = api.tenants.connection(&acme()).await.unwrap().unwrap();
    assert_eq!(saved.value.company_id.as_deref(), Some("200007"));
    assert_eq!(answer.body["nextRunAt"], "2026-11-25T03:30:00Z");
}

#[tokio::test]
async fn two_clicks_connect_once() {
    let api = Api::start().await;
    let body = service_user("acme");
    let (one, two) = tokio::join!(api.put(PATH, &body), api.put(PATH, &body));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    assert_eq!(api.tenants.connection(&acme()).await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn of_two_companies_that_are_connected_at_once_the_token_is_that_of_the_one_which_is() {
    for _ in 0..5 {
        let api = Api::start().await;
        let (one, two) = (service_user("acme"), service_user("globex"));
        let (one, two) = tokio::join!(api.put(PATH, &one), api.put(PATH, &two));
        let (winner, company, loser) = if one.status == 201 {
            ("acme", "200007", two)
        } else {
            ("globex", "200008", one)
        };
        assert_eq!((loser.status, loser.problem()), (409, "other-company"));
        let saved = api.tenants.connection(&acme()).await.unwrap().unwrap();
        assert_eq!(saved.value.company_id.as_deref(), Some(company));
        let kept = api.vault.service_user(&acme()).await.unwrap();
        assert_eq!(kept.token.expose_secret(), format!("{winner}-secret"));
    }
}

#[tokio::test]
async fn a_connection_that_was_left_without_a_token_takes_one_of_its_company() {
    for access in [Access::Everyone, Access::Nobody] {
        let api = Api::start().await;
        api.show(access.clone());
        assert_eq!(api.put(PATH, &service_user("acme")).await.status, 201);
        api.vault.erase(&acme()).await.unwrap();

        if access == Access::Everyone {
            let answer = api.put(PATH, &service_user("globex")).await;
            assert_eq!(answer.problem(), "other-company");
        }
        assert_eq!(api.put(PATH, &service_user("acme")).await.status, 200);
        assert!(api.vault.service_user(&acme()).await.is_ok());
    }
}

#[tokio::test]
async fn a_token_stays_exactly_as_long_as_its_connection_whoever_is_first() {
    for round in 0..8 {
        let api = Api::connected().await;
        let (user, keep) = (service_user("acme"), json!({"accounts": "keep"}));
        let disconnection = format!("/api/connection/disconnections/{TASK}");
        let later = async |request: std::pin::Pin<Box<dyn Future<Output = Answer>>>, ms| {
            tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
            request.await
        };
        tokio::join!(
            later(Box::pin(async { api.put(PATH, &user).await }), 0),
            later(
                Box::pin(async { api.put(&disconnection, &keep).await }),
                2 * round
            ),
        );
        let is_connected = api.tenants.connection(&acme()).await.unwrap().is_some();
        let has_token = api.vault.service_user(&acme()).await.is_ok();
        assert_eq!(has_token, is_connected, "round {round}");
    }
}

#[tokio::test]
async fn of_many_wrong_tokens_at_once_few_reach_hibob() {
    let api = Api::connected().await;
    let before = api.requests_to_hibob();
    let wrong = json!({"serviceUserId": "SERVICE-acme", "token": "wrong"});
    let answers = futures::future::join_all((0..60).map(|_| api.put(PATH, &wrong))).await;
    let reached = api.requests_to_hibob() - before;
    assert!((1..=15).contains(&reached), "{reached} requests reached HiBob");
    assert!(answers.iter().all(|answer| [422, 429].contains(&answer.status)));

    api.pass(600);
    assert_eq!(api.put(PATH, &service_user("acme")).await.status, 200);
}

#[tokio::test]
async fn hibobs_bad_hours_are_told_apart_and_leave_nothing_behind() {
    let api = Api::start().await;
    let too_many = Fault::TooManyRequests {
        headers: false,
        retry_after: Some(7),
    };
    for (fault, problem, wait) in [
        (Fault::ServerError, "hibob-unavailable", "60"),
        (Fault::Html, "hibob-unavailable", "60"),
        (too_many, "hibob-unavailable", "7"),
        (Fault::Blocked, "hibob-blocked", "300"),
    ] {
        let when = When {
            endpoint: Some(Endpoint::Fields),
            times: Some(1),
        };
        api.hibob.inject("acme", fault, when);
        let answer = api.put(PATH, &service_user("acme")).await;
        assert_eq!((answer.status, answer.problem()), (503, problem), "{fault:?}");
        assert_eq!(answer.headers["retry-after"], wait, "{fault:?}");
    }
    assert!(api.tenants.connection(&acme()).await.unwrap().is_none());
}

#[tokio::test]
async fn the_toggle_may_be_pressed_twice_and_off_ends_the_nights() {
    let api = Api::connected().await;
    let (one, two) = tokio::join!(api.enable(), api.enable());
    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(api.tenants.connection(&acme()).await.unwrap().unwrap().version, 2);

    let answer = api
        .put("/api/connection/enabled", &json!({"enabled": false}))
        .await;
    assert_eq!(
        (&answer.body["state"], &answer.body["nextRunAt"]),
        (&json!("off"), &json!(null))
    );
}
