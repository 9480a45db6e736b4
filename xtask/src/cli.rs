//! Which commands are there, and which file runs each?

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::error::Result;
use crate::workspace::Workspace;
use crate::{bench, ci, eval, fuzz, package, simulate, test, tidy};

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
    /// Measures how fast it is, beside peers; without a question, all: `call`, `cache`, `guard`, `estate`, `select`.
    Bench {
        /// What to measure.
        question: Option<String>,
        /// Prints one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Lets worlds go wrong in virtual time, one per seed, and checks that the whole still holds.
    Sim(simulate::Seeds),
    /// Makes many calls with faults on the real clock, and tells what memory they leave behind.
    Soak(simulate::Soak),
    /// Judges answers: `eval investigate --help`, and so for `cache` and `select`, tell the options; `eval ask` needs none.
    #[command(disable_help_flag = true)]
    Eval {
        /// The question and its options.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Looks for bytes that break a parser or the key encoder, with libFuzzer (needs a C++ compiler).
    Fuzz {
        /// What to feed; an unknown name lists the known.
        target: String,
        /// How long to look.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
        /// Prints one JSON document; libFuzzer's log goes to stderr.
        #[arg(long)]
        json: bool,
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
        Command::Sim(seeds) => simulate::sim(&workspace, seeds),
        Command::Soak(soak) => simulate::soak(&workspace, soak),
        Command::Eval { args } => eval::run(&workspace, &args),
        Command::Fuzz { target, seconds, json } => {
            let format = if json { fuzz::Format::Json } else { fuzz::Format::Text };
            fuzz::run(&workspace, &target, seconds, format)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, is_valid: bool) {
        assert_eq!(Cli::try_parse_from(line.split_whitespace()).is_ok(), is_valid, "{line}");
    }

    #[test]
    fn fuzz_takes_a_target_and_a_time() {
        check("xtask fuzz key", true);
        check("xtask fuzz key --seconds 5 --json", true);
        check("xtask fuzz", false);
        check("xtask fuzz key --seconds 0", false);
        check("xtask fuzz key --seconds -1", false);
        check("xtask fuzz key --seconds soon", false);
    }
}
