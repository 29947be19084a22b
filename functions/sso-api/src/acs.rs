//! The assertion consumer: what becomes of a provider's answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use provisioning::TenantId;
use sign_in_store::{Accepted, Grant};
use single_sign_on::{
    Assertion, Check, Code, DeepLink, Expected, IdentityProvider, Pending, Portal, Purpose, Refusal,
    SsoSettings, answers_a_request,
};
use utoipa::ToSchema;

use crate::denial::Denial;
use crate::form::Form;
use crate::person::Person;
use crate::start::redirect;
use crate::trial::Trial;
use crate::visit::{Reached, Visit, guarded};
use crate::{SsoApi, cookie, page, waiting};

/// A provider's answer, as a browser posts it
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is of interest")]
pub(crate) struct ProviderAnswer {
    /// A SAML response in base64, up to 192 KiB.
    #[schema(
        rename = "SAMLResponse",
        example = "PHNhbWxwOlJlc3BvbnNlPi4uLjwvc2FtbHA6UmVzcG9uc2U+"
    )]
    saml_response: String,
    /// What was sent with the request.
    #[schema(rename = "RelayState", example = "AAECAwQFBgcICQoLDA0ODw")]
    relay_state: Option<String>,
}

/// Take a provider's answer
///
/// Checks it, finds the person's account, and sends the browser to the portal with a code. An answer that nobody asked for
/// signs nobody in: where the tenant allows it, the browser is sent to start a sign-in of its own. Public.
#[utoipa::path(post, path = "/sso/acs/{tenant}", tag = "browser", security(()),
    params(("tenant" = String, Path, description = "Whose provider answers", example = "acme")),
    request_body(content = ProviderAnswer, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A page: what a test sign-in found", body = String, content_type = "text/html"),
        (status = 303, description = "To the portal, with a code", headers(("Location" = String), ("Set-Cookie" = String))),
        (status = 400, description = "A page: not an answer, or not to a request of this browser", body = String, content_type = "text/html"),
        (status = 403, description = "A page: the answer failed a check, or the person may not", body = String, content_type = "text/html"),
        (status = 404, description = "A page: nobody can sign in here", body = String, content_type = "text/html"),
        (status = 413, description = "A page: larger than any answer is", body = String, content_type = "text/html"),
        (status = 500, description = "A page: our fault", body = String, content_type = "text/html"),
        (status = 503, description = "A page: later, please", body = String, content_type = "text/html")))]
pub(crate) async fn take_answer(
    State(api): State<Arc<SsoApi>>,
    mut visit: Visit,
    request: Request,
) -> Response {
    let reached = guarded(decide(&api, &mut visit, request)).await;
    visit.answer(&api, reached)
}

/// Refuse an answer by another binding
///
/// Providers that answer in the address, by HTTP-Redirect, meet a page and not a riddle. Public.
#[utoipa::path(get, path = "/sso/acs/{tenant}", tag = "browser", security(()),
    params(("tenant" = String, Path, description = "Whose provider answers", example = "acme")),
    responses(
        (status = 200, description = "A page: what a test sign-in found", body = String, content_type = "text/html"),
        (status = 404, description = "A page: nobody can sign in here", body = String, content_type = "text/html"),
        (status = 405, description = "A page: the answer has to be posted", body = String, content_type = "text/html")))]
pub(crate) async fn refuse_other_binding(
    State(api): State<Arc<SsoApi>>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let reached = unread(&api, &visit, &headers, Denial::WrongBinding);
    visit.answer(&api, reached)
}

/// A provider that answers no request, but opens us by itself whenever it is asked, would send a browser in circles.
const MOST_UNANSWERED: usize = 3;

/// What an answer is checked with.
struct Desk<'a> {
    api: &'a SsoApi,
    tenant: TenantId,
    settings: SsoSettings,
    provider: IdentityProvider,
    now: Timestamp,
}

async fn decide(api: &SsoApi, visit: &mut Visit, request: Request) -> Result<Reached, Denial> {
    let (parts, body) = request.into_parts();
    let (headers, tenant, now) = (parts.headers, visit.tenant()?, api.clock.now());
    let form = match Form::read(&headers, body).await {
        Ok(form) => form,
        Err(denial) => return unread(api, visit, &headers, denial),
    };
    // Before anything that can fail, so that whoever has to try again is led to the same place.
    let pending = waiting::named(api, visit, &tenant, &headers, &form, now)?;
    let (settings, provider) = api.provider(&tenant).await?;
    let desk = Desk {
        api,
        tenant,
        settings,
        provider,
        now,
    };
    if let Some(pending) = pending {
        return desk.answered(visit, &pending, &form).await;
    }
    if let Some(test) = waiting::test(api, &desk.tenant, &headers, now) {
        return Ok(desk.strayed(visit, &test, &form));
    }
    if answers_a_request(&form.saml_response) {
        return Err(Denial::StartedElsewhere);
    }
    desk.unsolicited(visit, &headers, &form).await
}

/// What cannot be read as an answer. An admin who waits for a test's sees at which check that is.
fn unread(api: &SsoApi, visit: &Visit, headers: &HeaderMap, denial: Denial) -> Result<Reached, Denial> {
    let tenant = visit.tenant()?;
    let trial = match denial {
        Denial::WrongBinding => Trial::OtherBinding,
        Denial::TooLarge => Trial::Refused(Refusal::TooLarge),
        Denial::UnreadableForm => Trial::Refused(Refusal::NotBase64),
        _ => return Err(denial),
    };
    match waiting::test(api, &tenant, headers, api.clock.now()) {
        Some(_) => Ok(shown(api, visit, &trial)),
        None => Err(denial),
    }
}

fn shown(api: &SsoApi, visit: &Visit, trial: &Trial) -> Reached {
    let page = trial.page(&api.settings_page_url);
    let response = page::answer(StatusCode::OK, &page, &visit.reference);
    Reached::new(trial.code(), response)
}

impl Desk<'_> {
    async fn answered(&self, visit: &mut Visit, pending: &Pending, form: &Form) -> Result<Reached, Denial> {
        let check = || self.check(form, expected(pending));
        match &pending.purpose {
            Purpose::Open { portal, deep_link } => {
                visit.is_sign_in = true;
                if !self.settings.enabled {
                    return Err(Denial::NotOffered);
                }
                self.open(&check()?, *portal, deep_link.as_ref()).await
            }
            Purpose::Test => {
                let trial = match check() {
                    Ok(assertion) => self.tried(&assertion).await?,
                    Err(refusal) => Trial::Refused(refusal),
                };
                Ok(shown(self.api, visit, &trial))
            }
        }
    }

    /// An answer that names no request of this browser, while it waits for a test's: most likely that, without the relay state.
    /// It is no more than looked at.
    fn strayed(&self, visit: &mut Visit, test: &Pending, form: &Form) -> Reached {
        visit.wanted = Some(Purpose::Test);
        visit.spent = cookie::take_back(&test.relay);
        let trial = match self.check(form, expected(test)) {
            Err(refusal) if refusal.check() < Check::Request => Trial::Refused(refusal),
            _ => Trial::NoRelayState,
        };
        shown(self.api, visit, &trial)
    }

    /// An answer that nobody asked for may have been planted. It is good for one thing, to start over from here.
    async fn unsolicited(
        &self,
        visit: &mut Visit,
        headers: &HeaderMap,
        form: &Form,
    ) -> Result<Reached, Denial> {
        if !self.settings.enabled {
            return Err(Denial::NotOffered);
        }
        if !self.settings.allow_unsolicited {
            return Err(Denial::Unsolicited);
        }
        if cookie::count(headers) >= MOST_UNANSWERED {
            return Err(Denial::Circling);
        }
        let assertion = self.check(form, Expected::Unsolicited)?;
        self.remember(&assertion, None).await?;
        let portal = form.relay_state.as_deref().and_then(|portal| portal.parse().ok());
        let portal = portal.unwrap_or(Portal::Rewards);
        visit.wanted = Some(Purpose::Open {
            portal,
            deep_link: None,
        });
        let start = self.api.service.start_url(&self.tenant, portal);
        Ok(Reached::new(
            "restarted",
            redirect(StatusCode::SEE_OTHER, &start)?,
        ))
    }

    fn check(&self, form: &Form, expected: Expected<'_>) -> Result<Assertion, Refusal> {
        let service = &self.api.service;
        service.consume(
            &self.tenant,
            &self.provider,
            &form.saml_response,
            expected,
            self.now,
        )
    }

    async fn open(
        &self,
        assertion: &Assertion,
        portal: Portal,
        deep_link: Option<&DeepLink>,
    ) -> Result<Reached, Denial> {
        let (api, tenant) = (self.api, &self.tenant);
        let person = match Person::find(api, tenant, &self.settings, &assertion.email, Some(portal)).await {
            // The answer is not used up by it.
            Err(fault @ Denial::Fault { .. }) => return Err(fault),
            person => person.and_then(|person| person.require(portal)),
        };
        let code = Code::from_random(api.random()?);
        let grant = person.as_ref().ok().map(|person| Grant {
            code: code.hash(),
            tenant: tenant.clone(),
            account: person.account.status.id.clone(),
            email: person.account.status.email.clone(),
            portal,
        });
        self.remember(assertion, grant.as_ref()).await?;
        person?;
        let landing = api.portals.landing(portal, deep_link, &code);
        Ok(Reached::new(
            "granted",
            redirect(StatusCode::SEE_OTHER, landing.as_str())?,
        ))
    }

    async fn tried(&self, assertion: &Assertion) -> Result<Trial, Denial> {
        let (api, tenant) = (self.api, &self.tenant);
        let person = match Person::find(api, tenant, &self.settings, &assertion.email, None).await {
            Err(fault @ Denial::Fault { .. }) => return Err(fault),
            person => person,
        };
        match self.remember(assertion, None).await.and(person) {
            Ok(person) => Ok(Trial::Passed {
                email: person.account.status.email,
                portals: person.standing.portals(),
                is_enabled: self.settings.enabled,
            }),
            Err(Denial::Replayed) => Ok(Trial::Replayed),
            Err(Denial::UnknownPerson(email)) => Ok(Trial::Unknown(email)),
            Err(Denial::SharedAddress(email)) => Ok(Trial::Shared(email)),
            Err(denial) => Err(denial),
        }
    }

    async fn remember(&self, assertion: &Assertion, grant: Option<&Grant>) -> Result<(), Denial> {
        let sign_ins = &self.api.sign_ins;
        let accepted = sign_ins.accept(
            &self.tenant,
            &assertion.key,
            assertion.good_until,
            grant,
            self.now,
        );
        match accepted.await? {
            Accepted::New => Ok(()),
            Accepted::Replayed => Err(Denial::Replayed),
        }
    }
}

fn expected(pending: &Pending) -> Expected<'_> {
    Expected::AnswerTo {
        request_id: &pending.request_id,
        relay: &pending.relay,
    }
}
