//! Which window does a time range mean?

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A half-open window `[from, to)` in Unix seconds (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "an interval has two ends and will not grow a third")]
pub struct Window {
    /// The first second that belongs to it.
    pub from: i64,
    /// The first second that no longer does.
    pub to: i64,
}

impl Window {
    /// Returns `[from, to)`; empty if `to` is not after `from`.
    #[must_use]
    pub fn new(from: i64, to: i64) -> Self {
        Self { from, to }
    }

    /// Returns whether `time` lies in the window.
    #[must_use]
    pub fn contains(self, time: i64) -> bool {
        self.from <= time && time < self.to
    }
}

/// The longest relative range, in seconds: ten years, so that no arithmetic overflows.
const MAX_SECONDS: i64 = 10 * 366 * 86_400;

/// What every time range may look like, for error messages and schemas.
pub(crate) const EXPECTED: &str = "last_<n>m, last_<n>h or last_<n>d (as in last_1h), a day YYYY-MM-DD (UTC), {\"from\", \"to\"} in RFC 3339, or {\"last\", \"to\"}";

/// A time range as a caller writes it: `last_1h`, `last_24h`, `last_7d`, `2026-11-22` or `{from, to}`.
///
/// The one parser for every tool; all windows are half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeRange {
    /// The last so many seconds of the estate's data.
    Last(i64),
    /// A fixed window: a day in UTC, or from and to.
    Fixed(Window),
}

impl TimeRange {
    /// Reads a time range parameter.
    ///
    /// # Errors
    ///
    /// What was expected instead, as a fragment that completes "expected …".
    pub fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Self::parse_text(text),
            Value::Object(ends) => Self::parse_ends(ends),
            _ => Err(EXPECTED.to_owned()),
        }
    }

    /// Reads a time range written as text.
    ///
    /// # Errors
    ///
    /// What was expected instead, as a fragment that completes "expected …".
    pub fn parse_text(text: &str) -> Result<Self, String> {
        let range = match text.strip_prefix("last_") {
            Some(length) => parse_length(length).map(Self::Last),
            None => parse_day(text).map(Self::Fixed),
        };
        range.ok_or_else(|| EXPECTED.to_owned())
    }

    fn parse_ends(ends: &Map<String, Value>) -> Result<Self, String> {
        if let Some(last) = ends.get("last") {
            return Self::parse_last(last, ends);
        }
        let end = |key: &str| match ends.get(key) {
            Some(Value::String(text)) => parse_instant(text).map_err(|e| format!("`{key}` to be {e}")),
            _ => Err(format!("`{key}` to be an RFC 3339 time")),
        };
        if ends.keys().any(|key| key != "from" && key != "to") {
            return Err("nothing but `from` and `to`".to_owned());
        }
        let window = Window::new(end("from")?, end("to")?);
        if window.from < window.to { Ok(Self::Fixed(window)) } else { Err("`from` to be before `to`".to_owned()) }
    }

    /// Reads `{last, to}`: so much time up to an instant.
    fn parse_last(last: &Value, ends: &Map<String, Value>) -> Result<Self, String> {
        let length = last.as_str().and_then(parse_length).ok_or("`last` to be a length as 90m, 24h or 7d")?;
        if ends.keys().any(|key| key != "last" && key != "to") {
            return Err("nothing but `to` beside `last`".to_owned());
        }
        let to = ends.get("to").and_then(Value::as_str).ok_or("`to` to be an RFC 3339 time")?;
        let to = parse_instant(to).map_err(|e| format!("`to` to be {e}"))?;
        Ok(Self::Fixed(Window::new(to - length, to)))
    }

    /// Returns the window meant, where `now` (in Unix seconds) is the exclusive end of relative ranges.
    #[must_use]
    pub fn resolve(self, now: i64) -> Window {
        match self {
            Self::Last(seconds) => Window::new(now.saturating_sub(seconds), now),
            Self::Fixed(window) => window,
        }
    }
}

/// Reads an instant in RFC 3339, as in `2026-11-22T10:00:00Z`, as Unix seconds; fractions are cut.
///
/// # Errors
///
/// What was expected instead, as a fragment that completes "expected …".
pub fn parse_instant(text: &str) -> Result<i64, String> {
    text.parse::<Timestamp>()
        .map(Timestamp::as_second)
        .map_err(|_| "an RFC 3339 time such as 2026-11-22T10:00:00Z".to_owned())
}

/// Writes Unix seconds in RFC 3339 (UTC); a time outside years -9999 to 9999 becomes the nearest one inside.
#[must_use]
pub fn format_instant(seconds: i64) -> String {
    let seconds = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

fn parse_length(text: &str) -> Option<i64> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let length = digits.parse::<i64>().ok()?.checked_mul(seconds)?;
    (1..=MAX_SECONDS).contains(&length).then_some(length)
}

fn parse_day(text: &str) -> Option<Window> {
    if text.len() != 10 {
        return None;
    }
    let day: Date = text.parse().ok()?;
    let start = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp().as_second());
    Some(Window::new(start(day)?, start(day.tomorrow().ok()?)?))
}

#[cfg(test)]
mod tests;
