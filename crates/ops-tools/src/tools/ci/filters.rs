//! Which conditions on items may a call state?

use serde::Deserialize;
use serde_json::{Value, json};

use crate::estate::{CiField, CiFilter, FilterOp};
use crate::nearest::did_you_mean;
use crate::tools::context::{Problems, object};

/// A condition as a caller writes it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Written {
    field: String,
    op: String,
    value: Value,
}

/// Returns the schema of the `filters` parameter. Names are checked by [`read`], which suggests the nearest.
pub(super) fn schema() -> Value {
    let fields = format!("one of {}", CiField::names().join(", "));
    let filter = object(
        json!({
            "field": {"type": "string", "description": fields},
            "op": {"type": "string", "description": "=, !=, ILIKE (contains, whatever the case) or in (a list)"},
            "value": {"description": "text, number or boolean; a list of them for in",
                      "type": ["string", "number", "boolean", "array"]},
        }),
        &["field", "op", "value"],
    );
    json!({"type": "array", "items": filter, "maxItems": 20, "default": [],
           "description": "conditions that must all hold; any other field or operator is an error"})
}

/// Reads the filters, noting everything that is wrong with them.
pub(super) fn read(written: &[Written], problems: &mut Problems) -> Vec<CiFilter> {
    let mut filters = Vec::with_capacity(written.len());
    for (place, filter) in written.iter().enumerate() {
        match CiFilter::new(&filter.field, &filter.op, &filter.value) {
            Ok(filter) => filters.push(filter),
            Err(faults) => {
                for fault in faults {
                    let path = format!("/filters/{place}/{}", fault.member);
                    let (got, hint) = filter.member(fault.member);
                    problems.add(path, format!("{}{hint}", fault.expected), Some(&got));
                }
            }
        }
    }
    filters
}

impl Written {
    /// Returns a member, and what it may have meant.
    fn member(&self, name: &str) -> (Value, String) {
        match name {
            "field" => (self.field.as_str().into(), near_field(&self.field)),
            "op" => (self.op.as_str().into(), did_you_mean(&self.op, ["ILIKE"])),
            _ => (self.value.clone(), String::new()),
        }
    }
}

/// Returns `; did you mean "FIELD"?` for a mistyped field; the prefix may have been left out.
pub(super) fn near_field(typed: &str) -> String {
    let names = CiField::names();
    let tail = |name: &&String| name.split_once('.').is_some_and(|(_, tail)| tail == typed);
    match names.iter().find(tail) {
        Some(name) => format!("; did you mean \"{name}\"?"),
        None => did_you_mean(typed, names.iter().map(String::as_str)),
    }
}

/// Reads the name of a field at `path`, noting it if there is none.
pub(super) fn field(name: &str, path: String, problems: &mut Problems) -> Option<CiField> {
    let known = CiField::parse(name);
    if known.is_none() {
        let expected = format!("one of {}{}", CiField::names().join(", "), near_field(name));
        problems.add(path, expected, Some(&name.into()));
    }
    known
}

/// Writes the filters as a person would say them, joined by `and`; nothing for none.
pub(super) fn said(filters: &[CiFilter]) -> Option<String> {
    let each = filters.iter().map(|filter| {
        let values: Vec<String> = filter.values().iter().map(ToString::to_string).collect();
        let (op, value) = match filter.op() {
            FilterOp::Eq => ("=", values.join(", ")),
            FilterOp::Ne => ("!=", values.join(", ")),
            FilterOp::Contains => ("contains", values.join(", ")),
            FilterOp::In => ("in", format!("({})", values.join(", "))),
        };
        format!("{} {op} {value}", filter.field().name())
    });
    let all: Vec<String> = each.collect();
    (!all.is_empty()).then(|| all.join(" and "))
}
