//! The routes as browsers, providers and HiThrive's backend meet them, over the embedded AWS.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod answers;
mod browser;
mod document;
mod faults;
mod harness;
mod logs;
mod metrics;
mod pages;
mod people;
mod redeeming;
mod starting;
mod testing;
mod unsolicited;
