//! How do a question's reading and its answer look in a terminal?

use runner::tool_select::{Entity, Reading};
use serde_json::Value;

use super::{Align, Style, Table, command, investigation, payload, wrap};
use crate::{
    commands::{Answered, explained, served},
    screen::Screen,
};

/// Draws what was understood first, then the answer, or what comes near where there is none.
pub(crate) fn answered(answer: &Answered, options: &[String], screen: &Screen) -> String {
    let mut out = understood(answer, screen);
    if let Some(selection) = &answer.selection {
        out += &explained(selection, screen);
    }
    out.push('\n');
    match (&answer.investigation, &answer.result, &answer.report) {
        (Some(found), ..) => out + &investigation(found, options, screen),
        (None, Some(result), Some(report)) => {
            let foot =
                format!("{} · change it with --tool, --ci, --metric, --time-range, --limit or -p", served(report));
            let foot: Vec<String> =
                wrap(&foot, screen.width).iter().map(|line| screen.paint.paint(Style::Dim, line)).collect();
            format!("{out}{}\n{}\n", payload(result, screen), foot.join("\n"))
        }
        _ => out + &none(answer, options, screen),
    }
}

fn understood(answer: &Answered, screen: &Screen) -> String {
    let mut table = Table::new(&[("", Align::Left), ("", Align::Prose), ("", Align::Prose)]);
    let mut row = |name: &str, value: String, from: String| {
        table.row([(name.to_owned(), Style::Dim), (value, Style::Name), (from, Style::Dim)]);
    };
    let read = &answer.understood;
    if let Some(intent) = &read.intent {
        let about = ops_tools::INTENTS.iter().find(|known| known.name == intent);
        row("intent", intent.clone(), about.map(|known| known.description.to_owned()).unwrap_or_default());
    }
    for entity in &read.entities {
        row(&entity.kind.replace('_', " "), said(entity), format!("“{}”", entity.text));
    }
    // Ends that are written out are told already.
    let relative = answer.params.as_ref().is_some_and(|params| params["time_range"].is_string());
    if let Some(window) = read.window.as_ref().filter(|_| relative) {
        row("window", format!("{} to {}", window.from, window.to), String::new());
    }
    row("tool", answer.tool.clone().unwrap_or_else(|| "none".to_owned()), read.why.clone());
    for failed in &answer.fell_back_from {
        row("", failed.tool.clone(), format!("failed: {}", failed.error));
    }
    if !answer.unused_words.is_empty() {
        row("not used", answer.unused_words.join(", "), String::new());
    }
    format!("{}\n{}", screen.paint.paint(Style::Strong, "Understood"), table.draw(screen.width, screen.paint))
}

fn said(entity: &Entity) -> String {
    match &entity.value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Value::Object(map) => match (map.get("field"), map.get("op"), map.get("value"), map.get("from"), map.get("to"))
        {
            (Some(field), Some(op), Some(value), ..) => format!("{} {} {}", bare(field), bare(op), bare(value)),
            (.., Some(from), Some(to)) => format!("{} to {}", bare(from), bare(to)),
            _ => entity.value.to_string(),
        },
        other => other.to_string(),
    }
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn none(answer: &Answered, options: &[String], screen: &Screen) -> String {
    let said = wrap(&format!("No tool answers this. {}", reason(answer)), screen.width);
    let mut out: String = said.iter().map(|line| format!("{line}\n")).collect();
    if answer.nearest.is_empty() {
        out += "`runner tools` lists what there is; `runner select \"TEXT\"` says what fits a text.\n";
        return out;
    }
    out += "What comes near:\n";
    for near in &answer.nearest {
        for line in command(&words(near, options), screen.width, 2) {
            out += &line;
            out.push('\n');
        }
    }
    out
}

fn reason(answer: &Answered) -> String {
    match answer.unused_words.as_slice() {
        [] => "Each word was understood, but no tool answers all of it at once.".to_owned(),
        [one] => format!("The word `{one}` was not used."),
        many => {
            format!("The words {} were not used.", many.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Returns the command that makes the call.
fn words(near: &Reading, options: &[String]) -> Vec<String> {
    let mut words = vec!["runner".to_owned(), "call".to_owned(), near.tool.to_string()];
    for (name, value) in near.params.as_value().as_object().into_iter().flatten() {
        words.extend(["-p".to_owned(), format!("{name}={}", bare(value))]);
    }
    words.extend(options.iter().cloned());
    words
}
