//! `runner call`: one tool call.

use runner::tool_core::{CacheControl, CacheMode, CallReport, ToolOutput};
use serde_json::{Value, json};

use crate::{
    cli,
    exit::{CliError, Exit},
    params::{collect, explain},
    render::{Style, age, payload},
    screen::{Screen, note},
    session::Session,
};

/// Runs the command.
pub(crate) async fn run(args: &cli::Call, session: &Session) -> Result<Exit, CliError> {
    let tool = session.runner.registry().resolve(&args.tool)?;
    let params = collect(&args.params, tool.spec().input_schema())?;
    let cache = if args.no_cache { CacheControl::mode(CacheMode::Bypass) } else { CacheControl::default() };
    let context = session.context().with_cache(cache);
    let called = session.runner.call(tool.spec().name().as_str(), params.clone(), context).await;
    let output = called.map_err(|error| explain(error, &params, tool.spec().input_schema()))?;
    let document = json!({"tool": tool.spec().name(), "result": output.payload.value(), "report": output.report});
    session.screen.show(&document, |_, screen| human(&output, screen))?;
    warn(&output, &session.screen);
    Ok(if is_empty(output.payload.value()) { Exit::Empty } else { Exit::Done })
}

fn human(output: &ToolOutput, screen: &Screen) -> String {
    let foot = screen.paint.paint(Style::Dim, &format!("{} · all of it with --json", served(&output.report)));
    format!("{}\n{foot}\n", payload(output.payload.value(), screen))
}

/// Says where an answer comes from, and how old it is.
pub(crate) fn served(report: &CallReport) -> String {
    if report.origin.is_cached() {
        return format!("from cache, {} old", age(u64::try_from(report.age.as_millis()).unwrap_or(u64::MAX)));
    }
    report.origin.as_str().to_owned()
}

/// Says on stderr what a person must know to read the answer right; `--json` has it in the report.
pub(crate) fn warn(output: &ToolOutput, screen: &Screen) {
    if screen.json {
        return;
    }
    for limit in output.report.limits() {
        let asked = limit.asked.map(|asked| format!(" of {asked}")).unwrap_or_default();
        note(&format!("note: only {}{asked} ({})", limit.used, limit.name));
    }
    for warning in output.report.warnings() {
        note(&format!("note: {warning}"));
    }
}

/// Says whether an answer is empty: its list is, or its value is missing.
pub(crate) fn is_empty(result: &Value) -> bool {
    let lists = ["rows", "records", "items", "nodes", "suspects"];
    match lists.into_iter().find_map(|name| result[name].as_array()) {
        Some(list) => list.is_empty(),
        None => result.get("value").is_some_and(Value::is_null),
    }
}
