use super::{number, shown, time};

#[test]
fn times_are_seconds_or_rfc3339() {
    let cases = [
        ("1767225600", Some(1_767_225_600)),
        ("1767225600.9", Some(1_767_225_600)),
        ("-1.5", Some(-2)),
        ("2026-01-01T00:00:00Z", Some(1_767_225_600)),
        ("2026-01-01T01:00:00.75+01:00", Some(1_767_225_600)),
        ("1969-12-31T23:59:59.5Z", Some(-1)),
        ("1767225600000", None),
        ("9e99", None),
        ("NaN", None),
        ("2026-01-01", None),
        ("", None),
    ];
    for (text, expected) in cases {
        assert_eq!(time(text), expected, "{text}");
    }
}

#[test]
fn numbers_are_finite() {
    for (text, expected) in [("1e3", Some(1000.0)), ("-0.5", Some(-0.5)), ("inf", None), ("1,5", None), ("", None)] {
        assert_eq!(number(text), expected, "{text}");
    }
}

#[test]
fn long_cells_are_cut() {
    assert_eq!(shown("a\nb"), "\"a\\nb\"");
    assert_eq!(shown(&"é".repeat(70)), format!("\"{}\"…", "é".repeat(60)));
}
