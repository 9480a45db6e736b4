//! Which commands are there, and which file runs each?

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::error::Result;
use crate::workspace::Workspace;
use crate::{bench, ci, eval, package, test, tidy};

/// The work on this project, one command per task.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// One task.
#[derive(Debug, Subcommand)]
enum Command {
    /// Runs everything that CI runs, and stops at the first failure.
    Ci,
    /// Runs all tests of the workspace.
    Test,
    /// Checks the rules that the compiler does not know, and prints every violation.
    Tidy,
    /// Packages every published crate as for publishing, and builds it from its package.
    Package,
    /// Measures how fast it is, beside peers; without a question, all: `call`, `estate`, `select`.
    Bench {
        /// What to measure.
        question: Option<String>,
        /// Prints one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Judges answers: `eval investigate --help` and `eval select --help` tell the options.
    #[command(disable_help_flag = true)]
    Eval {
        /// The question and its options.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

/// Runs the command that the arguments of this process name.
///
/// # Errors
///
/// Whatever the command failed with.
pub(crate) fn run() -> Result<()> {
    let cli = Cli::parse();
    let workspace = Workspace::load()?;
    match cli.command {
        Command::Ci => ci::run(&workspace),
        Command::Test => test::run(&workspace),
        Command::Tidy => tidy::run(&workspace),
        Command::Package => package::run(&workspace),
        Command::Bench { question, json } => {
            let format = if json { bench::Format::Json } else { bench::Format::Table };
            bench::run(&workspace, question.as_deref(), format)
        }
        Command::Eval { args } => eval::run(&workspace, &args),
    }
}
