//! What does a dotted path mean in a payload?

use serde_json::Value;

/// Returns what stands at the path; nothing and `null` are both missing.
///
/// A key may itself hold dots: `metric.latency.p90` finds the key `latency.p90` of `metric`. A number is a place in a list.
pub(super) fn find<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let whole = step(value, path);
    let found = whole.or_else(|| {
        let dots = path.match_indices('.').map(|(place, _)| place);
        dots.filter_map(|dot| find(step(value, &path[..dot])?, &path[dot + 1..])).next()
    });
    found.filter(|value| !value.is_null())
}

fn step<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(key),
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
