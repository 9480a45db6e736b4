//! What may they have meant?

/// Returns the known names nearest to what was typed, nearest first, at most `most`.
///
/// Near means: one contains the other (three characters or more), or a Jaro–Winkler similarity of at least 0.75, case
/// aside. Ties stand in alphabetical order. O(number of names).
///
/// # Examples
///
/// ```
/// let known = ["metric.series", "metric.aggregate", "ci.get"];
/// assert_eq!(tool_core::nearest("metric.agregate", known, 1), ["metric.aggregate"]);
/// assert!(tool_core::nearest("zzz", known, 3).is_empty());
/// ```
///
/// Source: W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model" (1990).
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<String> {
    let typed = typed.to_lowercase();
    let mut found: Vec<(f64, &str)> =
        known.into_iter().map(|name| (similarity(&typed, name), name)).filter(|(score, _)| *score >= NEAR).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    found.dedup_by(|a, b| a.1 == b.1);
    found.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}

const NEAR: f64 = 0.75;

fn similarity(typed: &str, name: &str) -> f64 {
    let name = name.to_lowercase();
    let contains = typed.len().min(name.len()) >= 3 && (name.contains(typed) || typed.contains(&name));
    let score = strsim::jaro_winkler(typed, &name);
    if contains { score.max(NEAR) } else { score }
}
