use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use jiff::Timestamp;

use crate::xml::{SAMLP, text};
use crate::{Answer, Error, Request, Sign, Signer, pages};

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// A company's identity provider as a web site. Clones are the same provider.
#[derive(Clone)]
pub struct Provider {
    shared: Arc<Shared>,
}

/// The one application that a provider signs people in to: what an administrator enters there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its entity id.
    pub entity_id: String,
    /// Where answers are posted.
    pub acs_url: String,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As the log-in page shows it.
    pub name: String,
    /// As an answer names the person.
    pub email: String,
}

struct Shared {
    /// Without a slash at the end.
    url: String,
    name: String,
    application: Application,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    signer: Arc<Signer>,
    previous: Option<Arc<Signer>>,
    sign: Sign,
    people: Vec<Person>,
    /// E-mail addresses by the secret in a browser's cookie.
    sessions: BTreeMap<String, String>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Provider")
            .field("url", &self.shared.url)
            .field("application", &self.shared.application)
            .finish_non_exhaustive()
    }
}

impl Provider {
    /// A provider of this name with a key of its own and nobody in it, to be served at an address such as
    /// `http://127.0.0.1:8081` or below one, as `http://127.0.0.1:8081/acme`.
    ///
    /// It signs assertions, at the instants that the clock gives.
    pub fn new(
        url: &str,
        name: &str,
        application: Application,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        Ok(Self {
            shared: Arc::new(Shared {
                url: url.trim_end_matches('/').to_owned(),
                name: name.to_owned(),
                application,
                now: Box::new(now),
                state: Mutex::new(State {
                    signer: Arc::new(Signer::generate()?),
                    previous: None,
                    sign: Sign::Assertion,
                    people: Vec::new(),
                    sessions: BTreeMap::new(),
                }),
            }),
        })
    }

    /// Its pages: `/`, `/metadata`, `/sign-on`, `/log-in`, `/log-out` and `/tile`, all relative to its address.
    pub fn router(&self) -> Router {
        pages::router(self.clone())
    }

    /// Replaces the people who can sign in. Whoever is no longer among them is signed out.
    pub fn set_people(&self, people: Vec<Person>) {
        self.state().people = people;
    }

    /// Chooses what answers have signed from now on.
    pub fn set_sign(&self, sign: Sign) {
        self.state().sign = sign;
    }

    /// Signs with a new key from now on. The metadata has the certificates of both.
    pub fn roll_key(&self) -> Result<(), Error> {
        let signer = Arc::new(Signer::generate()?);
        let mut state = self.state();
        let previous = std::mem::replace(&mut state.signer, signer);
        state.previous = Some(previous);
        Ok(())
    }

    /// The key it signs with.
    #[must_use]
    pub fn signer(&self) -> Arc<Signer> {
        self.state().signer.clone()
    }

    /// Where it is served, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Its entity id, which is where its metadata are.
    #[must_use]
    pub fn entity_id(&self) -> String {
        format!("{}/metadata", self.shared.url)
    }

    /// Where requests are sent.
    #[must_use]
    pub fn sign_on_url(&self) -> String {
        format!("{}/sign-on", self.shared.url)
    }

    /// Where somebody starts without a request.
    #[must_use]
    pub fn tile_url(&self) -> String {
        format!("{}/tile", self.shared.url)
    }

    /// What an administrator uploads to the application.
    #[must_use]
    pub fn metadata(&self) -> String {
        let (entity_id, sign_on_url) = (text(&self.entity_id()), text(&self.sign_on_url()));
        let state = self.state();
        let mut keys = key_descriptor(&state.signer);
        keys.extend(state.previous.as_deref().map(key_descriptor));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <md:EntityDescriptor xmlns:md=\"{METADATA}\" entityID=\"{entity_id}\">\
             <md:IDPSSODescriptor protocolSupportEnumeration=\"{SAMLP}\" WantAuthnRequestsSigned=\"false\">{keys}\
             <md:NameIDFormat>{}</md:NameIDFormat>\
             <md:SingleSignOnService Binding=\"{REDIRECT}\" Location=\"{sign_on_url}\"></md:SingleSignOnService>\
             </md:IDPSSODescriptor></md:EntityDescriptor>",
            crate::EMAIL_FORMAT
        )
    }

    /// The answer to a request, or without one, about somebody.
    #[must_use]
    pub fn answer(&self, email: &str, request: Option<&Request>) -> String {
        let Application { entity_id, acs_url } = &self.shared.application;
        let mut answer = Answer::to(entity_id, acs_url, &self.entity_id(), email, (self.shared.now)());
        if let Some(request) = request {
            answer = answer.answering(&request.id);
        }
        let (sign, signer) = {
            let state = self.state();
            (state.sign, state.signer.clone())
        };
        answer.sign = sign;
        answer.post(&signer)
    }

    pub(crate) fn name(&self) -> &str {
        &self.shared.name
    }

    pub(crate) fn application(&self) -> &Application {
        &self.shared.application
    }

    pub(crate) fn people(&self) -> Vec<Person> {
        self.state().people.clone()
    }

    pub(crate) fn person(&self, email: &str) -> Option<Person> {
        self.state()
            .people
            .iter()
            .find(|person| person.email == email)
            .cloned()
    }

    /// Signs somebody in; the secret is for the cookie.
    pub(crate) fn open_session(&self, person: &Person) -> String {
        let secret = format!("{:032x}", rand::random::<u128>());
        self.state().sessions.insert(secret.clone(), person.email.clone());
        secret
    }

    pub(crate) fn close_session(&self, secret: &str) {
        self.state().sessions.remove(secret);
    }

    pub(crate) fn signed_in(&self, secret: &str) -> Option<Person> {
        let email = self.state().sessions.get(secret)?.clone();
        self.person(&email)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key_descriptor(signer: &Signer) -> String {
    let certificate = signer.certificate_base64();
    format!(
        "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"{DSIG}\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}
