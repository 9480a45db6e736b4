//! How good are the answers? `eval QUESTION …`: one directory per question; `cargo xtask eval` runs this binary.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "figures and warnings go to whoever asks for them")]

mod ask;
mod cache;
mod cli;
mod error;
mod investigate;
mod select;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error::with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}
