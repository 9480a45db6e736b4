//! How does the result of a tool look in a terminal?

use std::collections::HashMap;

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use super::{Align, Style, Table};
use crate::screen::Screen;

/// The members of a result that a reader knows already or needs only in a program.
const UNSEEN: [&str; 7] = ["columns", "params", "meta", "ids", "ci_ids", "ci_ids_truncated", "truncated"];
/// From how many cells on a text of a list is prose, broken over lines.
const PROSE: usize = 28;

/// The code of each id that a result tells.
type Names<'a> = HashMap<&'a str, &'a str>;

/// Draws a result: what stands alone first, then each list as a table; `--json` has it whole.
pub(crate) fn payload(result: &Value, screen: &Screen) -> String {
    payload_among(result, &[result], screen)
}

/// Draws a result among others that tell which code stands for which id.
pub(crate) fn payload_among(result: &Value, all: &[&Value], screen: &Screen) -> String {
    let Some(members) = result.as_object() else {
        return format!("  {}\n", cell(result));
    };
    let seen = || members.iter().filter(|(name, value)| !UNSEEN.contains(&name.as_str()) && !is_blank(value));
    let mut alone = Table::new(&[("", Align::Left), ("", Align::Prose)]);
    for (name, value) in seen().filter(|(_, value)| rows(value).is_none()) {
        for (name, value) in leaves(name, value) {
            alone.row([(name, Style::Dim), (value, Style::Plain)]);
        }
    }
    let names = all.iter().flat_map(|result| codes(result)).collect();
    let mut out = alone.draw(screen.width, screen.paint);
    for (name, rows) in seen().filter_map(|(name, value)| Some((name, rows(value)?))) {
        out += &["\n", &screen.paint.paint(Style::Strong, name), "\n", &list(&rows, &names, screen)].concat();
    }
    out
}

/// Returns the rows of a list of objects.
fn rows(value: &Value) -> Option<Vec<&Map<String, Value>>> {
    let list = value.as_array().filter(|list| !list.is_empty())?;
    list.iter().map(Value::as_object).collect()
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_blank),
        _ => false,
    }
}

/// Lists the single values below a member, each under its dotted name.
fn leaves(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().flat_map(|(inner, value)| leaves(&format!("{name}.{inner}"), value)).collect()
        }
        value if is_blank(value) => Vec::new(),
        value => vec![(name.to_owned(), cell(value))],
    }
}

/// Draws a list of objects, a column for each member that any row has; what is nested, or finds no room, is left to
/// `--json`.
fn list(rows: &[&Map<String, Value>], names: &Names<'_>, screen: &Screen) -> String {
    let mut members: Vec<&str> = Vec::new();
    for row in rows {
        members.extend(row.iter().filter(|(name, value)| is_column(name, value)).map(|(name, _)| name.as_str()));
    }
    members.sort_by_key(|name| (place(name), *name));
    members.dedup();
    let text =
        |row: &Map<String, Value>, name: &str| row.get(name).map(|value| named(value, names)).unwrap_or_default();
    let mut columns: Vec<(&str, Align)> = Vec::new();
    let mut room = screen.width.saturating_sub(2);
    for name in members {
        let widest = rows.iter().map(|row| text(row, name).width()).max().unwrap_or(0);
        let number = rows.iter().all(|row| row.get(name).is_none_or(|value| value.is_number() || value.is_null()));
        let (align, width) = match widest {
            _ if number => (Align::Right, widest),
            wide if wide > PROSE => (Align::Prose, PROSE),
            _ => (Align::Left, widest),
        };
        let gap = if columns.is_empty() { 0 } else { 2 };
        if let Some(left) = room.checked_sub(width.max(name.width()) + gap) {
            room = left;
            columns.push((name, align));
        }
    }
    let mut table = Table::new(&columns);
    for row in rows {
        table.row(columns.iter().map(|(name, _)| (text(row, name), Style::Plain)));
    }
    table.draw(screen.width, screen.paint)
}

/// Collects which code stands for which id, so that people read codes.
fn codes(result: &Value) -> impl Iterator<Item = (&str, &str)> {
    let lists = result.as_object().into_iter().flat_map(Map::values).filter_map(rows).flatten();
    lists.filter_map(|row| code(row, "id", "code").or_else(|| code(row, "ci_id", "ci_code")))
}

fn code<'a>(row: &'a Map<String, Value>, id: &str, code: &str) -> Option<(&'a str, &'a str)> {
    Some((row.get(id)?.as_str()?, row.get(code)?.as_str()?))
}

fn named(value: &Value, names: &Names<'_>) -> String {
    let code = value.as_str().and_then(|id| names.get(id));
    code.map_or_else(|| cell(value), |code| (*code).to_owned())
}

/// Ids are for programs: people have the code.
fn is_column(name: &str, value: &Value) -> bool {
    !matches!(name, "ci_id" | "id" | "message" | "description" | "evidence") && !value.is_object() && !value.is_array()
}

/// Puts first what a reader looks for first.
fn place(name: &str) -> usize {
    const FIRST: [&str; 13] = [
        "time",
        "timestamp",
        "ci_code",
        "code",
        "name",
        "ci_name",
        "severity",
        "title",
        "value",
        "unit",
        "event_type",
        "ci_type",
        "ci_subtype",
    ];
    FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            number.as_f64().filter(|_| number.is_f64()).map_or_else(|| number.to_string(), rounded)
        }
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Object(_) => value.to_string(),
    }
}

/// Writes a number with about six digits: more tell a person nothing.
fn rounded(value: f64) -> String {
    let text = match value.abs() {
        size if size >= 1e6 || (size > 0.0 && size < 1e-4) => return format!("{value:.4e}"),
        size if size >= 1e3 => format!("{value:.2}"),
        size if size >= 1.0 => format!("{value:.4}"),
        _ => format!("{value:.6}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::render::Paint;

    #[test]
    fn result_reads_like_a_page() {
        let screen = Screen { json: false, paint: Paint::plain(), width: 60 };
        let result = json!({
            "unit": "s", "total": 2, "truncated": null, "tags": {"role": "db"}, "empty": [],
            "rows": [{"value": 0.304_224_751_234, "time": "T1", "ci_id": "x"}, {"value": 2.0, "time": "T2"}],
        });
        assert_eq!(
            payload(&result, &screen),
            "  tags.role  db\n  total      2\n  unit       s\n\nrows\n  time     value\n  T1    0.304225\n  T2           2\n"
        );
    }

    #[test]
    fn numbers_keep_what_matters() {
        for (value, expected) in [(0.1 + 0.2, "0.3"), (1234.567, "1234.57"), (0.0, "0"), (1e-7, "1.0000e-7")] {
            assert_eq!(rounded(value), expected);
        }
    }
}
