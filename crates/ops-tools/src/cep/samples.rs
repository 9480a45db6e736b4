//! What values did a field have, and when?

use serde_json::Value;

use crate::timerange::parse_instant;

/// One element of a list in a payload: a value or an event at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    /// In Unix seconds.
    pub(super) time: i64,
    /// Its value; missing in an event.
    pub(super) value: Option<&'a Value>,
    /// The element itself.
    pub(super) element: &'a Value,
}

/// Reads a list of `[time, value]` or `{"time", "value"}`, oldest first; the reason if it is no such list.
pub(super) fn read(value: &Value) -> Result<Vec<Sample<'_>>, String> {
    let Value::Array(list) = value else {
        return Err("holds one value, not a list of samples".to_owned());
    };
    let samples: Option<Vec<Sample<'_>>> = list.iter().map(sample).collect();
    let mut samples = samples.ok_or("holds an element that is neither [time, value] nor {\"time\", \"value\"}")?;
    samples.sort_by_key(|sample| sample.time);
    Ok(samples)
}

fn sample(element: &Value) -> Option<Sample<'_>> {
    let (time, value) = match element {
        Value::Array(pair) if pair.len() == 2 => (&pair[0], Some(&pair[1])),
        Value::Object(map) => (map.get("time")?, map.get("value")),
        _ => return None,
    };
    Some(Sample { time: seconds(time)?, value: value.filter(|value| !value.is_null()), element })
}

/// Returns the time of an element of a list, if it has one.
pub(super) fn time_of(element: &Value) -> Option<i64> {
    sample(element).map(|sample| sample.time)
}

/// Reads a time: whole Unix seconds, or RFC 3339.
pub(super) fn seconds(time: &Value) -> Option<i64> {
    match time {
        Value::String(text) => parse_instant(text).ok(),
        other => other.as_i64(),
    }
}

/// Returns the newest time of any sample in a payload: its "now".
pub(super) fn newest(payload: &Value) -> Option<i64> {
    match payload {
        Value::Array(list) => {
            let here = list.iter().filter_map(sample).map(|sample| sample.time);
            here.chain(list.iter().filter_map(newest)).max()
        }
        Value::Object(map) => map.values().filter_map(newest).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
