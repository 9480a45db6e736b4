//! Which item do some words name?

use std::collections::{BTreeSet, HashMap};

use super::kinds::Kinds;
use super::sheet::{Sheet, Word};
use super::spelling::{is_slip, singular};
use super::stop::is_stop;
use crate::estate::{Graph, NodeId};

/// The longest name that is looked for, in words.
const MAX_WORDS: usize = 6;

/// What some words may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// One item.
    One(NodeId),
    /// Several items of which each has all the words.
    Several(Vec<NodeId>),
}

/// The words of every item's code, name and kind.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_code: HashMap<String, NodeId>,
    entries: Vec<Entry>,
    by_word: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Entry {
    node: NodeId,
    /// The name in lower case, blanks single.
    name: Vec<String>,
    /// The words of the name that say something, in the singular, sorted.
    stems: Vec<String>,
    /// All that may be said of it: name, parts of the code, kind.
    all: BTreeSet<String>,
}

impl Names {
    /// Learns the names of an estate's items.
    pub(super) fn of(graph: &Graph, kinds: &Kinds) -> Self {
        let mut names = Self::default();
        for node in graph.nodes() {
            let item = graph.node(node);
            names.by_code.entry(item.id.to_lowercase()).or_insert(node);
            names.by_code.entry(item.code.to_lowercase()).or_insert(node);
            let name: Vec<String> = Sheet::new(&item.name).words.into_iter().map(|word| word.text).collect();
            let mut stems: Vec<String> =
                name.iter().flat_map(|word| word.split('-')).filter(|word| !is_stop(word)).map(singular).collect();
            stems.sort_unstable();
            let code = item.code.to_lowercase();
            let parts = code.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(singular);
            let own: BTreeSet<String> = stems.iter().cloned().chain(parts).collect();
            for word in &own {
                names.by_word.entry(word.clone()).or_default().push(names.entries.len());
            }
            let all = own.into_iter().chain(kinds.words_of(item).map(str::to_owned)).collect();
            names.entries.push(Entry { node, name, stems, all });
        }
        names
    }

    /// Returns the item with this code or id, whatever its case.
    pub(super) fn code(&self, word: &str) -> Option<NodeId> {
        self.by_code.get(word).copied()
    }

    /// Returns the one item whose code differs from `word` by a slip.
    pub(super) fn near_code(&self, word: &str) -> Option<NodeId> {
        let mut near = self.by_code.iter().filter(|(code, _)| is_slip(word, code)).map(|(_, node)| *node);
        let first = near.next()?;
        near.all(|other| other == first).then_some(first)
    }

    /// Finds the longest name at `at` whose words are free, and where it ends.
    pub(super) fn at(&self, sheet: &Sheet<'_>, at: usize, kinds: &Kinds, part: Part) -> Option<(Named, usize)> {
        (1..=MAX_WORDS.min(sheet.len().saturating_sub(at))).rev().find_map(|length| {
            let words = &sheet.words[at..at + length];
            let edges = [words.first()?, words.last()?];
            if !sheet.are_free(at..at + length) || edges.iter().any(|word| is_stop(&word.text)) {
                return None;
            }
            let named = match part {
                Part::Whole => self.whole(words).filter(|_| length > 1),
                Part::Any => self.whole(words).or_else(|| self.partly(words, kinds)),
            };
            named.map(|named| (named, at + length))
        })
    }

    /// Finds the item that has exactly these words for its name.
    fn whole(&self, words: &[Word]) -> Option<Named> {
        let said: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let mut stems: Vec<&str> = content(words).collect();
        stems.sort_unstable();
        let with = self.holders(stems.first()?)?;
        let all = || with.iter().map(|entry| &self.entries[*entry]);
        let exact: Vec<NodeId> = all().filter(|entry| entry.name == said).map(|entry| entry.node).collect();
        let same = |entry: &&Entry| entry.stems.iter().map(String::as_str).eq(stems.iter().copied());
        let found = if exact.is_empty() { all().filter(same).map(|entry| entry.node).collect() } else { exact };
        one_or_several(found)
    }

    /// Finds the items that have all of these words in name, code or kind, at least one of them not a kind's.
    fn partly(&self, words: &[Word], kinds: &Kinds) -> Option<Named> {
        let stems: BTreeSet<&str> = content(words).collect();
        let phrase: Vec<&str> = words.iter().map(|word| word.stem.as_str()).collect();
        // A word between that says nothing parts two names, as does the same word again; a number before counts.
        let counted = words[0].text.bytes().all(|b| b.is_ascii_digit());
        if counted || stems.len() < words.len() || kinds.get(&phrase.join(" ")).is_some() {
            return None;
        }
        let own = stems.iter().filter(|stem| self.by_word.contains_key(**stem));
        let rarest = own.min_by_key(|stem| self.by_word.get(**stem).map_or(0, Vec::len))?;
        if stems.len() == 1 && (kinds.knows(rarest) || rarest.chars().all(|c| c.is_ascii_digit())) {
            return None;
        }
        let has = |entry: &&Entry| stems.iter().all(|stem| entry.all.contains(*stem));
        let with = self.holders(rarest)?.iter().map(|entry| &self.entries[*entry]);
        one_or_several(with.filter(has).map(|entry| entry.node).collect())
    }

    fn holders(&self, stem: &str) -> Option<&Vec<usize>> {
        self.by_word.get(stem)
    }

    /// Returns the word of some name that `typed` is a slip of.
    pub(super) fn near_word(&self, typed: &str) -> Option<&str> {
        let mut near: Vec<&str> = self.by_word.keys().map(String::as_str).filter(|word| is_slip(typed, word)).collect();
        near.sort_unstable();
        near.first().copied()
    }
}

/// How much of a name must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Two words or more that are the whole name.
    Whole,
    /// Any words that only it has.
    Any,
}

fn content(words: &[Word]) -> impl Iterator<Item = &str> {
    words.iter().filter(|word| !is_stop(&word.text)).map(|word| word.stem.as_str())
}

fn one_or_several(mut found: Vec<NodeId>) -> Option<Named> {
    match found.len() {
        0 => None,
        1 => found.pop().map(Named::One),
        _ => Some(Named::Several(found)),
    }
}
