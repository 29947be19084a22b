//! The gateway with the template's own API and functions made for the test.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use embedded_aws::{SAMPLE_PARAMETERS, TEMPLATE, Template};
use jiff::{SignedDuration, Timestamp};
use lambda_http::RequestExt as _;
use serde_json::{Value, json};
use stand_in_gateway::{Gateway, TokenIssuer};
use startup::Clock;
use tower::ServiceExt as _;

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);
const ADMIN_ORIGIN: &str = "https://admin.example";

struct World {
    router: Router,
    issuer: TokenIssuer,
    token: String,
}

impl World {
    /// With a function behind the connection API that shows what it gets, and misbehaves on some paths.
    fn new() -> Self {
        let issuer = TokenIssuer::new("https://login.example", "hibob").unwrap();
        let mut parameters = SAMPLE_PARAMETERS.to_vec();
        parameters.extend([
            ("AdminOrigin", ADMIN_ORIGIN),
            ("JwtIssuer", "https://login.example"),
        ]);
        let template = Template::parse(TEMPLATE).unwrap();
        let clock = Clock::new(|| NOW);
        let function = Router::new()
            .route("/api/connection", any(mirror))
            .route("/api/runs", get(panic))
            .route("/api/runs/{run}", get(sleep))
            .route("/api/people/search", any(large))
            .route("/api/problems", get(with_headers));
        let sso = Router::new()
            .route("/sso/start/{tenant}/{portal}", get(away))
            .route("/sso/acs/{tenant}", any(mirror))
            .route("/sso/redeem", any(mirror));
        let gateway = Gateway::new(&template, &parameters, issuer.public_key(), clock).unwrap();
        let claims = issuer.claims("acme", "admin", NOW, SignedDuration::from_hours(1));
        Self {
            router: gateway
                .with_function("ConnectionApiFunction", function)
                .with_function("SsoApiFunction", sso)
                .into_router(),
            token: issuer.sign(&claims).unwrap(),
            issuer,
        }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        }
    }

    async fn ask_signed_in(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", &self.token).body(Body::empty());
        self.ask(request.unwrap()).await
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    #[track_caller]
    fn is_the_gateways(&self, status: u16, message: &str) {
        let answer = (self.status.as_u16(), &self.body);
        assert_eq!(answer, (status, &json!({"message": message})));
    }
}

async fn mirror(request: Request<Body>) -> Response<Body> {
    let path = request.uri().to_string();
    let context = serde_json::to_value(request.request_context_ref()).unwrap();
    let (parts, body) = request.into_parts();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| json!([name.as_str(), value.to_str().unwrap()]))
        .collect();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let shown = json!({"uri": path, "context": context, "headers": headers, "body": body.to_vec()});
    axum::Json(shown).into_response()
}

async fn panic() -> Bytes {
    panic!("as functions sometimes do")
}

async fn sleep() -> Bytes {
    tokio::time::sleep(Duration::from_hours(1)).await;
    Bytes::new()
}

async fn large() -> Vec<u8> {
    vec![b'x'; 7 * 1024 * 1024]
}

async fn away() -> Response<Body> {
    Response::builder()
        .status(StatusCode::FOUND)
        .header(
            "location",
            "https://provider.example/?SAMLRequest=a%2Bb&RelayState=c",
        )
        .header(
            "set-cookie",
            "__Host-sso-a=1; Path=/; Secure; HttpOnly; SameSite=None",
        )
        .header("set-cookie", "__Host-sso-b=; Path=/; Max-Age=0")
        .body(Body::empty())
        .unwrap()
}

async fn with_headers() -> Response<Body> {
    Response::builder()
        .header("access-control-allow-origin", "*")
        .header("set-cookie", "a=1")
        .header("set-cookie", "b=2")
        .header("etag", "\"7\"")
        .header("content-type", "application/octet-stream")
        .body(Body::from(&b"\xff\xfe"[..]))
        .unwrap()
}

#[tokio::test]
async fn a_function_sees_the_request_and_who_made_it() {
    let world = World::new();
    let request = Request::put("/api/connection?a=1&a=%20")
        .header("Authorization", format!("Bearer {}", world.token))
        .header("X-Twice", "1")
        .header("X-Twice", "2")
        .header("cookie", "c=1; d=2")
        .header("content-type", "application/json")
        .body(Body::from("{\"ü\":1}"));
    // The template has no such method on this path.
    world
        .ask(request.unwrap())
        .await
        .is_the_gateways(404, "Not Found");

    let request = Request::get("/api/connection?a=1&a=%20")
        .header("host", "api.example")
        .header("Authorization", format!("Bearer {}", world.token))
        .header("X-Twice", "1")
        .header("X-Twice", "2")
        .header("cookie", "c=1; d=2")
        .header("content-type", "application/octet-stream")
        .body(Body::from(&b"\xff\x00"[..]));
    let shown = world.ask(request.unwrap()).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.body["uri"], "http://api.example/api/connection?a=1&a=%20");
    let context = &shown.body["context"];
    assert_eq!(context["authorizer"]["jwt"]["claims"]["tenant"], "acme");
    assert_eq!(context["authorizer"]["jwt"]["claims"]["iat"], "1795000000");
    assert_eq!(context["routeKey"], "GET /api/connection");
    assert_eq!(context["timeEpoch"], 1_795_000_000_000_i64);
    assert_eq!(shown.body["body"], json!([255, 0]));
    let headers = shown.body["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["x-twice", "1,2"])), "{headers:?}");
    assert!(headers.contains(&json!(["cookie", "c=1; d=2"])), "{headers:?}");
}

#[tokio::test]
async fn without_a_good_token_no_function_is_asked() {
    let world = World::new();
    let answer = world
        .ask(Request::get("/api/connection").body(Body::empty()).unwrap())
        .await;
    answer.is_the_gateways(401, "Unauthorized");
    assert_eq!(answer.headers["www-authenticate"], "Bearer");

    let request = Request::get("/api/connection").header("authorization", format!("{}x", world.token));
    let answer = world.ask(request.body(Body::empty()).unwrap()).await;
    answer.is_the_gateways(401, "Unauthorized");
    let challenge = answer.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
}

#[tokio::test]
async fn what_is_not_a_route_is_not_found_whatever_the_token() {
    let world = World::new();
    for (method, path) in [
        ("GET", "/api"),
        ("DELETE", "/api/connection"),
        ("GET", "/api/connection/"),
        ("POST", "/api/problems"),
        ("OPTIONS", "/api/connection"),
    ] {
        let answer = world.ask_signed_in(method, path).await;
        answer.is_the_gateways(404, "Not Found");
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_that_fails_is_answered_for() {
    let world = World::new();
    let error = "Internal Server Error";
    let panicked = world.ask_signed_in("GET", "/api/runs").await;
    panicked.is_the_gateways(500, error);
    let stopped = world.ask_signed_in("GET", "/api/runs/1").await;
    stopped.is_the_gateways(500, error);
    let too_much = world.ask_signed_in("POST", "/api/people/search").await;
    too_much.is_the_gateways(500, error);
    let nobody = world.ask_signed_in("GET", "/api/mapping").await;
    nobody.is_the_gateways(500, error);
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let world = World::new();
    for size in [7, 11] {
        let request = Request::get("/api/connection")
            .header("authorization", &world.token)
            .header("content-type", "application/json")
            .body(Body::from(vec![b' '; size * 1024 * 1024]));
        let answer = world.ask(request.unwrap()).await;
        answer.is_the_gateways(413, "Request Entity Too Large");
    }
}

#[tokio::test]
async fn a_public_answer_comes_back_with_its_cookies_and_bytes_but_the_gateways_word_on_origins() {
    let world = World::new();
    let request = Request::get("/api/problems").body(Body::empty()).unwrap();
    let response = world.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(response.headers()["etag"], "\"7\"");
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    let body = to_bytes(response.into_body(), 10).await.unwrap();
    assert_eq!(body, &b"\xff\xfe"[..]);
}

#[tokio::test]
async fn a_redirection_comes_back_with_all_its_cookies() {
    let world = World::new();
    let request = Request::get("/sso/start/acme/rewards?to=/a%2Fb");
    let answer = world.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(
        answer.headers["location"],
        "https://provider.example/?SAMLRequest=a%2Bb&RelayState=c"
    );
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(
        cookies,
        [
            "__Host-sso-a=1; Path=/; Secure; HttpOnly; SameSite=None",
            "__Host-sso-b=; Path=/; Max-Age=0"
        ]
    );
}

#[tokio::test]
async fn a_form_that_another_site_posts_arrives_as_it_was_sent_with_all_cookies() {
    let world = World::new();
    let form = "SAMLResponse=PD94%2B%3D&RelayState=a+b";
    let request = Request::post("/sso/acs/acme")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://provider.example")
        .header("cookie", "__Host-sso-a=1; __Host-sso-b=2")
        .header("cookie", "__Host-sso-c=3")
        .body(Body::from(form));
    let shown = world.ask(request.unwrap()).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.body["body"], json!(form.as_bytes()));
    assert_eq!(shown.body["context"]["authorizer"], Value::Null);
    let headers = shown.body["headers"].as_array().unwrap();
    let cookies = json!(["cookie", "__Host-sso-a=1; __Host-sso-b=2; __Host-sso-c=3"]);
    assert!(headers.contains(&cookies), "{headers:?}");
}

#[tokio::test]
async fn only_a_backend_with_a_token_comes_to_what_redeems_codes() {
    let world = World::new();
    let request = Request::post("/sso/redeem").body(Body::empty()).unwrap();
    world.ask(request).await.is_the_gateways(401, "Unauthorized");

    let claims = world
        .issuer
        .backend_claims("portals", NOW, SignedDuration::from_mins(1));
    let request = Request::post("/sso/redeem")
        .header("authorization", world.issuer.sign(&claims).unwrap())
        .body(Body::empty());
    let shown = world.ask(request.unwrap()).await;
    let seen = &shown.body["context"]["authorizer"]["jwt"]["claims"];
    assert_eq!(seen["sub"], "portals");
    assert_eq!(seen["role"], "backend");
    assert_eq!(seen.get("tenant"), None);
}

#[tokio::test]
async fn only_pages_of_the_admin_origin_may_call() {
    let world = World::new();
    let preflight = |origin: &str| {
        Request::options("/api/connection")
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .body(Body::empty())
            .unwrap()
    };
    let answer = world.ask(preflight(ADMIN_ORIGIN)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.headers["access-control-allow-origin"], ADMIN_ORIGIN);
    assert_eq!(answer.headers["access-control-allow-methods"], "GET,POST,PUT");
    assert_eq!(
        answer.headers["access-control-allow-headers"],
        "authorization,content-type,if-match"
    );
    let other = world.ask(preflight("https://evil.example")).await;
    assert!(!other.headers.contains_key("access-control-allow-origin"));

    // Refusals too, or the page could not tell why.
    let request = Request::get("/api/connection").header("origin", ADMIN_ORIGIN);
    let refused = world.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers["access-control-allow-origin"], ADMIN_ORIGIN);
    assert_eq!(
        refused.headers["access-control-expose-headers"],
        "etag,location,retry-after"
    );
}
