//! How do I work on it? `cargo xtask --help` lists the commands.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks to the terminal it runs in")]

mod bench;
mod ci;
mod cli;
mod error;
mod eval;
mod fuzz;
mod package;
mod run;
mod simulate;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
