//! `cargo run`: see the library's `program`.

use std::process::ExitCode;

use clap::Parser;
use local_system::program::{Options, run};
use startup::Chain;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}", Chain(&error));
            ExitCode::FAILURE
        }
    }
}
