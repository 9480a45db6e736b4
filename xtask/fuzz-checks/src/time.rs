//! Does every time range mean a window, or get refused?

use ops_tools::{TimeRange, Window, format_instant, parse_instant};
use serde_json::Value;

use crate::two_texts;

/// Takes a time range as text or as JSON, and behind a byte 0xFF the present as a decimal number.
///
/// # Panics
///
/// If a range means a window that ends before it begins, or an instant is not read back as it was written.
pub fn time(input: &[u8]) {
    let Some((text, now)) = two_texts(input) else { return };
    let now = now.parse().unwrap_or(1_800_000_000);
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    check(TimeRange::parse(&value), now);
    check(TimeRange::parse_text(text), now);
    check_instant(now);
    if let Ok(instant) = parse_instant(text) {
        check_instant(instant);
    }
}

fn check(range: Result<TimeRange, String>, now: i64) {
    match range {
        Ok(range) => {
            let Window { from, to } = range.resolve(now);
            assert!(from < to || now == i64::MIN, "{range:?} at {now} is [{from}, {to})");
        }
        Err(expected) => assert!(!expected.is_empty()),
    }
}

fn check_instant(seconds: i64) {
    let written = format_instant(seconds);
    let again = parse_instant(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
    // Times that no calendar of four-digit years holds become the nearest one that it does.
    assert_eq!(format_instant(again), written, "{seconds}");
}
