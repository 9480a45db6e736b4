use super::*;
use crate::timerange::parse_instant;

/// Monday.
const NOW: &str = "2026-06-01T12:00:00Z";

fn found(text: &str) -> (Option<When>, String) {
    let mut sheet = Sheet::new(text);
    let when = find(&mut sheet, parse_instant(NOW).unwrap());
    let entities = sheet.into_entities();
    (when, entities.first().map(|entity| entity.text.clone()).unwrap_or_default())
}

/// `expected` is a relative range, or `FROM..TO`, or an instant, each of them without seconds and zone.
#[track_caller]
fn check(text: &str, expected: &str, span: &str) {
    let (when, said) = found(text);
    let at = |text: &str| parse_instant(&format!("{text}:00Z")).unwrap();
    let wanted = match expected.split_once("..") {
        Some((from, to)) => Some(When::Window(Window::new(at(from), at(to)))),
        None if expected.is_empty() => None,
        None if expected.starts_with("last_") => {
            assert_eq!(when.and_then(When::range), Some(json!(expected)), "{text}");
            when
        }
        None => Some(When::At(at(expected))),
    };
    assert_eq!((when, said.as_str()), (wanted, span), "{text}");
}

#[test]
fn relative_ranges_end_with_the_data() {
    check("cpu in the last 6 hours", "last_6h", "in the last 6 hours");
    check("past 90 minutes please", "last_90m", "past 90 minutes");
    check("last 24h", "last_24h", "last 24h");
    check("over the past two days", "last_2d", "over the past two days");
    check("last week", "last_7d", "last week");
    check("last day", "last_24h", "last day");
    check("the last 45 seconds", "last_1m", "the last 45 seconds");
    check("a couple of last hours", "last_1h", "last hours");
    check("last couple of hours", "last_2h", "last couple of hours");
    check("last 0 hours", "", "");
    check("last 10 events", "", "");
    check("last 999999999 months", "", "");
}

#[test]
fn days_are_calendar_days() {
    check("events today", "2026-06-01T00:00..2026-06-01T12:00", "today");
    check("yesterday", "2026-05-31T00:00..2026-06-01T00:00", "yesterday");
    check("on friday", "2026-05-29T00:00..2026-05-30T00:00", "on friday");
    check("on last monday", "2026-06-01T00:00..2026-06-01T12:00", "on last monday");
    check("2026-05-30 only", "2026-05-30T00:00..2026-05-31T00:00", "2026-05-30");
    check("may 30th", "2026-05-30T00:00..2026-05-31T00:00", "may 30th");
    check("on the 3rd of june", "2025-06-03T00:00..2025-06-04T00:00", "on the 3rd of june");
    check("over the weekend", "2026-05-30T00:00..2026-06-01T00:00", "over the weekend");
    check("2026-02-31", "", "");
}

#[test]
fn since_goes_to_the_end_of_the_data() {
    check("since yesterday 14:00", "2026-05-31T14:00..2026-06-01T12:00", "since yesterday 14:00");
    check("since 9am", "2026-06-01T09:00..2026-06-01T12:00", "since 9am");
    check("since 3 pm", "2026-05-31T15:00..2026-06-01T12:00", "since 3 pm");
    check("since friday at 18:30", "2026-05-29T18:30..2026-06-01T12:00", "since friday at 18:30");
    check("since 3 hours ago", "2026-06-01T09:00..2026-06-01T12:00", "since 3 hours ago");
    check("since the weekend", "2026-05-30T00:00..2026-06-01T12:00", "since the weekend");
    check("since next year", "", "");
}

#[test]
fn two_ends_make_a_window() {
    check("between 9am and 11am", "2026-06-01T09:00..2026-06-01T11:00", "between 9am and 11am");
    check("between 3pm and 5pm", "2026-05-31T15:00..2026-05-31T17:00", "between 3pm and 5pm");
    check("between 3 and 5pm on sunday", "2026-05-31T15:00..2026-05-31T17:00", "between 3 and 5pm on sunday");
    check("yesterday between 3pm and 5pm", "2026-05-31T15:00..2026-05-31T17:00", "yesterday between 3pm and 5pm");
    check("from 8 to 10 today", "2026-06-01T08:00..2026-06-01T10:00", "from 8 to 10 today");
    check(
        "2026-05-31T10:00:00Z to 2026-05-31T12:00:00Z",
        "2026-05-31T10:00..2026-05-31T12:00",
        "2026-05-31T10:00:00Z to 2026-05-31T12:00:00Z",
    );
    check("from 2026-05-29 until 2026-05-30", "2026-05-29T00:00..2026-05-31T00:00", "from 2026-05-29 until 2026-05-30");
    check("between 10pm and 2am", "2026-05-31T22:00..2026-06-01T02:00", "between 10pm and 2am");
    check("on friday between 22:00 and 2:30", "2026-05-29T22:00..2026-05-30T02:30", "on friday between 22:00 and 2:30");
    check("2026-05-31 until 2026-05-29", "2026-05-29T00:00..2026-06-01T00:00", "2026-05-31 until 2026-05-29");
    check("between db-order and db-payment", "", "");
}

#[test]
fn instants_are_exact() {
    check("at 2026-05-31T18:00:00Z", "2026-05-31T18:00", "at 2026-05-31T18:00:00Z");
    check("around 3pm yesterday", "2026-05-31T15:00", "around 3pm yesterday");
    check("2 hours ago", "2026-06-01T10:00", "2 hours ago");
    let hour = json!({"from": "2026-06-01T09:30:00Z", "to": "2026-06-01T10:30:00Z"});
    assert_eq!(found("2 hours ago").0.and_then(When::range), Some(hour));
}

#[test]
fn nobody_knows_the_future() {
    assert_eq!(found("tomorrow").0, Some(When::Future));
    assert_eq!(found("for next week").0, Some(When::Future));
}
