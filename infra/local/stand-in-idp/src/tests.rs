use std::io::Write as _;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use tower::ServiceExt as _;

use crate::{Answer, Application, Person, Provider, Sign, Signer, Status};

const NOW: &str = "2026-11-24T02:30:00.75Z";
const ENTITY_ID: &str = "https://sp.example/metadata";
const ACS_URL: &str = "https://sp.example/acs";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn provider() -> Provider {
    let application = Application {
        entity_id: ENTITY_ID.to_owned(),
        acs_url: ACS_URL.to_owned(),
    };
    let provider = Provider::new("http://127.0.0.1:8081/acme/", "Acme", application, now).unwrap();
    provider.set_people(vec![Person {
        name: "Ada <b>".to_owned(),
        email: "ada@acme.example".to_owned(),
    }]);
    provider
}

fn request_of(issuer: &str, acs_url: &str) -> String {
    let xml = format!(
        "<p:AuthnRequest xmlns:p=\"p\" ID=\"_42\" AssertionConsumerServiceURL=\"{acs_url}\">\
         <a:Issuer xmlns:a=\"a\">{issuer}</a:Issuer></p:AuthnRequest>"
    );
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(xml.as_bytes()).unwrap();
    // As it stands in a query and in a form.
    BASE64_STANDARD
        .encode(encoder.finish().unwrap())
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

/// The status, the cookie that was set, and the page.
async fn send(provider: &Provider, request: Request<Body>) -> (StatusCode, Option<String>, String) {
    let response = provider.router().oneshot(request).await.unwrap();
    let cookie = response
        .headers()
        .get(SET_COOKIE)
        .map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, cookie, String::from_utf8(body.to_vec()).unwrap())
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    let request = Request::get(path).header(COOKIE, format!("other=1; {cookie}"));
    request.body(Body::empty()).unwrap()
}

fn form(path: &str, body: &str) -> Request<Body> {
    let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(body.to_owned())).unwrap()
}

/// The answer that a page posts.
fn posted(page: &str) -> String {
    let value = page.split("name=\"SAMLResponse\" value=\"").nth(1).unwrap();
    // The templates escape the `=` of base64 in no way and its `+` as a number.
    let value = value.split('"').next().unwrap().replace("&#43;", "+");
    String::from_utf8(BASE64_STANDARD.decode(value).unwrap()).unwrap()
}

#[tokio::test]
async fn somebody_logs_in_once_and_goes_straight_through_the_second_time() {
    let provider = provider();
    let request = request_of(ENTITY_ID, ACS_URL);
    let sign_on = format!("/sign-on?SAMLRequest={request}&RelayState=abc");

    let (status, cookie, page) = send(&provider, get(&sign_on, "")).await;
    assert_eq!((status, cookie), (StatusCode::OK, None));
    assert!(page.contains("value=\"ada@acme.example\""), "{page}");
    assert!(
        !page.contains("Ada <b>") && !page.contains("SAMLResponse"),
        "{page}"
    );

    let log_in = format!("email=ada%40acme.example&SAMLRequest={request}&RelayState=abc");
    let (_, cookie, page) = send(&provider, form("/log-in", &log_in)).await;
    assert!(posted(&page).contains("InResponseTo=\"_42\""));
    assert!(page.contains("name=\"RelayState\" value=\"abc\""), "{page}");

    let (_, _, page) = send(&provider, get(&sign_on, &cookie.unwrap())).await;
    assert!(posted(&page).contains(">ada@acme.example</saml:NameID>"));
}

#[tokio::test]
async fn the_tile_answers_no_request() {
    let provider = provider();

    let (_, cookie, page) = send(&provider, form("/log-in", "email=ada%40acme.example")).await;
    assert!(!posted(&page).contains("InResponseTo"));
    let (_, _, page) = send(&provider, get("/tile?RelayState=reports", &cookie.unwrap())).await;
    assert!(!posted(&page).contains("InResponseTo"));
    assert!(page.contains("name=\"RelayState\" value=\"reports\""), "{page}");
}

#[tokio::test]
async fn whoever_is_no_longer_there_is_signed_out() {
    let provider = provider();
    let (_, cookie, _) = send(&provider, form("/log-in", "email=ada%40acme.example")).await;
    let cookie = cookie.unwrap();
    provider.set_people(Vec::new());

    let (_, _, page) = send(&provider, get("/tile", &cookie)).await;
    assert!(page.contains("Nobody can sign in here"), "{page}");
    let (status, ..) = send(&provider, form("/log-in", "email=ada%40acme.example")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_the_application_that_is_set_up_gets_an_answer() {
    let provider = provider();
    for request in [
        request_of("https://other.example/", ACS_URL),
        request_of(ENTITY_ID, "https://other.example/acs"),
        "nonsense".to_owned(),
    ] {
        let path = format!("/sign-on?SAMLRequest={request}");
        let (status, _, page) = send(&provider, get(&path, "")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{page}");
    }
}

#[tokio::test]
async fn a_rolled_key_is_in_the_metadata_beside_the_one_before() {
    let provider = provider();
    let old = provider.signer().certificate_base64();
    provider.roll_key().unwrap();
    let new = provider.signer().certificate_base64();

    let (_, _, metadata) = send(&provider, get("/metadata", "")).await;
    assert!(old != new && metadata.contains(&old) && metadata.contains(&new));
    assert!(metadata.contains("entityID=\"http://127.0.0.1:8081/acme/metadata\""));
    assert!(metadata.contains("Location=\"http://127.0.0.1:8081/acme/sign-on\""));
}

#[test]
fn an_answer_has_its_parts_and_its_signatures() {
    let signer = Signer::generate().unwrap();
    let mut answer = Answer::to(
        ENTITY_ID,
        ACS_URL,
        "https://idp.example",
        "a&b@acme.example",
        now(),
    );
    let signatures = |answer: &Answer| answer.xml(&signer).matches("<ds:Signature ").count();

    for (sign, count) in [
        (Sign::Nothing, 0),
        (Sign::Assertion, 1),
        (Sign::Response, 1),
        (Sign::Both, 2),
    ] {
        answer.sign = sign;
        assert_eq!(signatures(&answer), count, "{sign:?}");
    }
    let xml = answer.xml(&signer);
    assert!(xml.contains("IssueInstant=\"2026-11-24T02:30:00Z\""), "{xml}");
    assert!(xml.contains(">a&amp;b@acme.example</saml:NameID>"), "{xml}");

    answer.name_id = None;
    assert!(!answer.xml(&signer).contains("NameID"));
    answer.status = Status::RequestDenied;
    assert!(!answer.xml(&signer).contains("<saml:Assertion"));
}
