//! The form by which a browser brings a provider's answer.

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::denial::Denial;

/// Bytes that the form may have: an answer of 192 KiB, as base64, with its own characters escaped.
pub(crate) const FORM_LIMIT: usize = 320 * 1024;

/// What is in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// The answer, in base64.
    pub(crate) saml_response: String,
    /// What was sent with the request, or what a provider's tile has in its place.
    pub(crate) relay_state: Option<String>,
}

impl Form {
    pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Self, Denial> {
        if !is_form(headers) {
            return Err(Denial::UnreadableForm);
        }
        let body = to_bytes(body, FORM_LIMIT).await.map_err(|_| Denial::TooLarge)?;
        parse(&body).ok_or(Denial::UnreadableForm)
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| {
        media_type
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// The fields; none if one of them is there twice, since two readers may take different ones.
fn parse(body: &[u8]) -> Option<Form> {
    let (mut saml_response, mut relay_state) = (None, None);
    for (name, value) in form_urlencoded::parse(body) {
        let field = match &*name {
            "SAMLResponse" => &mut saml_response,
            "RelayState" => &mut relay_state,
            _ => continue,
        };
        if field.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    Some(Form {
        saml_response: saml_response?,
        relay_state: relay_state.filter(|relay_state| !relay_state.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_one_answer_and_at_most_one_relay_state() {
        let form = parse(b"SAMLResponse=a%2Bb%3D&RelayState=r&other=1&other=2").unwrap();
        assert_eq!(
            (form.saml_response.as_str(), form.relay_state.as_deref()),
            ("a+b=", Some("r"))
        );
        assert_eq!(parse(b"SAMLResponse=a&RelayState=").unwrap().relay_state, None);
        for bad in [
            &b""[..],
            b"RelayState=r",
            b"SAMLResponse=a&SAMLResponse=a",
            b"SAMLResponse=a&RelayState=&RelayState=r",
            b"samlresponse=a",
        ] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }
}
