//! Every route, over the tables and queues of the template and a HiBob that stands in for the real one.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod callers;
mod document;
mod fields;
mod mapping;
mod preview;
mod samples;
mod world;
