//! Which words say nothing, little, or the same?
//!
//! The lists are general English, written for requests to tools of any kind.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use rust_stemmers::{Algorithm, Stemmer};

/// What is known of English words.
pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// Four lists of words.
pub(crate) struct Lexicon {
    stemmer: Stemmer,
    nothing: HashSet<&'static str>,
    asking: HashSet<&'static str>,
    /// By stem.
    little: HashSet<String>,
    /// By stem: the stems of words that mean nearly the same.
    same: HashMap<String, Vec<String>>,
}

impl Lexicon {
    fn new() -> Self {
        let set = |text: &'static str| text.split_whitespace().collect();
        let stemmer = Stemmer::create(Algorithm::English);
        let stem = |word: &str| stemmer.stem(word).into_owned();
        let little = include_str!("lexicon/little.txt").split_whitespace().map(stem).collect();
        let mut same: HashMap<String, Vec<String>> = HashMap::new();
        for line in include_str!("lexicon/same.txt").lines() {
            let group: Vec<String> = line.split_whitespace().map(stem).collect();
            for word in &group {
                let known = same.entry(word.clone()).or_default();
                for other in group.iter().filter(|other| *other != word) {
                    if !known.contains(other) {
                        known.push(other.clone());
                    }
                }
            }
        }
        Self {
            nothing: set(include_str!("lexicon/nothing.txt")),
            asking: set(include_str!("lexicon/asking.txt")),
            little,
            same,
            stemmer,
        }
    }

    /// Says whether a word, case folded, tells nothing about a tool: articles, pronouns, auxiliaries.
    pub(crate) fn says_nothing(&self, word: &str) -> bool {
        self.nothing.contains(word)
    }

    /// Says whether a word only belongs to the act of asking: *please*, *help*, *show*.
    pub(crate) fn only_asks(&self, word: &str) -> bool {
        self.asking.contains(word)
    }

    /// Says whether a stem is of a word that says little: *specific*, *various*, *provide*.
    pub(crate) fn says_little(&self, stem: &str) -> bool {
        self.little.contains(stem)
    }

    /// Returns the stems of words that mean nearly the same.
    pub(crate) fn same_as(&self, stem: &str) -> &[String] {
        self.same.get(stem).map_or(&[], Vec::as_slice)
    }

    /// Returns the stem of a word that is written in plain Latin letters, else the word.
    ///
    /// Source: the English stemmer of the Snowball project (Porter2).
    pub(crate) fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        if word.bytes().all(|byte| byte.is_ascii_lowercase()) { self.stemmer.stem(word) } else { Cow::Borrowed(word) }
    }
}

#[cfg(test)]
mod tests;
