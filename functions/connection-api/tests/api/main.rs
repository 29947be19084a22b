//! The routes as API Gateway's caller meets them, over the embedded AWS and the stand-in for HiBob.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bad_input;
mod connecting;
mod disconnecting;
mod document;
mod harness;
mod people;
mod runs;
mod settings;
mod sso;
mod sso_provider;
