//! The stores against tables, over DynamoDB's own protocol.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod settings;
mod sign_ins;
mod stack;
