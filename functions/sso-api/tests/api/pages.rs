use axum::body::Body;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_api::testing::request_with_claims;
use ring::digest::{SHA256, digest};
use serde_json::json;
use sso_api::StartError;
use stand_in_idp::Signer;

use crate::harness::Site;

#[tokio::test]
async fn a_page_shows_its_own_style_and_nothing_that_anybody_else_made() {
    let site = Site::start().await;
    let page = site.get("/sso/start/nobody/rewards").await;
    let style = page
        .body
        .split("<style>")
        .nth(1)
        .unwrap()
        .split("</style>")
        .next()
        .unwrap();
    let hash = BASE64_STANDARD.encode(digest(&SHA256, style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    assert_eq!(page.header("content-security-policy"), policy);
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.body.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(!page.body.contains("<script") && !page.body.contains(" style="));
}

#[tokio::test]
async fn a_page_names_the_request_by_which_support_finds_it() {
    let site = Site::start().await;
    let mut request = request_with_claims(&json!({}));
    let context = json!({"requestId": "Zf3bXh1rDoEEJxw=", "http": {"method": "GET"}});
    let context: lambda_http::request::RequestContext = serde_json::from_value(context).unwrap();
    request.extensions_mut().insert(context);
    *request.uri_mut() = "/sso/start/nobody/rewards".parse().unwrap();
    *request.body_mut() = Body::empty();
    let page = site.send(request).await;
    assert!(
        page.body.contains("<code>Zf3bXh1rDoEEJxw=</code>"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn a_function_without_the_key_of_its_cookies_does_not_start() {
    let missing = Site::start_with(&[("SSO_COOKIE_KEY_SECRET", "nothing")]).await;
    assert!(matches!(missing, Err(StartError::SecretUnreadable { .. })));
    // The one for signing holds `{}`, which is far too short to seal anything with.
    let short = Site::start_with(&[("SSO_COOKIE_KEY_SECRET", "hithrive-hibob-sso/test/signing-key")]).await;
    assert!(matches!(short, Err(StartError::CookieKey(_))));
    let address = Site::start_with(&[("PORTAL_ADMIN_URL", "http://hithrive.example")]).await;
    assert!(matches!(address, Err(StartError::Address(_))));
}

#[tokio::test]
async fn a_key_for_requests_that_cannot_be_used_keeps_nobody_out_who_needs_none() {
    // One names no secret, one holds no JSON.
    for secret in ["nothing", "hithrive-hibob-sso/test/cookie-key"] {
        works_without_key(
            &Site::start_with(&[("SSO_SIGNING_KEY_SECRET", secret)])
                .await
                .unwrap(),
        )
        .await;
    }
    let no_key = json!({"privateKey": "secret", "certificate": "secret"}).to_string();
    works_without_key(&Site::start_with_key(&no_key).await).await;
}

async fn works_without_key(site: &Site) {
    let put = async |sign_requests| {
        site.save("acme", |settings| {
            settings.provider = Some(crate::harness::provider("acme", &[&crate::harness::ACME]));
            settings.enabled = true;
            settings.sign_requests = sign_requests;
        })
        .await;
    };
    put(false).await;
    assert_eq!(site.get("/sso/start/acme/rewards").await.status, 302);
    put(true).await;
    let reply = site.get("/sso/start/acme/rewards").await;
    reply.is_page(403, "has no key for that yet");
}

#[tokio::test]
async fn with_a_key_requests_are_signed_and_metadata_shows_its_certificate() {
    let signer = Signer::generate().unwrap();
    let key = json!({"privateKey": signer.private_key_pem(), "certificate": signer.certificate_pem()});
    let site = Site::start_with_key(&key.to_string()).await;
    let metadata = site.get("/sso/metadata/acme?signed=true").await;
    assert_eq!(metadata.status, 200);
    let base64 = |text: &str| text.split_whitespace().collect::<String>();
    assert!(
        base64(&metadata.body).contains(&signer.certificate_base64()),
        "{}",
        metadata.body
    );
    assert!(metadata.body.contains("AuthnRequestsSigned=\"true\""));
    let plain = site.get("/sso/metadata/acme").await;
    assert!(!plain.body.contains("AuthnRequestsSigned=\"true\""));

    site.save("acme", |settings| {
        settings.provider = Some(crate::harness::provider("acme", &[&crate::harness::ACME]));
        settings.enabled = true;
        settings.sign_requests = true;
    })
    .await;
    let reply = site.get("/sso/start/acme/rewards").await;
    let location = reply.header("location");
    assert!(
        location.contains("&SigAlg=") && location.contains("&Signature="),
        "{location}"
    );
}
