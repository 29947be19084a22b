//! Who is turned away, and how: credentials, wrong paths, bad filters, limits.

use std::{net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use stand_in_hibob::{Endpoint, Limits, ServiceUser};

use crate::client::{Caller, post};

#[tokio::test]
async fn bad_credentials_get_an_empty_401_with_rate_limit_headers() {
    let mut caller = Caller::new();
    for authorization in [
        None,
        Some("Basic ???".to_owned()),
        Some(ServiceUser::all_seeing("SERVICE-7", "no").authorization()),
    ] {
        caller.authorization = authorization;

        let answer = caller.get("/v1/company/people/fields").await;

        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("x-ratelimit-limit"), "50");
    }
}

#[tokio::test]
async fn a_revoked_token_is_unauthorized_at_once() {
    let caller = Caller::new();
    caller.hibob.edit_user("SERVICE-7", |user| user.is_revoked = true);

    assert_eq!(caller.search(json!({})).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn after_fifty_401s_a_header_is_blocked_with_html_until_the_block_ends() {
    let caller = Caller::new();
    caller.hibob.set_limits(Limits {
        requests: None,
        block: Duration::from_millis(300),
        ..Limits::default()
    });
    caller.hibob.edit_user("SERVICE-7", |user| user.is_revoked = true);
    for _ in 0..50 {
        assert_eq!(caller.search(json!({})).await.status, StatusCode::UNAUTHORIZED);
    }
    caller
        .hibob
        .edit_user("SERVICE-7", |user| user.is_revoked = false);

    let blocked = caller.search(json!({})).await;
    tokio::time::sleep(Duration::from_millis(350)).await;

    assert_eq!(blocked.status, StatusCode::FORBIDDEN);
    assert!(blocked.is_html());
    assert_eq!(caller.search(json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn after_fifty_401s_an_address_is_blocked_with_every_header_it_sends() {
    let peer = ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 9)));
    let request = |credentials: &str| {
        let builder = Request::get("/v1/company/named-lists")
            .header(header::AUTHORIZATION, credentials)
            .extension(peer);
        builder.body(Body::empty()).unwrap()
    };
    let stranger = Caller {
        authorization: None,
        ..Caller::new()
    };
    stranger.hibob.set_limits(Limits {
        requests: None,
        ..Limits::default()
    });
    for turn in 0..50 {
        assert_eq!(
            stranger.send(request(&format!("Basic {turn}"))).await.status,
            StatusCode::UNAUTHORIZED
        );
    }

    let good = ServiceUser::all_seeing("SERVICE-7", "secret").authorization();
    assert_eq!(stranger.send(request(&good)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_service_user_in_no_permission_group_gets_403_and_fifty_of_them_block_it() {
    let caller = Caller::new();
    caller.hibob.set_limits(Limits {
        requests: None,
        ..Limits::default()
    });
    caller.hibob.edit_user("SERVICE-7", |user| user.view.clear());
    for _ in 0..50 {
        let answer = caller.search(json!({})).await;
        assert_eq!((answer.status, answer.is_html()), (StatusCode::FORBIDDEN, false));
    }

    assert!(caller.search(json!({})).await.is_html());
    assert!(caller.get("/v1/company/people/fields").await.is_html());
}

#[tokio::test]
async fn a_wrong_path_shows_the_web_app_with_200() {
    let caller = Caller::new();
    for path in ["/v1/people/123/variables", "/v1/people/search", "/v2/people", "/"] {
        let answer = caller.get(path).await;

        assert_eq!(
            (answer.status, answer.is_html()),
            (StatusCode::OK, true),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_get_that_says_it_carries_json_is_refused_with_html() {
    let caller = Caller::new();
    let request = Request::get("/v1/company/people/fields").header(header::CONTENT_TYPE, "application/json");

    let answer = caller.send(request.body(Body::empty()).unwrap()).await;

    assert_eq!((answer.status, answer.is_html()), (StatusCode::BAD_REQUEST, true));
}

#[tokio::test]
async fn a_boolean_in_capitals_leads_to_the_login_page() {
    let answer = Caller::new()
        .get("/v1/company/named-lists?includeArchived=True")
        .await;

    assert_eq!((answer.status, answer.is_html()), (StatusCode::OK, true));
}

#[tokio::test]
async fn searches_that_hibob_does_not_understand_get_400_with_key_error_and_args() {
    let caller = Caller::new();
    let filter = |path: &str, operator: &str, values: Value| json!({ "fieldPath": path, "operator": operator, "values": values });
    let good = filter("root.email", "equals", json!(["a@x.example"]));
    let fields = (0..401)
        .map(|number| format!("work.custom.field_{number}"))
        .collect::<Vec<_>>();
    for body in [
        json!({ "filters": [] }),
        json!({ "filters": [good, good] }),
        json!({ "filters": [filter("work.department", "equals", json!(["1"]))] }),
        json!({ "filters": [filter("root.email", "contains", json!(["a"]))] }),
        json!({ "filters": [filter("root.id", "equals", json!([]))] }),
        json!({ "fields": fields }),
        json!({ "humanReadable": "PLEASE" }),
        json!({ "showInactive": "yes" }),
    ] {
        let answer = caller.search(body.clone()).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(answer.json()["args"], json!([]));
        assert!(answer.json()["key"].is_string() && answer.json()["error"].is_string());
    }
    assert_eq!(
        caller.search(json!({ "filters": [good] })).await.status,
        StatusCode::OK
    );
    assert_eq!(
        caller.search(json!({ "fields": fields[..400] })).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_rate_limit_is_per_endpoint_and_announced() {
    let caller = Caller::new();
    caller.hibob.set_limits(Limits {
        requests: Some(2),
        retry_after: Some(9),
        ..Limits::default()
    });
    let first = caller.search(json!({})).await;
    caller.search(json!({})).await;

    let over = caller.search(json!({})).await;

    assert_eq!(
        (
            first.header("x-ratelimit-limit"),
            first.header("x-ratelimit-remaining")
        ),
        ("2", "1")
    );
    assert_eq!(
        (over.status, over.header("x-ratelimit-remaining")),
        (StatusCode::TOO_MANY_REQUESTS, "0")
    );
    assert_eq!(over.header("retry-after"), "9");
    let reset = over.header("x-ratelimit-reset").parse::<i64>().unwrap();
    let now = caller.hibob.requests()[0].at.as_second();
    assert!(
        (now..=now + 62).contains(&reset),
        "{reset} is not within a minute of {now}"
    );
    assert_eq!(
        caller.get("/v1/company/people/fields").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_429_can_come_without_a_body() {
    let caller = Caller::new();
    caller.hibob.set_limits(Limits {
        requests: Some(0),
        has_error_body: false,
        ..Limits::default()
    });

    assert!(caller.search(json!({})).await.body.is_empty());
}

#[tokio::test]
async fn what_was_asked_can_be_counted() {
    let caller = Caller::new();
    caller.search(json!({ "fields": ["root.id"] })).await;
    caller.send(post("/v1/people/nobody", &json!({}))).await;
    caller.get("/v1/nowhere").await;

    let requests = caller.hibob.requests();

    let seen = requests
        .iter()
        .map(|it| (it.endpoint, it.status.as_u16()))
        .collect::<Vec<_>>();
    assert_eq!(
        seen,
        [
            (Endpoint::Search, 200),
            (Endpoint::ReadEmployee, 404),
            (Endpoint::Unknown, 200)
        ]
    );
    assert_eq!(requests[0].company.as_deref(), Some("acme"));
    assert_eq!(requests[0].fields, ["root.id"]);
    assert!(!format!("{requests:?}").contains("secret"));
}
