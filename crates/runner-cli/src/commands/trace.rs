//! `runner trace`: what happened?

use std::collections::BTreeSet;

use runner::tool_observe::{ToolExecutionTrace, TraceFilter, TraceLine, TraceRef};
use serde_json::json;

use crate::{
    cli,
    exit::{CliError, Exit},
    render::{Align, Style, Table, duration, millis, wall_time},
    session::Session,
};

/// How much of an id people are shown; `trace show` takes it.
const SHORT: usize = 8;

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
    let filter = TraceFilter::tenant(session.tenant.as_str());
    let lines = session.runner.tracer().find(&filter, whole(id, session)?);
    if lines.is_empty() {
        return Err(unknown(id));
    }
    let answer = json!({"id": id, "lines": lines});
    session.screen.show(&answer, |_, screen| {
        let rows = lines.iter().map(|line: &TraceLine| (line.depth, &line.trace));
        table(rows).draw(screen.width, screen.paint)
    })?;
    Ok(Exit::Done)
}

/// Finds the call or trace whose id begins so.
fn whole(id: &str, session: &Session) -> Result<TraceRef, CliError> {
    if let Ok(whole) = id.parse() {
        return Ok(whole);
    }
    let filter = TraceFilter::tenant(session.tenant.as_str());
    let traces = session.runner.tracer().recent(&filter);
    let begins = |whole: &String| !id.is_empty() && whole.starts_with(id);
    let spans: BTreeSet<String> = traces.iter().map(|trace| trace.span_id.to_string()).filter(begins).collect();
    let all = traces.iter().map(|trace| trace.trace_id.to_string()).filter(begins);
    let found: Vec<String> = if spans.is_empty() { all.collect::<BTreeSet<_>>() } else { spans }.into_iter().collect();
    match found.as_slice() {
        [one] => one.parse().map_err(|_| unknown(id)),
        [] => Err(unknown(id)),
        several => {
            Err(CliError::bad_input(format!("several ids begin with `{id}`")).with_suggestions(several.to_vec()))
        }
    }
}

fn unknown(id: &str) -> CliError {
    CliError::bad_input(format!(
        "no call or trace has an id that begins with `{id}`; `runner trace list` has those there are"
    ))
}

fn table<'a>(traces: impl Iterator<Item = (usize, &'a ToolExecutionTrace)>) -> Table {
    let mut table = Table::new(&[
        ("span", Align::Left),
        ("at", Align::Left),
        ("tool", Align::Left),
        ("outcome", Align::Left),
        ("from", Align::Left),
        ("time", Align::Right),
    ]);
    for (depth, trace) in traces {
        let (outcome, style) = match trace.error_kind {
            Some(kind) => (kind.to_string(), Style::Bad),
            None => ("ok".to_owned(), Style::Plain),
        };
        table.row([
            (trace.span_id.to_string()[..SHORT].to_owned(), Style::Dim),
            (wall_time(trace.started_at), Style::Dim),
            (format!("{}{}", "  ".repeat(depth), trace.tool), Style::Name),
            (outcome, style),
            (trace.origin.as_str().to_owned(), Style::Plain),
            (duration(millis(trace.duration)), Style::Plain),
        ]);
    }
    table
}
