//! HiBob's API as the sync reads it: people as a stream, one person, the fields' metadata and the named lists.
//!
//! ```no_run
//! # use std::time::{Duration, Instant};
//! # async fn read(fields: &provisioning::FieldSet) -> Result<(), Box<dyn std::error::Error>> {
//! let base_url = hibob::BaseUrl::PRODUCTION.parse()?;
//! let client = hibob::Client::new(base_url, hibob::http_client()?);
//!
//! let credentials = hibob::Credentials::new("SERVICE-1234", "the token");
//! let mut session = client.session(credentials, Instant::now() + Duration::from_mins(5));
//! let mut people = session.search(fields).await?;
//! while let Some(employee) = people.next().await? {
//!     // Nothing may be acted on before `next` has answered `None`.
//! #   let _ = employee;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! An answer is believed only if its status is 200, its content type JSON, and its document complete and of the
//! documented shape; everything else is an [`Error`] whose [`Disposition`] says what to do. The client itself never
//! repeats a call. Neither credentials nor anything out of an answer's body appear in errors, logs or `Debug`.

mod answer;
mod base_url;
mod client;
mod company;
mod credentials;
mod error;
mod extract;
mod fields;
mod http;
mod named_lists;
mod people;
mod person;
mod rate_limit;
mod split;

#[cfg(test)]
mod scripted_server;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use client::{Client, Session, Usage};
pub use company::Company;
pub use credentials::Credentials;
pub use error::{Disposition, Error, Fault, Refusal};
pub use fields::FieldMetadata;
pub use http::{SetupError, http_client};
pub use named_lists::{ListItem, NamedList};
pub use people::People;
pub use rate_limit::{RateLimit, RetryAfter};
