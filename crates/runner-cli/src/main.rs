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

use crate::{cli::Cli, exit::Exit, screen::Screen};

fn main() -> ExitCode {
    let cli = Cli::parse();
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
