//! How does a question fall into words, and which of them have been used?

use std::ops::Range;

use serde_json::Value;
use tool_select::Entity;

use super::spelling::singular;

/// A word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands, in bytes.
    pub(super) span: Range<usize>,
    /// In lower case, without `'s`.
    pub(super) text: String,
    /// In the singular.
    pub(super) stem: String,
}

impl Word {
    /// Returns whether it is written in the plural.
    pub(super) fn is_plural(&self) -> bool {
        self.text != self.stem
    }
}

/// The words of a question; finders tick off what they have understood.
#[derive(Debug, Clone)]
pub(super) struct Sheet<'a> {
    pub(super) text: &'a str,
    pub(super) words: Vec<Word>,
    used: Vec<bool>,
    entities: Vec<Entity>,
}

impl<'a> Sheet<'a> {
    /// Parts a question into words, none of them used.
    pub(super) fn new(text: &'a str) -> Self {
        let words = words(text);
        Self { text, used: vec![false; words.len()], words, entities: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns the word at `at`, in lower case; nothing beyond the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    pub(super) fn is_free(&self, at: usize) -> bool {
        self.used.get(at).is_some_and(|used| !used)
    }

    /// Returns whether no word of `range` is used, and all of them exist.
    pub(super) fn are_free(&self, mut range: Range<usize>) -> bool {
        range.all(|at| self.is_free(at))
    }

    /// Returns the end of `phrase` if it stands at `at` and is free; its words are parted by blanks.
    pub(super) fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut end = at;
        for part in phrase.split(' ') {
            if !self.is_free(end) || self.words[end].text != part {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Returns the end of the longest of `phrases` that stands at `at`.
    pub(super) fn any(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().filter_map(|phrase| self.phrase(at, phrase)).max()
    }

    /// Ticks off words.
    pub(super) fn tick(&mut self, range: Range<usize>) {
        for used in self.used.get_mut(range).into_iter().flatten() {
            *used = true;
        }
    }

    /// Ticks off words that name something.
    pub(super) fn take(&mut self, range: Range<usize>, kind: &'static str, value: Value) {
        let entity = Entity::new(kind, self.span(range.clone()), self.text, value);
        self.entities.push(entity);
        self.tick(range);
    }

    /// Returns where some words stand in the text, in bytes.
    pub(super) fn span(&self, range: Range<usize>) -> Range<usize> {
        let end = |word: Option<&Word>| word.map_or(0, |word| word.span.end);
        let start = self.words.get(range.start).map_or(self.text.len(), |word| word.span.start);
        start..end(range.end.checked_sub(1).and_then(|last| self.words.get(last))).max(start)
    }

    /// Returns the words that nothing has used.
    pub(super) fn unused(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(|at| self.is_free(*at))
    }

    /// Returns how many words have been used.
    pub(super) fn used_count(&self) -> usize {
        self.used.iter().filter(|used| **used).count()
    }

    /// Returns what the question names, in its order.
    pub(super) fn into_entities(mut self) -> Vec<Entity> {
        self.entities.sort_by_key(|entity| (entity.span.start, entity.span.end));
        self.entities
    }
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_part(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.extend(word(text, from..at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || "-_.:/'’+%".contains(c)
}

/// Trims what does not belong to a word: a full stop, quotes, a trailing colon.
fn word(text: &str, span: Range<usize>) -> Option<Word> {
    let raw = text.get(span.clone())?;
    let edge = |c: char| "-.:/'’+%".contains(c);
    let left = raw.trim_start_matches(edge);
    let trimmed = left.trim_end_matches(edge);
    let start = span.start + (raw.len() - left.len());
    let lower = trimmed.to_lowercase().replace('’', "'");
    let bare = lower.strip_suffix("'s").unwrap_or(&lower).replace('\'', "");
    let stem = singular(&bare);
    (!bare.is_empty()).then(|| Word { span: start..start + trimmed.len(), text: bare, stem })
}

#[cfg(test)]
mod tests;
