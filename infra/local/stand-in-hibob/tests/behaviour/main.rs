//! How HiBob behaves, point by point, and that the stand-in does too.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod client;
mod companies;
mod faults;
mod refusals;
mod searches;
