//! How fast is it?

use std::process::Command;

use crate::error::Result;
use crate::workspace::Workspace;

/// What can be asked; each is a file of `benches`.
const QUESTIONS: [&str; 5] = ["call", "cache", "guard", "estate", "select"];

/// How the figures are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A line per figure.
    Table,
    /// One JSON document.
    Json,
}

/// Builds the benches with full optimisation and runs one question, or all; whether a figure holds is no failure.
///
/// # Errors
///
/// If there is no such question, or the benches do not compile or do not exit with 0.
pub(crate) fn run(workspace: &Workspace, question: Option<&str>, format: Format) -> Result<()> {
    for mut command in [footprint(workspace), command(workspace, question, format)?] {
        let status = command.status().map_err(|error| format!("cannot start cargo: {error}"))?;
        if !status.success() {
            return Err(format!("the benches ended with {status}").into());
        }
    }
    Ok(())
}

/// Returns what builds the program that counts allocations: the benches start it, since counting would slow them.
fn footprint(workspace: &Workspace) -> Command {
    let mut command = Command::new("cargo");
    command.args(["build", "--quiet", "--profile", "bench", "--locked", "--package", "benches", "--bin", "footprint"]);
    command.arg("--manifest-path").arg(workspace.root().join("Cargo.toml"));
    command
}

fn command(workspace: &Workspace, question: Option<&str>, format: Format) -> Result<Command> {
    if let Some(unknown) = question.filter(|question| !QUESTIONS.contains(question)) {
        return Err(format!("unknown question `{unknown}`; there are: {}", QUESTIONS.join(", ")).into());
    }
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--profile", "bench", "--locked", "--package", "benches", "--bin", "benches"]);
    command.arg("--manifest-path").arg(workspace.root().join("Cargo.toml")).arg("--").args(question);
    if format == Format::Json {
        command.arg("--json");
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_question_names_the_known() {
        let workspace = Workspace::load().unwrap();
        let error = command(&workspace, Some("speed"), Format::Table).unwrap_err();
        assert_eq!(error.to_string(), "unknown question `speed`; there are: call, cache, guard, estate, select");
    }

    #[test]
    fn options_reach_the_benches() {
        let workspace = Workspace::load().unwrap();
        let line = command(&workspace, Some("call"), Format::Json).unwrap();
        let arguments: Vec<_> = line.get_args().map(|argument| argument.to_string_lossy()).collect();
        assert!(arguments.ends_with(&["--".into(), "call".into(), "--json".into()]), "{arguments:?}");
    }
}
