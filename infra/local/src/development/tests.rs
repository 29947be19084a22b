use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION};
use embedded_aws::EmbeddedAws;
use stand_in_hibob::{Access, Company, ServiceUser};
use tower::ServiceExt as _;

use super::*;
use crate::Addresses;

const ORIGIN: &str = "http://localhost:8080";

/// The pages around a system that never ran.
async fn development() -> (Router, StandInHibob) {
    let (router, hibob, _) = on_aws().await;
    (router, hibob)
}

/// The same as long as the AWS below is kept.
async fn on_aws() -> (Router, StandInHibob, EmbeddedAws) {
    let hibob = StandInHibob::new();
    let company = Company::generate(5, 12, jiff::civil::date(2026, 11, 24));
    let name = company.name().to_owned();
    hibob.host("acme", company, ServiceUser::all_seeing("SERVICE-acme", "se<ret"));
    let aws = EmbeddedAws::start(None).await.unwrap();
    let clock = SimulatedClock::starting_at("2026-11-24T09:00:00Z".parse().unwrap());
    let (addresses, config) = (Addresses::at(ORIGIN), aws.sdk_config());
    let system = LocalSystem::start_at(addresses, &config, "pages", ORIGIN, clock);
    let system = system.await.unwrap();
    let development = Development {
        companies: vec![SampleCompany {
            tenant: "acme".parse().unwrap(),
            name,
            service_user: "SERVICE-acme".to_owned(),
            identity_provider: Some("http://127.0.0.1:9/acme".to_owned()),
        }],
        hibob: hibob.clone(),
        mailbox: aws.mailbox(),
    };
    let router = development.around(&system).unwrap();
    (router, hibob, aws)
}

async fn ask(
    router: &Router,
    method: &str,
    path: &str,
    kind: &str,
    body: &str,
) -> (StatusCode, String, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "localhost:8080")
        .header(CONTENT_TYPE, kind)
        .body(Body::from(body.to_owned()));
    let response = router.clone().oneshot(request.unwrap()).await.unwrap();
    let location = response.headers().get(LOCATION);
    let location = location.map(|value| value.to_str().unwrap().to_owned());
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (
        status,
        location.unwrap_or_default(),
        String::from_utf8(body.into()).unwrap(),
    )
}

async fn post(router: &Router, path: &str, body: &str) -> (StatusCode, String) {
    let kind = "application/x-www-form-urlencoded";
    let (status, location, _) = ask(router, "POST", path, kind, body).await;
    (status, location)
}

#[tokio::test]
async fn signing_in_leads_back_with_the_token_in_the_fragment() {
    let (router, _) = development().await;
    for (return_to, begins) in [
        ("", "/#access_token="),
        ("/?at=mapping#x", "/?at=mapping#access_token="),
        (
            "http://localhost:8080/?at=status",
            "http://localhost:8080/?at=status#access_token=",
        ),
    ] {
        let form = format!(
            "tenant=acme&role=admin&return_to={}",
            return_to.replace('#', "%23")
        );
        let (status, location) = post(&router, "/dev/login", &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(location.starts_with(begins), "{location}");
        assert!(
            location.ends_with("&token_type=Bearer&expires_in=3600"),
            "{location}"
        );
    }
}

#[tokio::test]
async fn a_token_is_taken_to_no_other_origin_and_given_for_no_other_company() {
    let (router, _) = development().await;
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "http://localhost:8080.evil.example/",
        "http://localhost:8080@evil.example/",
        "javascript:alert(1)",
    ] {
        let form = format!("tenant=acme&role=admin&return_to={elsewhere}");
        assert_eq!(
            post(&router, "/dev/login", &form).await.0,
            StatusCode::BAD_REQUEST,
            "{elsewhere}"
        );
        let path = format!("/dev/login?return_to={elsewhere}");
        assert_eq!(
            ask(&router, "GET", &path, "", "").await.0,
            StatusCode::BAD_REQUEST,
            "{elsewhere}"
        );
    }
    let other = post(&router, "/dev/login", "tenant=other&role=admin").await;
    assert_eq!(other.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_script_gets_a_token_too() {
    let (router, _) = development().await;
    let body = r#"{"tenant":"acme","role":"member"}"#;
    let (status, _, body) = ask(&router, "POST", "/dev/token", "application/json", body).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.starts_with(r#"{"access_token":"ey"#), "{body}");
}

#[tokio::test]
async fn permissions_access_and_the_token_can_be_changed_and_what_is_shown_is_escaped() {
    let (router, hibob) = development().await;
    let (_, _, shown) = ask(&router, "GET", "/dev/hibob", "", "").await;
    assert!(
        shown.contains("SERVICE-acme") && shown.contains("se&#60;ret"),
        "{shown}"
    );
    assert!(shown.contains(r#"value="work" checked"#), "{shown}");

    let form = "category=root&category=about&access=employed&revoked=on";
    let (status, location) = post(&router, "/dev/hibob/acme", form).await;
    assert_eq!(
        (status, location.as_str()),
        (StatusCode::SEE_OTHER, "/dev/hibob#acme")
    );
    let user = hibob.edit_user("SERVICE-acme", |user| user.clone());
    assert_eq!(user.view.iter().collect::<Vec<_>>(), ["about", "root"]);
    assert_eq!(user.access, Access::EmployedOnly);
    assert!(user.is_revoked);
    assert_eq!(
        post(&router, "/dev/hibob/other", form).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_pages_are_there() {
    let (router, _) = development().await;
    let path = format!("/dev/login?return_to={ORIGIN}/");
    for (path, says) in [
        (path.as_str(), "Sign in as an administrator"),
        ("/dev/mails", "None so far."),
        (
            "/dev/dashboard",
            "href=\"http://localhost:8080/sso/start/acme/rewards\"",
        ),
        ("/dev/dashboard", "href=\"http://127.0.0.1:9/acme\""),
    ] {
        let (status, _, body) = ask(&router, "GET", path, "", "").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains(says), "{body}");
    }
}

#[tokio::test]
async fn a_new_token_takes_the_place_of_a_revoked_one() {
    let (router, hibob) = development().await;
    hibob.edit_user("SERVICE-acme", |user| user.is_revoked = true);
    post(&router, "/dev/hibob/acme/token", "").await;
    let user = hibob.edit_user("SERVICE-acme", |user| user.clone());
    assert_eq!((user.token.as_str(), user.is_revoked), ("se<ret-new", false));
}

#[tokio::test]
async fn a_provider_that_answers_in_the_address_leads_to_a_page_through_the_gateway() {
    let (router, _, _aws) = on_aws().await;
    let path = "/sso/acs/acme?SAMLResponse=fVFNa4NAEL0H8h9k7%2Bqu&RelayState=AAECAwQFBgcICQoLDA0ODw";
    let (status, _, body) = ask(&router, "GET", path, "", "").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{body}");
    assert!(body.starts_with("<!doctype html>"), "{body}");
}

#[tokio::test]
async fn requests_can_be_signed_and_the_settings_say_so() {
    let (router, _, _aws) = on_aws().await;
    let path = "/sso/metadata/acme?signed=true";
    let (status, _, metadata) = ask(&router, "GET", path, "", "").await;
    assert_eq!(status, StatusCode::OK, "{metadata}");

    let who = r#"{"tenant":"acme","role":"admin"}"#;
    let (.., token) = ask(&router, "POST", "/dev/token", "application/json", who).await;
    let token: serde_json::Value = serde_json::from_str(&token).unwrap();
    let request = Request::get("/api/sso").header(AUTHORIZATION, token["access_token"].as_str().unwrap());
    let request = request.body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let settings: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(settings["canSignRequests"], true, "{settings}");
}

#[tokio::test]
async fn a_portal_signs_nobody_in_without_a_good_code() {
    let (router, _, _aws) = on_aws().await;
    let never_given = "A".repeat(43);
    for (path, says) in [
        ("/dev/portals/rewards".to_owned(), "The way here is by a link"),
        (format!("/dev/portals/rewards?code={never_given}"), "(404)"),
        ("/dev/portals/admin/teams/7?tab=b&code=x".to_owned(), "(404)"),
    ] {
        let (status, _, body) = ask(&router, "GET", &path, "", "").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        assert!(
            body.contains("You are not signed in") && body.contains(says),
            "{body}"
        );
        assert!(!body.contains(&never_given), "{body}");
    }
    let (status, ..) = ask(&router, "GET", "/dev/portals/payroll?code=x", "", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
