//! What a person types: the program `runner`.
#![forbid(unsafe_code)]

mod cli;
mod commands;
mod exit;
mod log;
mod params;
mod render;
mod screen;
mod session;
mod state;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    cli::Cli,
    exit::{CliError, Exit},
    screen::Screen,
};

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(error) => misused(&error),
    }
}

/// Says how the program is to be used: what was asked for goes to stdout, what went wrong to stderr.
fn misused(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--json");
    if error.use_stderr() && json {
        let text = error.to_string();
        let what = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
        let message = what.split_whitespace().collect::<Vec<_>>().join(" ");
        return Screen::new(json).fail(&CliError::bad_input(message)).into();
    }
    let printed = error.print();
    drop(printed);
    if error.use_stderr() { Exit::BadInput } else { Exit::Done }.into()
}

fn run(cli: Cli) -> ExitCode {
    log::install(cli.common.verbose, cli.common.log_format);
    let screen = Screen::new(cli.common.json);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let exit = match runtime {
        Ok(runtime) => runtime.block_on(commands::dispatch(cli, screen)).unwrap_or_else(|error| screen.fail(&error)),
        Err(error) => {
            screen::note(&format!("error: no runtime: {error}"));
            Exit::Failed
        }
    };
    exit.into()
}
