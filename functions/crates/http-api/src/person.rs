//! One person of HiBob's, as an admin names them.

use hibob::{Error, Session};
use provisioning::{Employee, FieldSet};

use crate::hibob_desk::Trouble;
use crate::{Fault, Problem};

/// An address has 254 characters at most.
const LONGEST: usize = 254;
const BAD_REQUEST: u16 = 400;

/// An id of HiBob or an e-mail address, as far as its looks tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonName<'a>(&'a str);

impl<'a> PersonName<'a> {
    /// The text of a body's member `person`.
    pub fn new(text: &'a str) -> Result<Self, Problem> {
        let text = text.trim();
        let is_usable = (1..=LONGEST).contains(&text.len())
            && !text.chars().any(|char| char.is_control() || char.is_whitespace());
        is_usable.then_some(Self(text)).ok_or_else(neither)
    }

    /// As it was written, without blanks around it.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

fn neither() -> Problem {
    let detail = "This is neither an id of HiBob nor an e-mail address.";
    Problem::invalid_request(&[Fault::new("/person", detail)])
}

/// The person whom HiBob shows under this id or address. What it takes for neither is the caller's mistake.
pub async fn find_person(
    session: &mut Session,
    person: &str,
    fields: &FieldSet,
) -> Result<Option<Employee>, Trouble> {
    match session.person(person, fields).await {
        Err(Error::Rejected { status: BAD_REQUEST }) => Err(neither().into()),
        answer => Ok(answer?),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::{Duration, Instant};

    use hibob::{BaseUrl, Client, Credentials};

    use super::*;
    use crate::ProblemKind;

    /// A HiBob that answers one request with a 400.
    fn rejecting() -> BaseUrl {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 8192]).unwrap();
            let head =
                "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(head.as_bytes()).unwrap();
        });
        format!("http://{address}/v1").parse().unwrap()
    }

    #[tokio::test]
    async fn what_hibob_takes_for_nobodys_name_is_the_callers_mistake() {
        let client = Client::new(rejecting(), hibob::http_client().unwrap());
        let credentials = Credentials::new("SERVICE-1", "secret");
        let mut session = client.session(credentials, Instant::now() + Duration::from_secs(5));
        let found = find_person(&mut session, "7@", &FieldSet::new([])).await;
        let Err(Trouble::Request(problem)) = found else {
            panic!("{found:?}")
        };
        assert_eq!(problem.kind(), ProblemKind::InvalidRequest);
    }

    #[test]
    fn a_person_is_named_without_blanks_and_within_an_addresss_length() {
        let name = PersonName::new(" ada@example.com\n");
        assert_eq!(name.unwrap().as_str(), "ada@example.com");
        for bad in ["", "  ", "two words", "a\0b", &"x".repeat(255)] {
            assert!(PersonName::new(bad).is_err(), "{bad:?}");
        }
    }
}
