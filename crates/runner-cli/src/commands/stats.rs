//! `runner stats`: how often, how long?

use runner::tool_observe::ToolStats;
use serde_json::json;

use crate::{
    exit::{CliError, Exit},
    render::{Align, Style, Table, duration, millis},
    session::Session,
};

/// Runs the command.
pub(crate) fn run(session: &Session) -> Result<Exit, CliError> {
    let tools = session.runner.tracer().performance_stats_of(&session.tenant);
    let cache = session.runner.cache().stats();
    let answer = json!({"tools": tools, "cache": cache, "losses": session.runner.tracer().losses()});
    session.screen.show(&answer, |_, screen| match tools.as_slice() {
        [] => "No call was made yet: try `runner investigate`.\n".to_owned(),
        tools => table(tools).draw(screen.width, screen.paint),
    })?;
    Ok(if tools.is_empty() { Exit::Empty } else { Exit::Done })
}

fn table(tools: &[ToolStats]) -> Table {
    let mut table = Table::new(&[
        ("tool", Align::Left),
        ("calls", Align::Right),
        ("errors", Align::Right),
        ("hits", Align::Right),
        ("mean", Align::Right),
        ("max", Align::Right),
    ]);
    for tool in tools {
        let style = if tool.errors > 0 { Style::Bad } else { Style::Plain };
        table.row([
            (tool.tool.to_string(), Style::Name),
            (tool.calls.to_string(), Style::Plain),
            (tool.errors.to_string(), style),
            (tool.cache_hits.to_string(), Style::Plain),
            (duration(millis(tool.mean)), Style::Plain),
            (duration(millis(tool.max)), Style::Plain),
        ]);
    }
    table
}
