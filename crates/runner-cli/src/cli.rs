//! Which commands and options are there?

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Names the probable root cause of an incident, with evidence for every line; and calls operations tools.
#[derive(Debug, Parser)]
#[command(name = "runner", version, max_term_width = 80, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 done and the answer is empty, 2 bad input, 3 partial, 4 a tool or the system failed."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes, before or after its own options.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The estate: `demo`, `demo:SEED` or a file made by `runner estate import`.
    #[arg(long, global = true, value_name = "ESTATE", default_value = "demo", help_heading = "Common options")]
    pub(crate) estate: String,
    /// The tenant; the estate's first if missing.
    #[arg(long, global = true, value_name = "T", help_heading = "Common options")]
    pub(crate) tenant: Option<String>,
    /// Where answers, traces and profiles are kept between runs; under the XDG state home if missing.
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "no_state", help_heading = "Common options")]
    pub(crate) state: Option<PathBuf>,
    /// Keep nothing between runs.
    #[arg(long, global = true, help_heading = "Common options")]
    pub(crate) no_state: bool,
    /// The configuration; else ./runner.toml, else runner/runner.toml under the XDG config home.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Common options")]
    pub(crate) config: Option<PathBuf>,
    /// Print one JSON document on stdout and nothing else.
    #[arg(long, global = true, help_heading = "Common options")]
    pub(crate) json: bool,
    /// Log more to stderr: -v what is decided, -vv every call.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Common options")]
    pub(crate) verbose: u8,
    /// How logs are written.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", help_heading = "Common options")]
    pub(crate) log_format: LogFormat,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Name the probable root cause of an incident, with evidence for every line.
    Investigate(Investigate),
    /// Answer a question in plain English; what was understood is shown first.
    #[command(after_help = ASK_HELP)]
    Ask(Ask),
    /// Call one tool.
    Call(Call),
    /// List the tools there are.
    Tools(Tools),
    /// Say which tool fits a text.
    Select(Select),
    /// Run a composition.
    Run(Run),
    /// Import an estate, or show one.
    #[command(subcommand)]
    Estate(Estate),
    /// Look at what happened.
    #[command(subcommand)]
    Trace(Trace),
    /// Show counts and times per tool.
    Stats,
    /// Look at the cache.
    #[command(subcommand)]
    Cache(Cache),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Investigate {
    /// An item (code, id or name), or a file with an Alertmanager webhook or one alert of it, or - for standard input;
    /// the newest alert of the estate if missing.
    #[arg(value_name = "CI or ALERT.json")]
    pub(crate) subject: Option<String>,
    /// The moment to look at, RFC 3339; the alert's, or the end of the data, if missing.
    #[arg(long, value_name = "T")]
    pub(crate) at: Option<String>,
    /// The metric that is in trouble; the alert's if missing.
    #[arg(long, value_name = "M")]
    pub(crate) metric: Option<String>,
}

/// What `runner ask --help` ends with.
const ASK_HELP: &str = "\
It understands questions about items (by code, name or part of a name), metrics,
relations, events, changes and causes, as in:
  runner ask 'peak cpu of srv-db-1 since yesterday 14:00'
  runner ask 'what breaks if db-order goes down'
  runner ask 'how many services per zone'
Times count back from the end of the estate's data; days and clocks are UTC.
No model: a question outside its grammar ends with 1 and the nearest commands,
a name that does not exist with 2 and the nearest names.";

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The question; at most 2000 bytes.
    #[arg(value_name = "QUESTION")]
    pub(crate) question: String,
    /// What to prefer: fastest, most_accurate, most_complete, least_load; balanced if missing.
    #[arg(long, value_name = "S")]
    pub(crate) strategy: Option<String>,
    /// Say how the tools that answer such questions rank.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Let this tool answer.
    #[arg(long, value_name = "TOOL")]
    pub(crate) tool: Option<String>,
    /// The item that is meant: its code, id or name.
    #[arg(long, value_name = "CI")]
    pub(crate) ci: Option<String>,
    /// The metric that is meant.
    #[arg(long, value_name = "M")]
    pub(crate) metric: Option<String>,
    /// The time that is meant: last_6h, a day, or {"from", "to"}.
    #[arg(long, value_name = "RANGE")]
    pub(crate) time_range: Option<String>,
    /// At most so many rows.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// One parameter, over what was understood. Repeatable.
    #[arg(short = 'p', long = "param", value_name = "KEY=VALUE")]
    pub(crate) param: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Call {
    /// The tool, as in metric.aggregate.
    #[arg(value_name = "TOOL")]
    pub(crate) tool: String,
    #[command(flatten)]
    pub(crate) params: ParamArgs,
    /// Neither read the cache nor keep the answer.
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// Parameters, one by one or as a whole.
#[derive(Debug, Args)]
pub(crate) struct ParamArgs {
    /// One parameter; the value is read as JSON if it is that, else as text. Repeatable.
    #[arg(short = 'p', long = "param", value_name = "KEY=VALUE")]
    pub(crate) param: Vec<String>,
    /// All parameters: a JSON object, @FILE to read one, - to read standard input; -p overrides.
    #[arg(long, value_name = "JSON or @FILE or -")]
    pub(crate) params: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Tools {
    /// Show one tool with its parameters.
    #[arg(value_name = "TOOL")]
    pub(crate) tool: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Select {
    /// What is wanted: a text, or an intent as SEARCH, LOOKUP, AGGREGATE, RELATIONSHIP, HISTORY or ANALYSIS.
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    /// Show at most so many.
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) top: u16,
    /// Say how each score comes about, and why others are no candidates.
    #[arg(long)]
    pub(crate) explain: bool,
    /// What to prefer: fastest, most_accurate, most_complete, least_load; balanced if missing.
    #[arg(long, value_name = "S")]
    pub(crate) strategy: Option<String>,
    /// A parameter that is at hand (intents only rank tools whose required parameters are). Repeatable.
    #[arg(short = 'p', long = "param", value_name = "KEY")]
    pub(crate) known: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The composition: search_with_context or investigate.
    #[arg(value_name = "PIPELINE")]
    pub(crate) pipeline: String,
    #[command(flatten)]
    pub(crate) params: ParamArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Estate {
    /// Make an estate file of a directory in a known layout.
    Import {
        /// The layout.
        format: ImportFormat,
        /// The directory.
        #[arg(value_name = "DIR")]
        directory: PathBuf,
        /// The estate file to write; replaced as a whole, or left as it was.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Show what an estate holds.
    Show,
}

/// The layout of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    /// cis.csv, relations.csv, metrics.csv, events.csv, work.csv as docs/ESTATE.md has them.
    Csv,
    /// A scenario folder of the PetShop data set, or one of its issue folders.
    Petshop,
    /// A day's folder of the Nezha data set.
    Nezha,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Trace {
    /// List recent calls, newest first.
    List {
        /// Show at most so many.
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Show one call and what it called.
    Show {
        /// The id, or enough of its beginning.
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Cache {
    /// Replay the recorded calls and say what other lifetimes and sizes would have given.
    Advise {
        /// Show this tool alone, or those of a namespace as metric.*; the size is judged by all.
        #[arg(long, value_name = "PATTERN")]
        tool: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Show every key with its value, its default and where the value comes from.
    Show,
    /// Check a configuration file.
    Check {
        /// The file.
        file: PathBuf,
    },
}
