//! Which other texts say the same JSON, and which values are the same?

use std::fmt::Write;

use serde_json::{Number, Value};

/// Writes a value as nobody does: names from last to first, every character escaped, white space everywhere, whole
/// numbers with a fraction where a double holds them.
pub(crate) fn respell(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    out.push_str(" \n");
    match value {
        Value::Null | Value::Bool(_) => out.push_str(&value.to_string()),
        Value::Number(number) => out.push_str(&respell_number(number)),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => write_all(out, ['[', ']'], items.iter(), write),
        Value::Object(map) => write_all(out, ['{', '}'], map.iter().rev(), |out, (name, item)| {
            write_text(out, name);
            out.push_str("\t:");
            write(out, item);
        }),
    }
    out.push_str("\r\n");
}

fn write_all<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(close);
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for unit in text.encode_utf16() {
        write!(out, "\\u{unit:04x}").expect("a text takes all");
    }
    out.push('"');
}

/// 2^53: up to here, every whole number is a double.
const EXACT: u64 = 1 << 53;

fn respell_number(number: &Number) -> String {
    match number.as_i64() {
        Some(whole) if whole.unsigned_abs() <= EXACT => format!("{whole}.0"),
        _ => number.to_string(),
    }
}

/// Returns whether two values are the same parameters: numbers by what they are worth, everything else as it is.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => worth(a) == worth(b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// What a number is worth: exactly, where it is whole and has up to 127 bits, else as a double.
#[derive(Debug, PartialEq)]
enum Worth {
    Whole(i128),
    Double(f64),
}

#[expect(clippy::cast_possible_truncation, reason = "a whole double in the range converts exactly")]
fn worth(number: &Number) -> Worth {
    let whole = number.as_u64().map(i128::from).or_else(|| number.as_i64().map(i128::from));
    let double = number.as_f64().unwrap_or(f64::NAN);
    match whole {
        Some(whole) => Worth::Whole(whole),
        None if double.fract() == 0.0 && double.abs() < 2f64.powi(126) => Worth::Whole(double as i128),
        None => Worth::Double(double),
    }
}

/// Changes one value of a document, the `choice`-th in order of reading, modulo their number.
pub(crate) fn change(value: &mut Value, choice: usize) {
    let mut left = choice % count(value);
    change_at(value, &mut left);
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// Walks until `left` is used up; returns whether the change was made.
fn change_at(value: &mut Value, left: &mut usize) -> bool {
    if *left == 0 {
        *value = another(value.take());
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| change_at(item, left)),
        Value::Object(map) => map.values_mut().any(|item| change_at(item, left)),
        _ => false,
    }
}

/// Returns a value that differs a little.
fn another(value: Value) -> Value {
    match value {
        Value::Null => Value::Bool(false),
        Value::Bool(is) => Value::Bool(!is),
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) => Value::String(text + "\0"),
        Value::Array(mut items) => {
            items.push(Value::Null);
            Value::Array(items)
        }
        Value::Object(mut map) => {
            let name = map.keys().max().map_or_else(String::new, |last| format!("{last}\0"));
            map.insert(name, Value::Null);
            Value::Object(map)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> Value {
        json!({"b": [1, -2.5, u64::MAX, {"é\u{1f600}": null}], "a": "\u{0}\"", "c": {"d": true, "e": EXACT * 2 + 1}})
    }

    #[test]
    fn respelled_text_says_the_same() {
        let text = respell(&sample());
        assert!(!text.contains('é') && text.find("\\u0063") < text.find("\\u0061"), "{text}");
        assert!(same(&serde_json::from_str(&text).unwrap(), &sample()), "{text}");
    }

    #[test]
    fn every_change_is_seen() {
        for choice in 0..count(&sample()) {
            let mut changed = sample();
            change(&mut changed, choice);
            assert!(!same(&changed, &sample()), "{choice}: {changed}");
        }
    }

    #[track_caller]
    fn check(a: &Value, b: &Value, expected: bool) {
        assert_eq!((same(a, b), same(b, a)), (expected, expected), "{a} beside {b}");
    }

    #[test]
    fn numbers_are_compared_by_worth() {
        check(&json!(1), &json!(1.0), true);
        check(&json!(-0.0), &json!(0), true);
        check(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992.0), false);
        check(&json!(u64::MAX), &json!(18_446_744_073_709_551_616.0), false);
        check(&json!(1), &json!("1"), false);
        check(&json!([1, 2]), &json!([1]), false);
        check(&json!({"a": 1}), &json!({"b": 1}), false);
    }
}
