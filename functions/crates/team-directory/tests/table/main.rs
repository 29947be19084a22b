//! The team directory against a table, over DynamoDB's own protocol, with plans that the real planner makes.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod apply;
mod interrupted;
mod lookup;
mod team;
