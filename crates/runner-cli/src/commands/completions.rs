//! `runner completions`: a completion script for a shell.

use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

use crate::{
    cli::Cli,
    exit::{CliError, Exit},
    screen::Screen,
};

/// Runs the command.
pub(crate) fn run(shell: Shell, screen: &Screen) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "runner", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    screen.show(&json!({"shell": shell.to_string(), "script": script}), |_, _| script.clone())?;
    Ok(Exit::Done)
}
