//! What does each way of writing a time range mean?

use serde_json::json;

use super::*;

/// 2026-11-22T12:00:00Z.
const NOW: i64 = 1_795_348_800;

#[track_caller]
fn check(written: &Value, expected: (i64, i64)) {
    let window = TimeRange::parse(written).unwrap().resolve(NOW);
    assert_eq!((window.from, window.to), expected, "{written}");
}

#[track_caller]
fn refused(written: &Value, expected: &str) {
    let reason = TimeRange::parse(written).unwrap_err();
    assert!(reason.contains(expected), "{written}: {reason}");
}

#[test]
fn relative_range_ends_at_now() {
    check(&json!("last_1h"), (NOW - 3_600, NOW));
    check(&json!("last_24h"), (NOW - 86_400, NOW));
    check(&json!("last_7d"), (NOW - 7 * 86_400, NOW));
    check(&json!("last_30d"), (NOW - 30 * 86_400, NOW));
    check(&json!("last_90m"), (NOW - 5_400, NOW));
}

#[test]
fn day_is_midnight_to_midnight_in_utc() {
    let midnight = NOW - 12 * 3_600;
    check(&json!("2026-11-22"), (midnight, midnight + 86_400));
    check(&json!("2024-02-29"), (1_709_164_800, 1_709_251_200));
}

#[test]
fn ends_are_read_in_their_own_zone() {
    check(&json!({"from": "2026-11-22T12:00:00+01:00", "to": "2026-11-22T12:00:00Z"}), (NOW - 3_600, NOW));
}

#[test]
fn everything_else_is_refused() {
    for text in ["", "last_", "last_h", "last_0h", "last_1w", "last_-1h", "last_+1h", "yesterday", "2026-13-01"] {
        refused(&json!(text), "last_<n>h");
    }
    refused(&json!("last_99999999999999999999d"), "last_<n>h");
    refused(&json!("last_9999999d"), "last_<n>h");
    refused(&json!("last_é"), "last_<n>h");
    refused(&json!(7), "last_<n>h");
    refused(&json!({"from": "2026-11-22T12:00:00Z"}), "`to` to be an RFC 3339 time");
    refused(&json!({"from": "now", "to": "2026-11-22T12:00:00Z"}), "`from` to be an RFC 3339 time");
    refused(&json!({"from": "2026-11-22T12:00:00Z", "to": "2026-11-22T12:00:00Z"}), "`from` to be before `to`");
    refused(&json!({"from": "2026-11-22T12:00:00Z", "to": "2026-11-23T12:00:00Z", "x": 1}), "nothing but");
}

#[test]
fn window_is_half_open() {
    let window = Window::new(10, 20);
    assert!(window.contains(10) && window.contains(19) && !window.contains(20) && !window.contains(9));
}

#[test]
fn instant_is_written_as_it_is_read() {
    assert_eq!(format_instant(NOW), "2026-11-22T12:00:00Z");
    assert_eq!(parse_instant("2026-11-22T12:00:00Z"), Ok(NOW));
    assert!(format_instant(i64::MAX).starts_with("9999-"));
}
