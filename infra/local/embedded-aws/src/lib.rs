//! The AWS that `cargo run` and the tests use: DynamoDB, SQS, Secrets Manager and SES behind their real wire protocols
//! on loopback ports, so that the functions' own SDK clients, in this process or another, cannot tell the difference.
//!
//! A [`Stack`] is this one or any other given by its address. [`provision()`] creates on it what [`TEMPLATE`] describes,
//! so that the local system and production share one definition.

mod embedded;
mod error;
mod faults;
mod mail;
mod provision;
mod queue;
mod scope;
mod services;
mod stack;
mod table;
mod template;

pub use embedded::{EmbeddedAws, Mailbox};
pub use error::Error;
pub use faults::{Call, Fault, Faults};
pub use mail::SentMail;
pub use provision::{Provisioned, provision};
pub use stack::{Endpoints, Stack};
pub use template::{Parameter, Resource, Template};

/// The text of `infra/template.yaml`.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");

/// The region that every stack pretends to be.
pub const REGION: &str = "eu-west-1";
