//! What are the words of a text?

/// Words that say nothing about a tool; asking with them alone matches nothing.
const STOP_WORDS: [&str; 50] = [
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "could", "do", "does", "for", "from", "give", "has",
    "have", "how", "i", "in", "is", "it", "its", "me", "my", "of", "on", "one", "or", "please", "show", "tell", "that",
    "the", "their", "there", "this", "to", "want", "was", "were", "what", "when", "where", "which", "who", "will",
    "with", "you",
];

/// Parts a text into lower-case words: at everything that is no letter and no digit, and inside identifiers (`ciGetById`,
/// `HTTPServer`). Stop words are left out; a plural `s` is dropped.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .flat_map(identifiers)
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && STOP_WORDS.binary_search(&word.as_str()).is_err())
        .map(fold_plural)
}

/// Parts `getHTTPServer` into `get`, `HTTP`, `Server`.
fn identifiers(run: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = run.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..chars.len() {
        let (before, here) = (chars[at - 1].1, chars[at].1);
        let next_is_lower = chars.get(at + 1).is_some_and(|(_, next)| next.is_lowercase());
        if here.is_uppercase() && (!before.is_uppercase() || next_is_lower) {
            parts.push(&run[start..chars[at].0]);
            start = chars[at].0;
        }
    }
    parts.push(&run[start..]);
    parts
}

/// Drops the `s` of a plural, as in `events`; keeps `status`, `class`, `analysis`.
fn fold_plural(mut word: String) -> String {
    let plural = word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if plural {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests;
