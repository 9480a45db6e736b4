//! `runner tools`: what is there?

use std::sync::Arc;

use runner::tool_core::ToolSpec;
use serde_json::Value;

use crate::{
    cli,
    exit::{CliError, Exit},
    render::{Align, Style, Table, wrap},
    screen::Screen,
    session::Session,
};

/// Runs the command.
pub(crate) fn run(args: &cli::Tools, session: &Session) -> Result<Exit, CliError> {
    let registry = session.runner.registry();
    if let Some(name) = &args.tool {
        let tool = registry.resolve(name)?;
        session.screen.show(tool.spec(), one)?;
        return Ok(Exit::Done);
    }
    let specs: Vec<Arc<ToolSpec>> = registry.tools().iter().map(|tool| Arc::clone(tool.spec())).collect();
    session.screen.show(&specs, |specs, screen| list(specs, screen))?;
    Ok(if specs.is_empty() { Exit::Empty } else { Exit::Done })
}

fn effect(spec: &ToolSpec) -> String {
    serde_json::to_value(spec.effect()).ok().and_then(|effect| effect.as_str().map(str::to_owned)).unwrap_or_default()
}

fn list(specs: &[Arc<ToolSpec>], screen: &Screen) -> String {
    let mut table = Table::new(&[("tool", Align::Left), ("effect", Align::Left), ("what it is for", Align::Prose)]);
    for spec in specs {
        table.row([
            (spec.name().to_string(), Style::Name),
            (effect(spec), Style::Plain),
            (first_sentence(spec.description()).to_owned(), Style::Plain),
        ]);
    }
    table.draw(screen.width, screen.paint)
}

/// Returns what a list says of a tool; `runner tools TOOL` says the rest.
pub(crate) fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

fn one(spec: &Arc<ToolSpec>, screen: &Screen) -> String {
    let mut out = format!("{} ({})\n", screen.paint.paint(Style::Name, spec.name().as_str()), effect(spec));
    for line in wrap(spec.description(), screen.width) {
        out += &line;
        out.push('\n');
    }
    let schema = spec.input_schema();
    let mut table =
        Table::new(&[("parameter", Align::Left), ("type", Align::Left), ("", Align::Left), ("meaning", Align::Prose)]);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let required = spec.required_params().any(|required| required == name);
        table.row([
            (name.clone(), Style::Plain),
            (kind(property), Style::Dim),
            (if required { "required".to_owned() } else { default(property) }, Style::Dim),
            (property["description"].as_str().unwrap_or_default().to_owned(), Style::Plain),
        ]);
    }
    out + &table.draw(screen.width, screen.paint)
}

fn kind(property: &Value) -> String {
    let of = |value: &Value| value["type"].as_str().map(str::to_owned);
    if let Some(values) = property["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|");
    }
    let any = || property["anyOf"].as_array().map(|any| any.iter().filter_map(of).collect::<Vec<_>>().join("|"));
    of(property).or_else(any).unwrap_or_default()
}

fn default(property: &Value) -> String {
    match &property["default"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
