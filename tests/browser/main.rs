//! What people see, in Chromium.
//!
//! Needs Chromium with its driver, axe-core, and the identity providers: `bash .ci/install` brings them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic is how a test fails"
)]

mod axe;
mod driver;
mod independent;
#[path = "../common/mapping.rs"]
mod mapping;
mod office;
mod settings;
mod sign_on;
mod sign_on_setup;
mod stage;
