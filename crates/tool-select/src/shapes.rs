//! What kind of value stands in a request?

/// The months and days that a date is told by; `May` is left out, it is mostly the verb.
const DATES: [&str; 23] = [
    "april",
    "august",
    "december",
    "february",
    "friday",
    "january",
    "july",
    "june",
    "march",
    "monday",
    "november",
    "october",
    "saturday",
    "september",
    "sunday",
    "thursday",
    "today",
    "tomorrow",
    "tonight",
    "tuesday",
    "wednesday",
    "weekend",
    "yesterday",
];

/// Returns the words that parameters of such values are mostly described with, each once, in a fixed order.
///
/// A request has the value (`2024-05-01`, `a@b.org`, `/tmp/x.csv`), a tool has the word for it.
pub(crate) fn shapes(text: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = text.split_whitespace().flat_map(shape).copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn shape(token: &str) -> &'static [&'static str] {
    let value = token.trim_matches(|c: char| !c.is_alphanumeric() && !"/$€£%~".contains(c));
    let lower = value.to_ascii_lowercase();
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    if ["http://", "https://", "www."].iter().any(|start| lower.starts_with(start)) {
        &["url"]
    } else if lower.split_once('@').is_some_and(|(_, host)| host.contains('.')) {
        &["email"]
    } else if is_path(&lower) {
        &["file", "path"]
    } else if digits > 0 && lower.starts_with(['$', '€', '£']) {
        &["amount", "price"]
    } else if digits > 0 && lower.ends_with('%') {
        &["percentage"]
    } else if is_date(&lower, digits) {
        &["date"]
    } else if is_time(&lower, digits) {
        &["time"]
    } else {
        &[]
    }
}

fn is_path(lower: &str) -> bool {
    let extension = |end: &str| {
        (2..=5).contains(&end.len())
            && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && end.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    (lower.starts_with('/') && lower.len() > 2)
        || lower.rsplit_once('.').is_some_and(|(stem, end)| stem.len() > 1 && extension(end))
}

fn is_date(lower: &str, digits: usize) -> bool {
    let word = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let parted = |by: char| lower.matches(by).count() == 2;
    DATES.binary_search(&word).is_ok() || (digits >= 6 && (parted('-') || parted('/')))
}

fn is_time(lower: &str, digits: usize) -> bool {
    let half_day = lower.len() <= 7 && (lower.ends_with("am") || lower.ends_with("pm"));
    (digits >= 2 && lower.contains(':')) || (digits >= 1 && half_day)
}

#[cfg(test)]
mod tests;
