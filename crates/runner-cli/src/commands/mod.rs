//! What does each command do? One file per command.

mod ask;
pub(crate) mod cache;
mod call;
mod completions;
mod config;
mod estate;
mod investigate;
mod run;
mod select;
mod stats;
mod tools;
mod trace;

pub(crate) use ask::Answered;
pub(crate) use call::served;
pub(crate) use select::explained;

use crate::{
    cli::{Cli, Command},
    exit::{CliError, Exit},
    screen::Screen,
    session::Session,
};

/// Does what was typed.
pub(crate) async fn dispatch(cli: Cli, screen: Screen) -> Result<Exit, CliError> {
    match &cli.command {
        Command::Completions { shell } => completions::run(*shell, &screen),
        Command::Config(command) => config::run(command, &cli.common, &screen),
        Command::Estate(crate::cli::Estate::Import { format, directory, out }) => {
            estate::import(*format, directory, out, cli.common.tenant.as_deref(), &screen)
        }
        _ => {
            let session = Session::open(&cli.common, screen).await?;
            let done = with_session(&cli.command, &session).await;
            session.close();
            done
        }
    }
}

/// Does what needs an open estate.
async fn with_session(command: &Command, session: &Session) -> Result<Exit, CliError> {
    match command {
        Command::Investigate(args) => investigate::run(args, session).await,
        Command::Ask(args) => ask::run(args, session).await,
        Command::Call(args) => call::run(args, session).await,
        Command::Tools(args) => tools::run(args, session),
        Command::Select(args) => select::run(args, session),
        Command::Run(args) => run::run(args, session).await,
        Command::Estate(_) => estate::show(session).await,
        Command::Trace(command) => trace::run(command, session),
        Command::Stats => stats::run(session),
        Command::Cache(command) => cache::run(command, session),
        Command::Completions { .. } | Command::Config(_) => Ok(Exit::Done),
    }
}
