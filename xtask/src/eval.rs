//! How good are the answers?

use std::ffi::OsString;
use std::process::Command;

use crate::error::Result;
use crate::workspace::Workspace;

/// Builds the evaluator with optimisation, as answering hundreds of cases needs, and runs it on `args` where the caller
/// stands, so that relative paths mean what they say.
///
/// # Errors
///
/// If it does not compile or does not exit with 0; it has said why.
pub(crate) fn run(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    let status = command(workspace, args).status().map_err(|error| format!("cannot start cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("the evaluation ended with {status}").into()) }
}

fn command(workspace: &Workspace, args: &[OsString]) -> Command {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--release", "--locked", "--package", "benches", "--bin", "eval"]);
    command.arg("--manifest-path").arg(workspace.root().join("Cargo.toml")).arg("--").args(args);
    command
}
