//! What do very many calls leave behind?
//!
//! Mixed load with faults through every layer, on the real clock and two threads: who asks, what and how is drawn by the
//! number of the call. Told are the memory at a tenth, at half and at the end, what is left over, and what did not hold.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that tells what it found")]

mod args;
mod chance;
mod load;
mod memory;
mod report;
mod stand;
mod tools;

use std::{panic, process::ExitCode, sync::Arc};

use args::Args;
use runner::tool_core::{Clock, SystemClock};
use stand::Stand;

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(Some(args)) => args,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    silence_scripted_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let clock = SystemClock::new();
    let began = clock.now();
    let soaked = runtime.block_on(async {
        let stand = Arc::new(Stand::build(args.calls));
        load::run(&stand).await;
        stand.settle().await
    });
    println!("{}", report::print(&soaked, clock.now() - began, args.format));
    if soaked.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Keeps the panics that the tools are told to have from being printed.
fn silence_scripted_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<tools::Scripted>().is_none() {
            usual(info);
        }
    }));
}
