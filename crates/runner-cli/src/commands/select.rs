//! `runner select`: which tool fits?

use ops_tools::INTENTS;
use runner::tool_select::{
    Contribution, Exclusion, Fit, RankedTool, Selection, SelectionStrategy, ToolSelectionContext,
};

use super::tools::first_sentence;
use crate::{
    cli,
    exit::{CliError, Exit},
    render::{Align, Style, Table, bar},
    screen::Screen,
    session::Session,
};

/// The width of a bar, in cells.
const BAR: usize = 10;

/// Runs the command.
pub(crate) fn run(args: &cli::Select, session: &Session) -> Result<Exit, CliError> {
    let mut request =
        ToolSelectionContext::new(session.context()).with_strategy(strategy(args.strategy.as_deref(), session)?);
    if !args.known.is_empty() {
        request = request.with_known_params(args.known.iter().map(String::as_str));
    }
    let intent = INTENTS.iter().find(|intent| intent.name.eq_ignore_ascii_case(args.text.trim()));
    let mut selection = match intent {
        Some(intent) => session.runner.select(&request.with_intent(intent.name))?,
        None => session.runner.search(&args.text, &request)?,
    };
    selection.ranked.truncate(usize::from(args.top));
    session.screen.show(&selection, |selection, screen| human(selection, args, screen))?;
    Ok(match selection.fit {
        Fit::Fits => Exit::Done,
        Fit::NoneFits => Exit::Empty,
    })
}

/// Reads the name of a strategy; the configured one without a name.
pub(crate) fn strategy(name: Option<&str>, session: &Session) -> Result<SelectionStrategy, CliError> {
    let Some(name) = name else {
        return Ok(session.runner.config().select.strategy);
    };
    serde_json::from_value(serde_json::Value::from(name))
        .map_err(|error| CliError::bad_input(format!("--strategy {name}: {error}")))
}

fn human(selection: &Selection, args: &cli::Select, screen: &Screen) -> String {
    let found = match (selection.fit, selection.ranked.is_empty()) {
        (Fit::Fits, _) => String::new(),
        (Fit::NoneFits, true) => format!("No tool fits `{}`.\n", args.text),
        (Fit::NoneFits, false) => format!("No tool fits `{}`. The nearest:\n", args.text),
    };
    let ranked = match selection.ranked.as_slice() {
        [] => String::new(),
        ranked => table(ranked).draw(screen.width, screen.paint),
    };
    let unmatched = match selection.unmatched.as_slice() {
        [] => String::new(),
        words => format!("words no tool knows: {}\n", words.join(", ")),
    };
    let why = if args.explain { explained(selection, screen) } else { String::new() };
    [found, ranked, unmatched, why].concat()
}

fn table(ranked: &[RankedTool]) -> Table {
    let most = ranked.first().map_or(1.0, |first| first.score.max(f64::MIN_POSITIVE));
    let mut table = Table::new(&[
        ("tool", Align::Left),
        ("score", Align::Right),
        ("", Align::Left),
        ("what it is for", Align::Prose),
    ]);
    for tool in ranked {
        table.row([
            (tool.tool.spec().name().to_string(), Style::Name),
            (format!("{:.3}", tool.score), Style::Plain),
            (bar(tool.score / most, BAR), Style::Plain),
            (first_sentence(tool.tool.spec().description()).to_owned(), Style::Plain),
        ]);
    }
    table
}

/// Draws how each score comes about, and why others are no candidates.
pub(crate) fn explained(selection: &Selection, screen: &Screen) -> String {
    let ranked = selection.ranked.iter().map(|tool| contributions(tool, screen));
    let excluded = selection.excluded.iter().map(|excluded| {
        let why = match &excluded.reason {
            Exclusion::Denied { why } => format!("denied: {why}"),
            Exclusion::MissingParams { params } => format!("needs {}", params.join(", ")),
            _ => "no such tool".to_owned(),
        };
        format!("\n{} is no candidate: {why}\n", excluded.tool)
    });
    ranked.chain(excluded).collect()
}

fn contributions(tool: &RankedTool, screen: &Screen) -> String {
    let mut table = Table::new(&[
        ("factor", Align::Left),
        ("value", Align::Right),
        ("weight", Align::Right),
        ("points", Align::Right),
        ("from", Align::Left),
    ]);
    for part in &tool.contributions {
        table.row([
            (part.name.to_string(), Style::Plain),
            (format!("{:.3}", part.value), Style::Plain),
            (format!("{:.3}", part.weight), Style::Plain),
            (format!("{:.4}", part.points), Style::Plain),
            (source(part), Style::Dim),
        ]);
    }
    let name = screen.paint.paint(Style::Name, tool.tool.spec().name().as_str());
    format!("\n{name} = {:.6}\n{}", tool.score, table.draw(screen.width, screen.paint))
}

/// Says where a value comes from: of a word, the fields it stands in.
fn source(part: &Contribution) -> String {
    let plain = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(|text| text.replace('_', " "))).unwrap_or_default()
    };
    if part.fields.is_empty() {
        return plain(serde_json::to_value(part.basis));
    }
    part.fields.iter().map(|part| plain(serde_json::to_value(part.field))).collect::<Vec<_>>().join(", ")
}
