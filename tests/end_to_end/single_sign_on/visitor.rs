//! A browser, as far as signing in goes: it keeps cookies, follows redirections and posts forms.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::office::Office;
use crate::harness::World;
use crate::settings::admin::{Admin, Answer};

/// Somebody at a browser.
pub(crate) struct Visitor {
    gateway: Router,
    ours: BTreeMap<String, String>,
    theirs: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// What a provider's page posts to us.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    pub(crate) path: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Visitor {
    /// With an empty browser.
    pub(crate) fn of(world: &World) -> Self {
        Self {
            gateway: world.system.http().unwrap(),
            ours: BTreeMap::new(),
            theirs: BTreeMap::new(),
        }
    }

    /// Clicks a link of the dashboard and goes the whole way, up to what we answer at its end.
    pub(crate) async fn open(&mut self, office: &Office<'_>, portal: &str, email: &str) -> Page {
        let posted = self.answer(office, portal, email).await;
        self.post(&posted).await
    }

    /// The same up to the provider's answer, which is not posted yet.
    pub(crate) async fn answer(&mut self, office: &Office<'_>, portal: &str, email: &str) -> Posted {
        let path = format!("/sso/start/{}/{portal}", office.tenant);
        self.answer_from(office, &path, email).await
    }

    /// The same from any of our pages that leads to the provider.
    pub(crate) async fn answer_from(&mut self, office: &Office<'_>, path: &str, email: &str) -> Posted {
        office.hire(email);
        let started = self.get(path).await;
        assert_eq!(started.status, StatusCode::FOUND, "{}", started.text);
        self.log_in(office, started.location(), email).await
    }

    /// Follows a link to the provider, and logs in there unless it knows the browser.
    pub(crate) async fn log_in(&mut self, office: &Office<'_>, link: &str, email: &str) -> Posted {
        let below = link
            .strip_prefix(office.provider.url())
            .unwrap_or_else(|| panic!("{link} is not the provider's"));
        let request = Request::get(below).body(Body::empty()).unwrap();
        let mut page = send(&office.provider.router(), &mut self.theirs, request).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        if !page.text.contains("SAMLResponse") {
            let mut fields = page.hidden_fields();
            fields.push(("email".to_owned(), email.to_owned()));
            page = send(
                &office.provider.router(),
                &mut self.theirs,
                form("/log-in", &fields),
            )
            .await;
        }
        let action = page
            .text
            .split("action=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        Posted {
            path: path_of(&action.replace("&#47;", "/")),
            fields: page.hidden_fields(),
        }
    }

    /// Asks for one of our pages.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = Request::get(path).header(HOST, "hibob.hithrive.example");
        let request = request.body(Body::empty()).unwrap();
        send(&self.gateway, &mut self.ours, request).await
    }

    /// Posts a provider's answer to us.
    pub(crate) async fn post(&mut self, posted: &Posted) -> Page {
        send(&self.gateway, &mut self.ours, form(&posted.path, &posted.fields)).await
    }

    /// Which cookies of ours the browser keeps.
    pub(crate) fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.ours
    }

    /// Whether the provider would ask who this is.
    pub(crate) fn is_logged_in(&self) -> bool {
        !self.theirs.is_empty()
    }
}

impl Page {
    /// Where it leads.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get(LOCATION);
        location
            .unwrap_or_else(|| panic!("{} leads nowhere: {}", self.status, self.text))
            .to_str()
            .unwrap()
    }

    /// The code, and the address without it.
    #[track_caller]
    pub(crate) fn landing(&self) -> (String, String) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        let (before, code) = self.location().split_once("code=").unwrap();
        (code.to_owned(), before.trim_end_matches(['?', '&']).to_owned())
    }

    /// A page that says something, and gives no code.
    #[track_caller]
    pub(crate) fn refuses(&self, status: u16, words: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert!(self.text.contains(words), "{words:?} is not in {}", self.text);
        assert!(
            self.headers.get(LOCATION).is_none() && !self.text.contains("code="),
            "{self:?}"
        );
        assert_eq!(self.headers["cache-control"], "no-store");
        assert_eq!(self.headers["referrer-policy"], "no-referrer");
    }

    fn hidden_fields(&self) -> Vec<(String, String)> {
        let inputs = self.text.split("<input type=\"hidden\" name=\"").skip(1);
        let fields = inputs.map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            let value = rest
                .split('"')
                .next()
                .unwrap()
                .replace("&#43;", "+")
                .replace("&#61;", "=");
            (name.to_owned(), value)
        });
        fields.collect()
    }
}

impl Posted {
    /// The answer as XML.
    pub(crate) fn xml(&self) -> String {
        let answer = &self
            .fields
            .iter()
            .find(|(name, _)| name == "SAMLResponse")
            .unwrap()
            .1;
        String::from_utf8(BASE64_STANDARD.decode(answer).unwrap()).unwrap()
    }

    /// The same with another answer.
    pub(crate) fn with_xml(mut self, xml: &str) -> Self {
        let fields = self.fields.iter_mut().filter(|(name, _)| name == "SAMLResponse");
        fields.for_each(|(_, answer)| *answer = BASE64_STANDARD.encode(xml));
        self
    }

    /// The same, to another tenant.
    pub(crate) fn to(mut self, tenant: &str) -> Self {
        self.path = format!("/sso/acs/{tenant}");
        self
    }
}

/// Redeems a code as HiThrive's backend does.
pub(crate) async fn redeem(world: &World, code: &str) -> Answer {
    let subject = &world.system.provisioned.functions["SsoApiFunction"]["PORTAL_BACKEND_SUBJECT"];
    redeem_as(world, subject, code).await
}

/// The same as any other backend.
pub(crate) async fn redeem_as(world: &World, subject: &str, code: &str) -> Answer {
    let issuer = &world.system.issuer;
    let claims = issuer.backend_claims(subject, world.system.clock.now(), SignedDuration::from_mins(5));
    let backend = Admin::with_token(world, issuer.sign(&claims).unwrap());
    backend.post("/sso/redeem", json!({"code": code})).await
}

/// What a code must be good for.
pub(crate) fn sign_in(office: &Office<'_>, account: &team_directory::Account, portal: &str) -> Value {
    json!({
        "tenant": office.tenant,
        "accountId": account.status.id,
        "email": account.status.email,
        "portal": portal,
    })
}

async fn send(site: &Router, cookies: &mut BTreeMap<String, String>, mut request: Request<Body>) -> Page {
    if !cookies.is_empty() {
        let pairs: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request
            .headers_mut()
            .insert(COOKIE, pairs.join("; ").parse().unwrap());
    }
    let response = site.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    for cookie in parts.headers.get_all(SET_COOKIE) {
        keep(cookies, cookie.to_str().unwrap());
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Page {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}

fn keep(cookies: &mut BTreeMap<String, String>, cookie: &str) {
    let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
    if cookie.contains("Max-Age=0") {
        cookies.remove(name);
    } else {
        cookies.insert(name.to_owned(), value.to_owned());
    }
}

fn form(path: &str, fields: &[(String, String)]) -> Request<Body> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Request::post(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(HOST, "hibob.hithrive.example")
        .body(Body::from(body))
        .unwrap()
}

/// Without scheme and host.
fn path_of(url: &str) -> String {
    let behind_scheme = url.split_once("://").unwrap().1;
    behind_scheme[behind_scheme.find('/').unwrap()..].to_owned()
}
