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
mod secret;
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

/// A deployment for tests: a value for each of the template's parameters that has no default. What is given after one of
/// these takes its place.
pub const SAMPLE_PARAMETERS: [(&str, &str); 12] = [
    ("Stage", "test"),
    ("SenderAddress", "hello@hithrive.example"),
    ("SettingsPageUrl", "https://hithrive.example/settings"),
    ("LoginUrl", "https://hithrive.example/login"),
    ("AdminOrigin", "https://hithrive.example"),
    ("JwtIssuer", "https://hithrive.example"),
    ("JwtAudience", "hibob"),
    ("SignOnUrl", "https://hibob.hithrive.example"),
    ("PortalAdminUrl", "https://hithrive.example/admin"),
    ("PortalReportsUrl", "https://hithrive.example/reports"),
    ("PortalRewardsUrl", "https://hithrive.example/rewards"),
    ("PortalBackendSubject", "hithrive-portals"),
];
