//! What can be asked, and with which options?

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::Result;
use crate::{ask, cache, investigate, select};

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
    /// Does a text find the right tools, and nothing where nothing fits?
    Select(Select),
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

/// Where the sets are.
#[derive(Debug, Args)]
pub(crate) struct Select {
    /// A folder with `tools.jsonl` and `queries.jsonl`, or one that holds such folders.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Which half of the queries: settings are chosen on one, and judged on the other.
    #[arg(long, value_enum, default_value = "both")]
    pub(crate) half: Half,
    /// Replay each set as a stream too, learning from whether the chosen tool was right.
    #[arg(long)]
    pub(crate) learn: bool,
    /// Print one JSON document instead of a table.
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

/// A half of the queries, by the hash of their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Half {
    /// Those that settings may be chosen on.
    Dev,
    /// The others.
    Test,
    /// All.
    Both,
}

impl Half {
    /// Says whether a query is in this half.
    pub(crate) fn has(self, query: &str) -> bool {
        match self {
            Self::Dev => hash(query).is_multiple_of(2),
            Self::Test => !hash(query).is_multiple_of(2),
            Self::Both => true,
        }
    }
}

/// FNV-1a of 64 bits, its upper bits mixed into the lowest.
fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    hash ^ (hash >> 29) ^ (hash >> 47)
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
        Question::Select(options) => select::run(&options),
    }
}
