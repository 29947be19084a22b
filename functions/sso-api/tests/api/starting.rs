use axum::body::Body;
use axum::extract::Request;

use crate::browser::parameter;
use crate::harness::Site;

#[tokio::test]
async fn a_link_leads_to_the_tenants_provider_and_writes_nothing() {
    let site = Site::start().await;
    let reply = site.get("/sso/start/acme/rewards").await;
    assert_eq!(reply.status, 302);
    let location = reply.header("location");
    assert!(
        location.starts_with("https://acme.idp.example/sso?"),
        "{location}"
    );
    let relay = parameter(location, "RelayState").unwrap();
    let [cookie] = reply.cookies()[..] else {
        panic!("{reply:?}")
    };
    assert!(cookie.starts_with(&format!("__Host-sso-{relay}=")), "{cookie}");
    let attributes = "; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=600";
    assert!(cookie.ends_with(attributes), "{cookie}");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert_eq!(site.records().await, 0);
}

#[tokio::test]
async fn the_request_names_the_tenant_s_own_side_of_us() {
    let site = Site::start().await;
    let reply = site.get("/sso/start/globex/admin").await;
    let request = parameter(reply.header("location"), "SAMLRequest").unwrap();
    let request = stand_in_idp::Request::read(&request).unwrap();
    assert_eq!(
        request.issuer,
        "https://hibob.hithrive.example/sso/metadata/globex"
    );
    assert_eq!(
        request.destination.as_deref(),
        Some("https://globex.idp.example/sso")
    );
}

#[tokio::test]
async fn two_tabs_have_a_request_and_a_cookie_each() {
    let site = Site::start().await;
    let (first, second) = (
        site.begin("/sso/start/acme/rewards").await,
        site.begin("/sso/start/acme/rewards").await,
    );
    assert_ne!(first.request_id, second.request_id);
    assert_ne!(first.relay, second.relay);
    let both = format!("{}; {}", first.cookie, second.cookie);
    for begun in [second, first] {
        let answer = site
            .answer("acme", &begun, "ada@acme.example")
            .post(&crate::harness::ACME);
        let form = crate::browser::form(&[("SAMLResponse", &answer), ("RelayState", &begun.relay)]);
        assert_eq!(site.post("acme", form, &both).await.status, 303);
    }
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nothing_of_why() {
    let site = Site::start().await;
    site.save("globex", |settings| settings.enabled = false).await;
    site.save("initech", |settings| settings.enabled = true).await;
    let unknown = site.get("/sso/start/nobody/rewards").await;
    unknown.is_page(404, "You cannot sign in to HiThrive here");
    for path in [
        "/sso/start/globex/rewards",
        "/sso/start/initech/rewards",
        "/sso/start/acme/payroll",
        "/sso/start/acme/Rewards",
        "/sso/start/no%23body/rewards",
        "/sso/start/%ff/rewards",
        "/sso/test/nobody",
        "/sso/test/initech",
    ] {
        let reply = site.get(path).await;
        assert_eq!(
            (reply.status, &reply.body),
            (unknown.status, &unknown.body),
            "{path}"
        );
        assert_eq!(reply.headers, unknown.headers, "{path}");
    }
}

#[tokio::test]
async fn a_link_that_leaves_the_portals_is_refused() {
    let site = Site::start().await;
    for to in [
        "",
        "https://evil.example",
        "//evil.example",
        "/%2F%2Fevil.example",
        "/\\evil.example",
        "/%5Cevil.example",
        "/../admin",
        "/%2e%2e/admin",
        "/a%0d%0aSet-Cookie:x=1",
        "/a%23b",
        "/a?code=1",
        "javascript:alert(1)",
        "@evil.example",
    ] {
        let query = crate::browser::form(&[("to", to)]);
        let reply = site.get(&format!("/sso/start/acme/rewards?{query}")).await;
        reply.is_page(400, "This link does not lead into HiThrive");
        assert!(reply.cookies().is_empty(), "{to}");
        assert!(!reply.body.contains("evil"), "{to}");
    }
    let twice = site.get("/sso/start/acme/rewards?to=/a&to=/b").await;
    twice.is_page(400, "This link does not lead into HiThrive");
}

#[tokio::test]
async fn a_link_may_carry_what_we_do_not_know() {
    let site = Site::start().await;
    let reply = site
        .get("/sso/start/acme/rewards?utm_source=hibob&utm_source=x")
        .await;
    assert_eq!(reply.status, 302);
}

#[tokio::test]
async fn a_browser_that_collects_requests_is_rid_of_the_oldest() {
    let site = Site::start().await;
    let mut cookies = Vec::new();
    for _ in 0..5 {
        cookies.push(site.begin("/sso/start/acme/rewards").await.cookie);
    }
    let request = Request::get("/sso/start/acme/rewards").header("cookie", cookies.join("; "));
    let reply = site.send(request.body(Body::empty()).unwrap()).await;
    let set = reply.cookies();
    assert_eq!(set.len(), 2);
    let oldest = cookies[0].split('=').next().unwrap();
    assert!(set[0].starts_with(&format!("{oldest}=; ")) && set[0].ends_with("Max-Age=0"));
    assert!(set[1].ends_with("Max-Age=600"));
}

#[tokio::test]
async fn a_page_that_fetches_a_link_leaves_nothing_in_the_browser() {
    let site = Site::start().await;
    for (mode, status, cookies) in [("no-cors", 400, 0), ("cors", 400, 0), ("navigate", 302, 1)] {
        for path in ["/sso/start/acme/rewards", "/sso/test/acme"] {
            let request = Request::get(path).header("sec-fetch-mode", mode);
            let reply = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(
                (reply.status.as_u16(), reply.cookies().len()),
                (status, cookies),
                "{mode}"
            );
        }
    }
}

#[tokio::test]
async fn a_tenant_that_wants_signed_requests_hears_that_there_is_no_key() {
    let site = Site::start().await;
    site.save("acme", |settings| settings.sign_requests = true).await;
    site.get("/sso/start/acme/rewards")
        .await
        .is_page(403, "has no key for that yet");
}

#[tokio::test]
async fn metadata_is_the_same_for_whoever_is_asked_about() {
    let site = Site::start().await;
    let acme = site.get("/sso/metadata/acme").await;
    assert_eq!(acme.status, 200);
    assert_eq!(acme.header("content-type"), "application/samlmetadata+xml");
    assert!(
        acme.body.contains("https://hibob.hithrive.example/sso/acs/acme"),
        "{}",
        acme.body
    );
    let nobody = site.get("/sso/metadata/nobody").await;
    assert_eq!(nobody.status, 200);
    assert_eq!(nobody.body.replace("nobody", "acme").len(), acme.body.len());
    assert_eq!(site.get("/sso/metadata/no%23body").await.problem(), "not-found");
    assert_eq!(
        site.get("/sso/metadata/acme?signed=true").await.problem(),
        "not-found"
    );
}
