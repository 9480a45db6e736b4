//! What can be asked, and with which options?

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::Result;
use crate::{ask, cache, investigate};

/// How good the answers are, on public data and on the demo's own incidents.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask eval", bin_name = "cargo xtask eval", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    question: Question,
}

/// One question.
#[derive(Debug, Subcommand)]
enum Question {
    /// Does `investigate` name the right cause, and keep quiet when there is none?
    Investigate(Investigate),
    /// How often does the cache answer, beside other policies and the best that there is?
    Cache(Cache),
    /// Does `ask` understand questions: the right intent and tool, and every parameter?
    Ask(Ask),
}

/// What is shown of the questions of this project.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// Show the misses of the held-back half too; who does so can no longer tune.
    #[arg(long)]
    pub(crate) show_held: bool,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where the cases are.
#[derive(Debug, Args)]
pub(crate) struct Investigate {
    /// The layout of the cases.
    #[arg(long, value_enum, default_value = "petshop")]
    pub(crate) format: Format,
    /// A scenario or date, or a folder that holds some; not for the demo.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// A `noissue` folder, or the one that holds it, for scenarios without their own.
    #[arg(long, value_name = "DIR")]
    pub(crate) baseline: Option<PathBuf>,
    /// How many of the demo's seeds.
    #[arg(long, value_name = "N")]
    pub(crate) seeds: Option<u64>,
    /// The first of the demo's seeds.
    #[arg(long, value_name = "FIRST", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Print one JSON document instead of tables.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which requests the cache is asked.
#[derive(Debug, Args)]
pub(crate) struct Cache {
    /// A folder of traces with a `manifest.json`.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Replay our own traces too: loops, scans, recency, frequency, and mixtures.
    #[arg(long)]
    pub(crate) synthetic: bool,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A layout of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Scenario folders of the PetShop data set.
    Petshop,
    /// Dates of the Nezha data set.
    Nezha,
    /// The demo estate's own incidents.
    Demo,
}

/// Answers the question that the arguments of this process ask, on stdout.
///
/// # Errors
///
/// Whatever keeps it from being answered.
pub(crate) fn run() -> Result<()> {
    match Cli::parse().question {
        Question::Investigate(options) => investigate::run(&options),
        Question::Ask(options) => ask::run(&options),
        Question::Cache(options) => cache::run(&options),
    }
}
