//! What was asked of the server, for tests to count. No credential and no value is kept.

use axum::http::StatusCode;
use jiff::Timestamp;

/// The addresses the server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// `POST /people/search`.
    Search,
    /// `POST /people/{id or e-mail}`.
    ReadEmployee,
    /// `GET /company/people/fields`.
    Fields,
    /// `GET /company/named-lists`.
    NamedLists,
    /// `GET /company/named-lists/{name}`.
    NamedList,
    /// `GET /people`, deprecated.
    AllPeople,
    /// Anything else, which shows the web app.
    Unknown,
}

/// One request and how it was answered.
#[derive(Clone, Debug)]
pub struct Request {
    /// When it was answered.
    pub at: Timestamp,
    /// The company whose service user asked, as named to [`StandInHibob::host`](crate::StandInHibob::host).
    pub company: Option<String>,
    /// What was asked.
    pub endpoint: Endpoint,
    /// The answer's status.
    pub status: StatusCode,
    /// The field ids of a search or a single read, as sent.
    pub fields: Vec<String>,
}
