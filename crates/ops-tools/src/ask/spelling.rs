//! Are two spellings the same word?

/// Returns the singular of an English word, by its ending alone; short words and other endings stay.
pub(super) fn singular(word: &str) -> String {
    let ends = |end: &str| word.len() > end.len() + 1 && word.ends_with(end);
    let cut = |n: usize| word.get(..word.len() - n).unwrap_or(word).to_owned();
    match () {
        () if word.len() < 4 && word != "dbs" => word.to_owned(),
        () if ends("ies") => cut(3) + "y",
        () if word.ends_with("aches") => cut(1),
        () if ["ches", "shes", "sses", "xes"].into_iter().any(ends) => cut(2),
        () if ["ss", "us", "is", "as"].into_iter().any(ends) => word.to_owned(),
        () if ends("s") => cut(1),
        () => word.to_owned(),
    }
}

/// Returns whether `typed` is `name` but for a slip: one letter in words of 5 to 8, two in longer ones; digits must agree.
///
/// A slip is a letter too much, missing, wrong, or two swapped (optimal string alignment).
pub(super) fn is_slip(typed: &str, name: &str) -> bool {
    let allowed = match typed.chars().count().min(name.chars().count()) {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    typed.len().abs_diff(name.len()) <= 2 * allowed
        && digits(typed) == digits(name)
        && strsim::osa_distance(typed, name) <= allowed
}

#[cfg(test)]
mod tests;
