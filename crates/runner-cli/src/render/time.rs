//! How is time shown to people?

use std::time::{Duration, SystemTime};

use jiff::{Timestamp, tz::TimeZone};

/// Shows an RFC 3339 instant as `HH:MM` (UTC); the text itself if it is none.
pub(crate) fn clock_time(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(at) => at.to_zoned(TimeZone::UTC).strftime("%H:%M").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// Shows an RFC 3339 instant as `HH:MM`, with the day before it if that is not the day of `at` (UTC).
pub(crate) fn day_time(text: &str, at: &str) -> String {
    let day = |text: &str| text.parse::<Timestamp>().ok().map(|at| at.to_zoned(TimeZone::UTC).date());
    match day(text) {
        Some(date) if Some(date) != day(at) => format!("{} {}", date.strftime("%m-%d"), clock_time(text)),
        _ => clock_time(text),
    }
}

/// Shows an instant of the wall clock as `HH:MM:SS` (UTC).
pub(crate) fn wall_time(at: SystemTime) -> String {
    let at = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).strftime("%H:%M:%S").to_string()
}

/// Returns a duration in milliseconds.
pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Shows milliseconds in the unit that reads best.
pub(crate) fn duration(ms: f64) -> String {
    if ms < 1.0 {
        format!("{:.0} µs", ms * 1000.0)
    } else if ms < 10.0 {
        format!("{ms:.1} ms")
    } else if ms < 10_000.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}

/// Shows an age in milliseconds in the unit that reads best.
pub(crate) fn age(age_ms: u64) -> String {
    match age_ms / 1000 {
        0 => format!("{age_ms} ms"),
        seconds @ 1..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}
