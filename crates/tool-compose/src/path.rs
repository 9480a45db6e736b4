//! What does a path find in a value?

use serde_json::Value;

use crate::reference::Segment;

/// Why a path finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Miss {
    /// How far the path came, the failing segment included, as in `.records[2].ci_id`.
    pub(crate) place: String,
    pub(crate) kind: MissKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MissKind {
    /// There is no such field or item; what there is instead.
    Absent(String),
    /// The path expects another kind of value; what, and what there is.
    WrongShape(&'static str, String),
}

impl std::fmt::Display for Miss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            MissKind::Absent(there) => write!(f, "is missing: there is {there}"),
            MissKind::WrongShape(expected, there) => write!(f, "expects {expected}: there is {there}"),
        }
    }
}

/// What happens to values that are not there, or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaps {
    Fail,
    LeaveOut,
}

/// Finds the value of a path; `None` for a gap that may be left out.
///
/// A value of the wrong shape (a field of a number) is always an error.
pub(crate) fn find(value: &Value, path: &[Segment], gaps: Gaps) -> Result<Option<Value>, Miss> {
    let Some(each) = path.iter().position(|segment| *segment == Segment::Each) else {
        return Ok(follow(value, path, gaps)?.cloned());
    };
    if follow(value, &path[..each], gaps)?.is_none() {
        return Ok(None);
    }
    let mut found = Vec::new();
    collect(value, path, gaps, &mut found)?;
    Ok(Some(Value::Array(found.into_iter().cloned().collect())))
}

/// Follows fields and indices.
fn follow<'v>(value: &'v Value, path: &[Segment], gaps: Gaps) -> Result<Option<&'v Value>, Miss> {
    let mut here = value;
    for (depth, segment) in path.iter().enumerate() {
        if gaps == Gaps::LeaveOut && here.is_null() {
            return Ok(None);
        }
        here = match step(here, segment) {
            Ok(next) => next,
            Err(MissKind::Absent(_)) if gaps == Gaps::LeaveOut => return Ok(None),
            Err(kind) => return Err(Miss { place: show(&path[..=depth]), kind }),
        };
    }
    Ok((gaps == Gaps::Fail || !here.is_null()).then_some(here))
}

fn step<'v>(here: &'v Value, segment: &Segment) -> Result<&'v Value, MissKind> {
    let found = match (segment, here) {
        (Segment::Field(name), Value::Object(map)) => map.get(name),
        (Segment::Index(index), Value::Array(list)) => list.get(*index),
        (Segment::Field(_), _) => return Err(MissKind::WrongShape("an object", describe(here))),
        (Segment::Index(_) | Segment::Each, _) => return Err(MissKind::WrongShape("a list", describe(here))),
    };
    found.ok_or_else(|| MissKind::Absent(describe(here)))
}

/// Adds every value that the path finds to one flat list.
fn collect<'v>(value: &'v Value, path: &[Segment], gaps: Gaps, found: &mut Vec<&'v Value>) -> Result<(), Miss> {
    let each = path.iter().position(|segment| *segment == Segment::Each);
    let Some(here) = follow(value, &path[..each.unwrap_or(path.len())], gaps)? else { return Ok(()) };
    let Some(each) = each else {
        found.push(here);
        return Ok(());
    };
    let Value::Array(items) = here else {
        return Err(Miss { place: show(&path[..=each]), kind: MissKind::WrongShape("a list", describe(here)) });
    };
    for (index, item) in items.iter().enumerate() {
        collect(item, &path[each + 1..], gaps, found)
            .map_err(|miss| Miss { place: format!("{}[{index}]{}", show(&path[..each]), miss.place), ..miss })?;
    }
    Ok(())
}

fn show(path: &[Segment]) -> String {
    path.iter().map(ToString::to_string).collect()
}

/// The most field names that a message lists, and the most characters of each.
const MAX_SHOWN: usize = 8;
const MAX_NAME: usize = 40;

/// Says what a value is without showing it: it may be secret, and long.
fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "a boolean".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(list) if list.is_empty() => "an empty list".to_owned(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(map) if map.is_empty() => "an empty object".to_owned(),
        Value::Object(map) => {
            let names = map.keys().take(MAX_SHOWN).map(|name| name.chars().take(MAX_NAME).collect::<String>());
            let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            format!("an object with {names}{}", if map.len() > MAX_SHOWN { ", …" } else { "" })
        }
    }
}

#[cfg(test)]
mod tests;
