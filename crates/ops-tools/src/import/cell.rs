//! What does the text of one cell say?

use jiff::Timestamp;

/// Reads a time: RFC 3339, or Unix seconds (a fraction is cut off). Returns Unix seconds.
pub(super) fn time(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok().map(Timestamp::as_second);
    }
    if let Some(seconds) = number(text) {
        return whole_seconds(seconds);
    }
    let time: Timestamp = text.parse().ok()?;
    Some(time.as_nanosecond().div_euclid(1_000_000_000)).and_then(|s| i64::try_from(s).ok())
}

fn whole_seconds(seconds: f64) -> Option<i64> {
    let text = format!("{:.0}", seconds.floor());
    let seconds = text.parse::<i64>().ok()?;
    Timestamp::from_second(seconds).ok().map(Timestamp::as_second)
}

/// Reads a finite number.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Shows a cell in an error message: quoted, at most 60 characters.
pub(super) fn shown(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{cut:?}…") } else { format!("{cut:?}") }
}

#[cfg(test)]
mod tests;
