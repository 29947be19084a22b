use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::DeflateDecoder;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// More than any request needs.
const LIMIT: u64 = 64 * 1024;

/// What a request for a sign-in says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Its id, which the answer names.
    pub id: String,
    /// The application's entity id.
    pub issuer: String,
    /// Where the application wants the answer, if it says so.
    pub acs_url: Option<String>,
    /// Where it was sent.
    pub destination: Option<String>,
}

/// Why a request cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BadRequest {
    /// It is not base64.
    #[error("the request is not base64")]
    Encoding(#[from] base64::DecodeError),
    /// It is not compressed text.
    #[error("the request cannot be decompressed")]
    Compression(#[from] std::io::Error),
    /// It is not XML.
    #[error("the request is not XML")]
    Xml(#[from] quick_xml::Error),
    /// It is something else.
    #[error("the request is no AuthnRequest with an id and an issuer")]
    Shape,
}

impl Request {
    /// Reads the parameter `SAMLRequest` of the redirect binding.
    pub fn read(parameter: &str) -> Result<Self, BadRequest> {
        let mut xml = String::new();
        DeflateDecoder::new(BASE64_STANDARD.decode(parameter)?.as_slice())
            .take(LIMIT)
            .read_to_string(&mut xml)?;
        let request = Self::parse(&xml)?;
        if request.id.is_empty() || request.issuer.is_empty() {
            return Err(BadRequest::Shape);
        }
        Ok(request)
    }

    fn parse(xml: &str) -> Result<Self, BadRequest> {
        let mut reader = Reader::from_str(xml);
        let mut request = Self::default();
        let mut is_in_issuer = false;
        loop {
            match reader.read_event()? {
                Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                    "AuthnRequest" => request.read_attributes(&element)?,
                    "Issuer" => is_in_issuer = true,
                    _ => {}
                },
                Event::Text(text) if is_in_issuer => request.issuer.push_str(text.xml10_content().trim()),
                Event::End(_) => is_in_issuer = false,
                Event::Eof => return Ok(request),
                _ => {}
            }
        }
    }

    fn read_attributes(&mut self, element: &BytesStart<'_>) -> Result<(), BadRequest> {
        for attribute in element.attributes() {
            let attribute = attribute.map_err(quick_xml::Error::from)?;
            let value = attribute.normalized_value(XmlVersion::Explicit1_0)?.into_owned();
            match attribute.key.as_ref() {
                "ID" => self.id = value,
                "AssertionConsumerServiceURL" => self.acs_url = Some(value),
                "Destination" => self.destination = Some(value),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn sent(xml: &str) -> String {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(xml.as_bytes()).unwrap();
        BASE64_STANDARD.encode(encoder.finish().unwrap())
    }

    #[test]
    fn a_request_says_who_asks_and_where_the_answer_goes() {
        let request = Request::read(&sent(
            "<p:AuthnRequest xmlns:p=\"p\" ID=\"_1\" AssertionConsumerServiceURL=\"https://sp.example/acs?a=1&amp;b=2\">\
             <a:Issuer xmlns:a=\"a\"> https://sp.example/ </a:Issuer><p:NameIDPolicy/></p:AuthnRequest>",
        ))
        .unwrap();

        assert_eq!(request.id, "_1");
        assert_eq!(request.issuer, "https://sp.example/");
        assert_eq!(request.acs_url.as_deref(), Some("https://sp.example/acs?a=1&b=2"));
        assert_eq!(request.destination, None);
    }

    #[test]
    fn what_is_no_request_is_refused() {
        assert!(matches!(Request::read("?"), Err(BadRequest::Encoding(_))));
        assert!(matches!(Request::read("////"), Err(BadRequest::Compression(_))));
        assert!(matches!(
            Request::read(&sent("<a b=c>")),
            Err(BadRequest::Shape | BadRequest::Xml(_))
        ));
        assert!(matches!(Request::read(&sent("<a/>")), Err(BadRequest::Shape)));
    }
}
