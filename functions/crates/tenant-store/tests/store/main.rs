//! The stores against tables and secrets, over AWS's own protocols.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod admin;
mod disconnect;
mod due;
mod fleet;
mod lease;
mod notices;
mod proof;
mod refusals;
mod release;
mod request;
mod runs;
mod stack;
mod tasks;
mod vault;
