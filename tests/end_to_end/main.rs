//! The whole system, end to end: the real functions between a stand-in HiBob and an AWS, night by night.
//!
//! The AWS is the embedded one, or any other that listens at `STACK_URL`, such as `http://127.0.0.1:4566`.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod harness;

mod bad_answers;
mod bad_records;
mod dependencies;
mod disconnecting;
mod failing_aws;
mod interruptions;
mod leases;
mod mapping_changes;
mod mappings;
mod messages;
mod nights;
mod only_mapped_fields;
mod previews;
mod proofs;
mod refusals;
mod requested_runs;
mod settings;
mod single_sign_on;
