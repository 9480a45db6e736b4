//! Which letters are the same?

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The dot that lower-casing leaves over the Turkish capital i.
const DOT_ABOVE: char = '\u{307}';

/// Brings letters that look different and mean the same to one form, case kept: full-width, ligatures, composed accents.
///
/// Source: Unicode Standard Annex #15, normalisation form KC.
pub(crate) fn compose(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// Takes the case away.
///
/// By way of the capital, as full case folding does: `ß` is `ss`, a final sigma is a sigma, a dotless i is an i.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let folded = text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    folded.filter(|c| *c != DOT_ABOVE).nfkc().collect()
}

/// Brings a name, or a text that may be one, to the form in which names are compared: `CI_SEARCH`, `ci/search` and
/// `ci.search` are one.
pub(crate) fn name_key(text: &str) -> String {
    let folded = fold(&compose(text));
    let mut key = String::with_capacity(folded.len());
    for part in folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        if !key.is_empty() {
            key.push('.');
        }
        key.push_str(part);
    }
    // A name of signs alone is compared as it stands.
    if key.is_empty() { folded.trim().to_owned() } else { key }
}

#[cfg(test)]
mod tests;
