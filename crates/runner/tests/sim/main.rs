//! Does the whole hold when everything goes wrong at once?
//!
//! Each seed draws a world — tools that misbehave, settings, callers that leave, run out of time, collide — and lets it
//! run through the real pipeline in virtual time, on one thread, so that the same seed always goes the same way. Then
//! what callers saw is judged by what the tools themselves wrote down.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that tells what it found")]

mod args;
mod campaign;
mod check;
mod dice;
mod drive;
mod fault;
mod ledger;
mod plan;
mod planted;
mod record;
mod recover;
mod report;
mod settings;
mod story;
mod tools;
mod trial;
mod turnstile;
mod world;

use std::{panic, process::ExitCode};

use args::{Args, Defects, Format};
use campaign::{Campaign, Until};
use runner::tool_core::{Clock, SystemClock};

fn main() -> ExitCode {
    match Args::parse(std::env::args().skip(1)) {
        Ok(Some(args)) => simulate(args),
        Ok(None) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn simulate(args: Args) -> ExitCode {
    silence_scripted_panics();
    let (clock, campaign) = (
        SystemClock::new(),
        Campaign { first: args.first, seeds: args.seeds, threads: args.threads, until: Until::AllRan },
    );
    let began = clock.now();
    let found = campaign.run();
    let took = clock.now() - began;
    let planted = match args.defects {
        Defects::None => Ok(Vec::new()),
        Defects::Planted => planted::all(args),
    };
    let planted = match planted {
        Ok(planted) => planted,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match args.format {
        Format::Text => println!("{}", report::text(&found, &planted, took)),
        Format::Json => println!("{}", report::json(&found, &planted, took)),
    }
    let clean = found.failures.is_empty() && report::silent(&found).is_empty();
    let seen = planted.iter().all(|caught| caught.seed.is_some());
    if clean && seen { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
