//! Which bytes stand for these parameters?
//!
//! Every value is a tag byte and what follows from it; texts, lists and objects say their length first, so no two
//! values share an encoding and none is the beginning of another. Numbers are encoded by what they are worth: `1` and
//! `1.0` are one parameter, `-0` is `0`, and integers are exact over all of `i64` and `u64`.

use std::sync::OnceLock;

use serde_json::{Map, Number, Value};

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
/// An integer from 0 to `u64::MAX`.
const NATURAL: u8 = 3;
/// An integer below 0, as its bitwise complement.
const NEGATIVE: u8 = 4;
/// A number that is no integer of 64 bits, as the bits of its double.
const DOUBLE: u8 = 5;
const TEXT: u8 = 6;
const LIST: u8 = 7;
const OBJECT: u8 = 8;
/// A number beyond doubles, as its decimal text; only under serde_json's `arbitrary_precision`.
const DECIMAL: u8 = 9;

/// Top-level fields that are no part of a question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Skip {
    names: Box<[String]>,
    /// Which lengths they have, one bit each, the last for all from 63 up: most other names need no comparison.
    lengths: u64,
}

impl Skip {
    pub(crate) fn new(names: &[String]) -> Self {
        Self { names: names.into(), lengths: names.iter().fold(0, |lengths, name| lengths | Self::bit(name)) }
    }

    fn bit(name: &str) -> u64 {
        1 << name.len().min(63)
    }

    fn has(&self, name: &String) -> bool {
        self.lengths & Self::bit(name) != 0 && self.names.contains(name)
    }
}

/// Appends the encoding of parameters without the top-level fields to skip.
///
/// The parameters as a whole need no tag and no count: they end where the bytes end.
pub(crate) fn encode(params: &Map<String, Value>, skip: &Skip, out: &mut Vec<u8>) {
    entries(out, params.iter().filter(|(key, _)| !skip.has(key)));
}

/// Appends the encoding of a value.
pub(crate) fn value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(false) => out.push(FALSE),
        Value::Bool(true) => out.push(TRUE),
        Value::Number(value) => number(out, value),
        Value::String(value) => {
            tagged(out, TEXT, value.len() as u64);
            out.extend_from_slice(value.as_bytes());
        }
        Value::Array(list) => {
            tagged(out, LIST, list.len() as u64);
            list.iter().for_each(|item| self::value(out, item));
        }
        Value::Object(map) => {
            tagged(out, OBJECT, map.len() as u64);
            entries(out, map.iter());
        }
    }
}

/// Appends entries by key: as they come where maps are sorted.
fn entries<'a>(out: &mut Vec<u8>, entries: impl Iterator<Item = (&'a String, &'a Value)>) {
    if !maps_are_sorted() {
        return sorted_entries(out, entries);
    }
    for (key, item) in entries {
        text(out, key);
        value(out, item);
    }
}

/// Returns whether maps iterate by key: always, unless somebody in the build switched serde_json's `preserve_order` on.
///
/// That decides which map it is, so one map tells of all.
fn maps_are_sorted() -> bool {
    static SORTED: OnceLock<bool> = OnceLock::new();
    *SORTED.get_or_init(|| {
        let backwards = ["c", "b", "a"].map(|key| (key.to_owned(), Value::Null));
        backwards.into_iter().collect::<Map<_, _>>().keys().is_sorted()
    })
}

#[cold]
fn sorted_entries<'a>(out: &mut Vec<u8>, entries: impl Iterator<Item = (&'a String, &'a Value)>) {
    let mut sorted: Vec<_> = entries.collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    for (key, item) in sorted {
        text(out, key);
        value(out, item);
    }
}

fn number(out: &mut Vec<u8>, number: &Number) {
    if let Some(natural) = number.as_u64() {
        tagged(out, NATURAL, natural);
    } else if let Some(value) = number.as_i64() {
        signed(out, value);
    } else if let Some(value) = number.as_f64().filter(|value| Number::from_f64(*value).as_ref() == Some(number)) {
        double(out, value);
    } else {
        out.push(DECIMAL);
        text(out, &number.to_string());
    }
}

/// 2^64 and -2^63, both exact as doubles.
const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;
const MINUS_TWO_TO_63: f64 = -9_223_372_036_854_775_808.0;

#[expect(clippy::cast_possible_truncation, reason = "an integral double within the range converts exactly")]
fn double(out: &mut Vec<u8>, value: f64) {
    let integral = value.trunc().to_bits() == value.to_bits();
    if integral && (0.0..TWO_TO_64).contains(&value) {
        tagged(out, NATURAL, value as u64);
    } else if integral && (MINUS_TWO_TO_63..=0.0).contains(&value) {
        signed(out, value as i64);
    } else {
        out.push(DOUBLE);
        out.extend_from_slice(&value.to_bits().to_le_bytes());
    }
}

fn signed(out: &mut Vec<u8>, value: i64) {
    match u64::try_from(value) {
        Ok(natural) => tagged(out, NATURAL, natural),
        Err(_) => tagged(out, NEGATIVE, (!value).unsigned_abs()),
    }
}

/// Appends a tag and a number; mostly one byte each, and then at once.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "checked to be less")]
fn tagged(out: &mut Vec<u8>, tag: u8, value: u64) {
    if value < 0x80 {
        return out.extend_from_slice(&[tag, value as u8]);
    }
    out.push(tag);
    varint(out, value);
}

#[inline]
fn text(out: &mut Vec<u8>, text: &str) {
    varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Seven bits per byte, lowest first, the eighth says that more follow. Source: LEB128, DWARF 5, section 7.6.
#[expect(clippy::cast_possible_truncation, reason = "the low byte is what is wanted")]
fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests;
