use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};

use crate::signature::signature;
use crate::xml::{SAML, SAMLP, attributes, instant, text};
use crate::{Algorithm, Signer};

/// The format of a `NameID` that is an e-mail address.
pub const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// An answer of an identity provider, every part of it open to be bent.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The id of the `Response`.
    pub response_id: String,
    /// The id of the `Assertion`.
    pub assertion_id: String,
    /// When it was written.
    pub issued_at: Timestamp,
    /// The identity provider's entity id, in the `Assertion`.
    pub issuer: String,
    /// The same in the `Response`.
    pub response_issuer: Option<String>,
    /// Where the `Response` is to be posted.
    pub destination: Option<String>,
    /// The request that the `Response` says it answers. Not covered by a signature over the assertion.
    pub response_in_response_to: Option<String>,
    /// The request that the assertion's subject confirmation says it answers.
    pub in_response_to: Option<String>,
    /// Whether it worked.
    pub status: Status,
    /// Who it is.
    pub name_id: Option<String>,
    /// What kind of name that is.
    pub name_id_format: Option<String>,
    /// Where the assertion may be delivered.
    pub recipient: Option<String>,
    /// Whom the assertion is for.
    pub audience: Option<String>,
    /// From when on it holds.
    pub not_before: Option<Timestamp>,
    /// Until when it holds, in the conditions.
    pub not_on_or_after: Option<Timestamp>,
    /// Until when it may be delivered, in the subject confirmation.
    pub deliver_before: Option<Timestamp>,
    /// Further conditions, as XML in canonical form.
    pub more_conditions: String,
    /// When the person's session at the provider ends.
    pub session_ends_at: Option<Timestamp>,
    /// What is signed.
    pub sign: Sign,
    /// The hash that is signed.
    pub algorithm: Algorithm,
    /// The hash over the signed element.
    pub digest: Algorithm,
}

/// Which elements carry a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The usual.
    Assertion,
    /// The whole answer.
    Response,
    /// First the assertion, then the answer around it.
    Both,
    /// None.
    Nothing,
}

/// What the provider says of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The person is signed in.
    Success,
    /// The provider could not authenticate anybody.
    AuthenticationFailed,
    /// The person may not use this application.
    RequestDenied,
}

impl Answer {
    /// A good answer of this issuer about this person to a service provider with this entity id and address, signed on
    /// the assertion; unsolicited until [`Answer::answering`] says otherwise.
    #[must_use]
    pub fn to(entity_id: &str, acs_url: &str, issuer: &str, name_id: &str, now: Timestamp) -> Self {
        Self {
            response_id: random_id(),
            assertion_id: random_id(),
            issued_at: now,
            issuer: issuer.to_owned(),
            response_issuer: Some(issuer.to_owned()),
            destination: Some(acs_url.to_owned()),
            response_in_response_to: None,
            in_response_to: None,
            status: Status::Success,
            name_id: Some(name_id.to_owned()),
            name_id_format: Some(EMAIL_FORMAT.to_owned()),
            recipient: Some(acs_url.to_owned()),
            audience: Some(entity_id.to_owned()),
            not_before: Some(now - SignedDuration::from_secs(30)),
            not_on_or_after: Some(now + SignedDuration::from_mins(5)),
            deliver_before: Some(now + SignedDuration::from_mins(5)),
            more_conditions: String::new(),
            session_ends_at: None,
            sign: Sign::Assertion,
            algorithm: Algorithm::Sha256,
            digest: Algorithm::Sha256,
        }
    }

    /// The answer to a request with this id.
    #[must_use]
    pub fn answering(mut self, request_id: &str) -> Self {
        self.response_in_response_to = Some(request_id.to_owned());
        self.in_response_to = Some(request_id.to_owned());
        self
    }

    /// The answer as XML, signed as it says.
    #[must_use]
    pub fn xml(&self, signer: &Signer) -> String {
        let mut assertion = self.assertion();
        if matches!(self.sign, Sign::Assertion | Sign::Both) {
            assertion = self.signed(&assertion, &self.assertion_id, signer);
        }
        let response = self.response(&assertion);
        if matches!(self.sign, Sign::Response | Sign::Both) {
            return self.signed(&response, &self.response_id, signer);
        }
        response
    }

    /// The answer as it stands in the field `SAMLResponse` of the form.
    #[must_use]
    pub fn post(&self, signer: &Signer) -> String {
        BASE64_STANDARD.encode(self.xml(signer))
    }

    /// The element with its signature behind its issuer, or at its beginning if it names none.
    fn signed(&self, element: &str, id: &str, signer: &Signer) -> String {
        let signature = signature(element, id, signer, self.algorithm, self.digest);
        let begin = element.find('>').map_or(0, |end| end + 1);
        let (issuer, end) = ("<saml:Issuer", "</saml:Issuer>");
        let behind_issuer = element[begin..]
            .starts_with(issuer)
            .then(|| element[begin..].find(end))
            .flatten()
            .map_or(begin, |at| begin + at + end.len());
        let (before, after) = element.split_at(behind_issuer);
        format!("{before}{signature}{after}")
    }

    fn response(&self, assertion: &str) -> String {
        let attributes = attributes([
            ("Destination", self.destination.as_deref().map(Into::into)),
            ("ID", Some(self.response_id.as_str().into())),
            (
                "InResponseTo",
                self.response_in_response_to.as_deref().map(Into::into),
            ),
            ("IssueInstant", Some(instant(self.issued_at))),
            ("Version", Some("2.0".into())),
        ]);
        let issuer = self
            .response_issuer
            .as_deref()
            .map_or_else(String::new, |issuer| {
                format!(
                    "<saml:Issuer xmlns:saml=\"{SAML}\">{}</saml:Issuer>",
                    text(issuer)
                )
            });
        let (status, assertion) = (
            self.status.xml(),
            match self.status {
                Status::Success => assertion,
                _ => "",
            },
        );
        format!(
            "<samlp:Response xmlns:samlp=\"{SAMLP}\"{attributes}>{issuer}{status}{assertion}</samlp:Response>"
        )
    }

    fn assertion(&self) -> String {
        let session_end = attributes([("SessionNotOnOrAfter", self.session_ends_at.map(instant))]);
        let written_at = instant(self.issued_at);
        let attributes = attributes([
            ("ID", Some(self.assertion_id.as_str().into())),
            ("IssueInstant", Some(written_at.clone())),
            ("Version", Some("2.0".into())),
        ]);
        let issuer = text(&self.issuer);
        let (subject, conditions) = (self.subject(), self.conditions());
        format!(
            "<saml:Assertion xmlns:saml=\"{SAML}\"{attributes}><saml:Issuer>{issuer}</saml:Issuer>{subject}{conditions}\
             <saml:AuthnStatement AuthnInstant=\"{written_at}\"{session_end}><saml:AuthnContext>\
             <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>"
        )
    }

    fn subject(&self) -> String {
        let format = attributes([("Format", self.name_id_format.as_deref().map(Into::into))]);
        let name_id = self.name_id.as_deref().map_or_else(String::new, |name| {
            format!("<saml:NameID{format}>{}</saml:NameID>", text(name))
        });
        let data = attributes([
            ("InResponseTo", self.in_response_to.as_deref().map(Into::into)),
            ("NotOnOrAfter", self.deliver_before.map(instant)),
            ("Recipient", self.recipient.as_deref().map(Into::into)),
        ]);
        format!(
            "<saml:Subject>{name_id}<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <saml:SubjectConfirmationData{data}></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>"
        )
    }

    fn conditions(&self) -> String {
        let times = attributes([
            ("NotBefore", self.not_before.map(instant)),
            ("NotOnOrAfter", self.not_on_or_after.map(instant)),
        ]);
        let audience = self.audience.as_deref().map_or_else(String::new, |audience| {
            let audience = text(audience);
            format!("<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>")
        });
        let more = &self.more_conditions;
        format!("<saml:Conditions{times}>{audience}{more}</saml:Conditions>")
    }
}

fn random_id() -> String {
    format!("_{:032x}", rand::random::<u128>())
}

impl Status {
    fn xml(self) -> String {
        let code = |value: &str, inner: &str| {
            let uri = format!("urn:oasis:names:tc:SAML:2.0:status:{value}");
            format!("<samlp:StatusCode Value=\"{uri}\">{inner}</samlp:StatusCode>")
        };
        let codes = match self {
            Self::Success => code("Success", ""),
            Self::AuthenticationFailed => code("Responder", &code("AuthnFailed", "")),
            Self::RequestDenied => code("Responder", &code("RequestDenied", "")),
        };
        format!("<samlp:Status>{codes}</samlp:Status>")
    }
}
