//! How is evidence brought under its cap, and what was left out?

use serde_json::Value;

/// The cap of the evidence, in bytes of JSON.
pub(super) const MAX_BYTES: usize = 16 * 1024;

/// One way to make evidence smaller; the names are part of the result.
type Step = (&'static str, fn(&mut Value));

/// The steps, mildest first; each is taken only while the evidence is over its cap.
const STEPS: [Step; 8] = [
    ("strings_to_200_characters", |value| cut_strings(value, 200)),
    ("3_newest_history_entries", |value| in_part(value, "history", 3)),
    ("60_newest_samples", |value| in_part(value, "metric", 60)),
    ("strings_to_50_characters", |value| cut_strings(value, 50)),
    ("lists_to_5_newest", |value| cut_lists(value, 5)),
    ("without_history", |value| drop_part(value, "history")),
    ("without_metric", |value| drop_part(value, "metric")),
    ("without_all", |value| *value = Value::Null),
];

/// Shrinks the value to the cap; returns the steps it took.
pub(super) fn shrink(value: &mut Value) -> Vec<&'static str> {
    to(value, MAX_BYTES)
}

/// Shrinks the value to so many bytes; returns the steps it took.
pub(super) fn to(value: &mut Value, max_bytes: usize) -> Vec<&'static str> {
    let mut taken = Vec::new();
    for (name, step) in STEPS {
        if bytes(value) <= max_bytes {
            break;
        }
        step(value);
        taken.push(name);
    }
    taken
}

/// Returns the length of a value as JSON, in bytes.
pub(super) fn bytes(value: &Value) -> usize {
    value.to_string().len()
}

fn in_part(value: &mut Value, name: &str, keep: usize) {
    if let Some(part) = value.get_mut(name) {
        cut_lists(part, keep);
    }
}

fn drop_part(value: &mut Value, name: &str) {
    if let Some(map) = value.as_object_mut() {
        map.remove(name);
    }
}

/// Cuts a text to so many characters.
pub(super) fn cut(text: &mut String, characters: usize) {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
        text.push('…');
    }
}

fn cut_strings(value: &mut Value, characters: usize) {
    match value {
        Value::String(text) => cut(text, characters),
        Value::Array(list) => list.iter_mut().for_each(|value| cut_strings(value, characters)),
        Value::Object(map) => map.values_mut().for_each(|value| cut_strings(value, characters)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Keeps the newest elements of every list, in the list's order; a list without times keeps its first elements.
fn cut_lists(value: &mut Value, keep: usize) {
    match value {
        Value::Array(list) => {
            if list.len() > keep {
                keep_newest(list, keep);
            }
            list.iter_mut().for_each(|value| cut_lists(value, keep));
        }
        Value::Object(map) => map.values_mut().for_each(|value| cut_lists(value, keep)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn keep_newest(list: &mut Vec<Value>, keep: usize) {
    let mut times: Vec<(i64, usize)> = Vec::with_capacity(list.len());
    for (place, element) in list.iter().enumerate() {
        let Some(time) = super::samples::time_of(element) else {
            list.truncate(keep);
            return;
        };
        times.push((time, place));
    }
    times.sort_unstable_by(|left, right| right.cmp(left));
    let mut kept: Vec<usize> = times[..keep].iter().map(|(_, place)| *place).collect();
    kept.sort_unstable();
    *list = kept.into_iter().map(|place| list[place].take()).collect();
}

#[cfg(test)]
mod tests;
