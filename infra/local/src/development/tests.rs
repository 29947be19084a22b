use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION};
use embedded_aws::EmbeddedAws;
use jiff::Timestamp;
use stand_in_hibob::{Access, Company, ServiceUser};
use tower::ServiceExt as _;

use super::*;

const ORIGIN: &str = "http://127.0.0.1:8080";

async fn development() -> (Router, StandInHibob) {
    let hibob = StandInHibob::new();
    let company = Company::generate(5, 12, jiff::civil::date(2026, 11, 24));
    let name = company.name().to_owned();
    hibob.host("acme", company, ServiceUser::all_seeing("SERVICE-acme", "se<ret"));
    let development = Development {
        companies: vec![SampleCompany {
            tenant: "acme".parse().unwrap(),
            name,
            service_user: "SERVICE-acme".to_owned(),
        }],
        hibob: hibob.clone(),
        issuer: Arc::new(TokenIssuer::new("https://login.example", "hibob").unwrap()),
        clock: SimulatedClock::starting_at(Timestamp::UNIX_EPOCH),
        mailbox: EmbeddedAws::start(None).await.unwrap().mailbox(),
    };
    (development.into_router(), hibob)
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
        .header(HOST, "127.0.0.1:8080")
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
            "http://127.0.0.1:8080/?at=status",
            "http://127.0.0.1:8080/?at=status#access_token=",
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
        "http://127.0.0.1:8080.evil.example/",
        "http://127.0.0.1:8080@evil.example/",
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
