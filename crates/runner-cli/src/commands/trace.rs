//! `runner trace`: what happened?

use runner::tool_observe::{ToolExecutionTrace, TraceFilter, TraceLine, TraceRef};
use serde_json::json;

use crate::{
    cli,
    exit::{CliError, Exit},
    render::{Align, Style, Table, duration, millis, wall_time},
    session::Session,
};

/// Runs the command.
pub(crate) fn run(command: &cli::Trace, session: &Session) -> Result<Exit, CliError> {
    match command {
        cli::Trace::List { limit } => list(*limit, session),
        cli::Trace::Show { id } => show(id, session),
    }
}

fn list(limit: usize, session: &Session) -> Result<Exit, CliError> {
    let filter = TraceFilter::tenant(session.tenant.as_str()).limit(limit);
    let traces = session.runner.tracer().recent(&filter);
    session.screen.show(&traces, |traces, screen| match traces.as_slice() {
        [] => "No call is remembered yet: try `runner investigate`.\n".to_owned(),
        traces => table(traces.iter().map(|trace| (0, trace))).draw(screen.width, screen.paint),
    })?;
    Ok(if traces.is_empty() { Exit::Empty } else { Exit::Done })
}

fn show(id: &str, session: &Session) -> Result<Exit, CliError> {
    let what: TraceRef = id.parse().map_err(|error| CliError::bad_input(format!("{id}: {error}")))?;
    let lines = session.runner.tracer().find(&TraceFilter::tenant(session.tenant.as_str()), what);
    if lines.is_empty() {
        return Err(CliError::bad_input(format!(
            "no trace has the id `{id}`; `runner trace list` has those there are"
        )));
    }
    let answer = json!({"id": id, "lines": lines});
    session.screen.show(&answer, |_, screen| {
        let rows = lines.iter().map(|line: &TraceLine| (line.depth, &line.trace));
        table(rows).draw(screen.width, screen.paint)
    })?;
    Ok(Exit::Done)
}

fn table<'a>(traces: impl Iterator<Item = (usize, &'a ToolExecutionTrace)>) -> Table {
    let mut table = Table::new(&[
        ("span", Align::Left),
        ("at", Align::Left),
        ("tool", Align::Left),
        ("outcome", Align::Left),
        ("from", Align::Left),
        ("time", Align::Right),
        ("bytes", Align::Right),
    ]);
    for (depth, trace) in traces {
        let (outcome, style) = match trace.error_kind {
            Some(kind) => (kind.to_string(), Style::Bad),
            None => ("ok".to_owned(), Style::Plain),
        };
        table.row([
            (trace.span_id.to_string(), Style::Dim),
            (wall_time(trace.started_at), Style::Dim),
            (format!("{}{}", "  ".repeat(depth), trace.tool), Style::Name),
            (outcome, style),
            (trace.origin.as_str().to_owned(), Style::Plain),
            (duration(millis(trace.duration)), Style::Plain),
            (trace.result_bytes.to_string(), Style::Plain),
        ]);
    }
    table
}
