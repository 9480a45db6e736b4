//! What do columns such as `attributes.cpu_cores` and `tags.role` become?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Number, Value};

use crate::import::sheet::Row;

/// Returns the filled cells of the columns with this prefix, by the rest of the column's name.
pub(super) fn prefixed(row: &Row<'_>, prefix: &str) -> BTreeMap<String, String> {
    let named = |(column, text): (&str, &str)| Some((column.strip_prefix(prefix)?.to_owned(), text.to_owned()));
    row.cells().filter_map(named).collect()
}

/// Turns columns into JSON values: a column is numbers only if every filled cell of it is written as JSON would write
/// that number (so that versions `1.9` and `1.10` stay text), likewise booleans; else text.
pub(super) fn typed(rows: Vec<BTreeMap<String, String>>) -> Vec<BTreeMap<String, Value>> {
    let mut text: BTreeSet<String> = BTreeSet::new();
    for (column, cell) in rows.iter().flatten() {
        if scalar(cell).is_none() && !text.contains(column) {
            text.insert(column.clone());
        }
    }
    let value = |(column, cell): (String, String)| {
        let scalar = if text.contains(&column) { None } else { scalar(&cell) };
        (column, scalar.unwrap_or(Value::String(cell)))
    };
    rows.into_iter().map(|row| row.into_iter().map(value).collect()).collect()
}

fn scalar(text: &str) -> Option<Value> {
    if let Ok(flag) = text.parse::<bool>() {
        return Some(Value::Bool(flag));
    }
    let number: Number = text.parse().ok()?;
    (number.to_string() == text).then_some(Value::Number(number))
}
