//! A stand-in for a company's identity provider: it answers over SAML 2.0 as the real ones do, or wrongly in any one way.
//!
//! An [`Answer`] has every part of a SAML answer as a field, so that a test bends exactly one, and a [`Signer`] signs it.
//! Nothing here is shared with what checks the answers: the XML is written in canonical form to begin with, so a signature
//! is a hash over a piece of text, and a fault of the checking library cannot hide behind the same fault in this one.
//!
//! A [`Provider`] is the web site around them: a log-in page, a session, metadata, and a tile.

mod answer;
mod pages;
mod provider;
mod request;
mod signature;
mod signer;
mod xml;

pub use answer::{Answer, EMAIL_FORMAT, Sign, Status};
pub use provider::{Application, Person, Provider};
pub use request::{BadRequest, Request};
pub use signature::Algorithm;
pub use signer::{Error, Signer};

#[cfg(test)]
mod tests;
