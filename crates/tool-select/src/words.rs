//! What are the words of a text?

use std::ops::ControlFlow;

use unicode_normalization::char::is_combining_mark;

use crate::fold::{compose, fold};

/// What stands between the parts of one identifier.
const JOINTS: [char; 5] = ['_', '.', '-', ':', '/'];
/// The longest joined form of an identifier, in bytes; longer ones are addresses, not names.
const MAX_JOINED: usize = 40;

/// A word, case folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

/// How a word stands in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By itself, or as a part of an identifier.
    Plain,
    /// Made of digits alone.
    Number,
    /// A whole identifier, whose parts came before it.
    Joined,
}

/// Hands over the words of a text in their order, until it is told to stop.
///
/// Words are runs of letters, digits and marks (near to Unicode Standard Annex #29); identifiers are parted at case
/// changes, digits and joints, and their joined form follows; scripts that write no spaces come in pairs of characters.
pub(crate) fn words(text: &str, mut each: impl FnMut(Word) -> ControlFlow<()>) {
    let composed = compose(text);
    for chunk in composed.split(|c: char| !(belongs(c) || JOINTS.contains(&c) || is_apostrophe(c))) {
        if of_chunk(chunk, &mut each).is_break() {
            return;
        }
    }
}

/// Returns the words of a text as a list.
#[cfg(test)]
pub(crate) fn list(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    words(text, |word| {
        all.push(word);
        ControlFlow::Continue(())
    });
    all
}

fn belongs(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c))
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Hands over the words of what stands between spaces and signs: `ci.get_by_code`, `user's`, `getHTTPServer`.
fn of_chunk(chunk: &str, each: &mut impl FnMut(Word) -> ControlFlow<()>) -> ControlFlow<()> {
    let (mut joined, mut runs) = (String::new(), 0);
    for run in chunk.split(|c: char| !belongs(c) && !is_apostrophe(c)) {
        let run = without_contraction(run.trim_matches(is_apostrophe));
        for run in run.split(is_apostrophe).filter(|run| !run.is_empty()) {
            of_run(run, each)?;
            runs += 1;
            if joined.len() + run.len() <= MAX_JOINED {
                joined.push_str(run);
            } else {
                runs = usize::MAX / 2;
            }
        }
    }
    let whole = (2..usize::MAX / 2).contains(&runs) && joined.is_ascii() && !is_number(&joined);
    if whole { each(Word { text: fold(&joined), kind: Kind::Joined }) } else { ControlFlow::Continue(()) }
}

/// Drops the English endings of owning and of shortened verbs; of `don't` nothing is left.
fn without_contraction(run: &str) -> &str {
    let Some((at, sign)) = run.char_indices().rfind(|(_, c)| is_apostrophe(*c)) else { return run };
    let (word, ending) = (&run[..at], &run[at + sign.len_utf8()..]);
    match ending.to_ascii_lowercase().as_str() {
        "t" if word.ends_with(['n', 'N']) => "",
        "s" | "re" | "ve" | "ll" | "d" | "m" => word,
        _ => run,
    }
}

/// Hands over the parts of a run of letters and digits, then the run.
fn of_run(run: &str, each: &mut impl FnMut(Word) -> ControlFlow<()>) -> ControlFlow<()> {
    if run.chars().any(is_unspaced) {
        return of_unspaced(run, each);
    }
    let mut parts = 0;
    for part in identifiers(run) {
        let kind = if is_number(part) { Kind::Number } else { Kind::Plain };
        each(Word { text: fold(part), kind })?;
        parts += 1;
    }
    if parts > 1 && run.len() <= MAX_JOINED {
        return each(Word { text: fold(run), kind: Kind::Joined });
    }
    ControlFlow::Continue(())
}

fn is_number(text: &str) -> bool {
    text.chars().all(char::is_numeric)
}

/// What a character is to the parts of an identifier.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
}

impl Class {
    fn of(c: char) -> Self {
        if c.is_uppercase() {
            Self::Upper
        } else if c.is_numeric() {
            Self::Digit
        } else {
            Self::Lower
        }
    }
}

/// Parts `getHTTPServer2` into `get`, `HTTP`, `Server`, `2`.
fn identifiers(run: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut before) = (0, None);
    let mut chars = run.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let here = Class::of(c);
        let next = chars.peek().map(|(_, next)| Class::of(*next));
        let cut = match (before, here) {
            (None, _) | (Some(Class::Upper), Class::Lower) => false,
            (Some(Class::Upper), Class::Upper) => next == Some(Class::Lower),
            (Some(before), here) => before != here,
        };
        if cut {
            parts.push(&run[start..at]);
            start = at;
        }
        before = Some(here);
    }
    parts.push(&run[start..]);
    parts
}

/// Hands over a run in which some script writes no spaces: there pairs of neighbours, a lone character by itself; what
/// stands between as usual.
fn of_unspaced(run: &str, each: &mut impl FnMut(Word) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut rest = run;
    while let Some(first) = rest.chars().next() {
        let unspaced = is_unspaced(first);
        let end = rest.find(|c| is_unspaced(c) != unspaced && !is_combining_mark(c)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if unspaced {
            pairs(part, each)?
        } else {
            of_run(part, each)?
        }
        rest = after;
    }
    ControlFlow::Continue(())
}

fn pairs(part: &str, each: &mut impl FnMut(Word) -> ControlFlow<()>) -> ControlFlow<()> {
    let starts: Vec<usize> = part.char_indices().map(|(at, _)| at).chain([part.len()]).collect();
    let width = if starts.len() > 2 { 2 } else { 1 };
    for ends in starts.windows(width + 1) {
        each(Word { text: fold(&part[ends[0]..ends[width]]), kind: Kind::Plain })?;
    }
    ControlFlow::Continue(())
}

/// Says whether a character is of a script that writes no spaces between words, or, as Hangul, glues endings to them.
///
/// Source: the blocks of the Unicode Character Database.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF     // Thai, Lao
        | 0x1000..=0x109F   // Myanmar
        | 0x1780..=0x17FF   // Khmer
        | 0x3005..=0x3007   // ideographic iteration, closing and zero
        | 0x3040..=0x30FF   // Hiragana, Katakana
        | 0x31F0..=0x31FF   // small Katakana
        | 0x3400..=0x4DBF   // Han, extension A
        | 0x4E00..=0x9FFF   // Han
        | 0xAC00..=0xD7AF   // Hangul syllables
        | 0xF900..=0xFAFF   // Han, compatibility
        | 0x20000..=0x323AF // Han, further extensions
    )
}

#[cfg(test)]
mod tests;
