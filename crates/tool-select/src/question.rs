//! What does a request ask for, word by word?

use std::{collections::HashSet, ops::ControlFlow};

use crate::{
    fold::name_key,
    lexicon::LEXICON,
    shapes::shapes,
    terms::pair,
    words::{Kind, Word, words},
};

/// The most different words of a request that are looked at.
pub(crate) const MAX_WORDS: usize = 128;

/// What a word that says little counts beside one that says something.
const LITTLE: f64 = 0.8;
/// The same of a number.
const NUMBER: f64 = 0.2;
/// The same of the word for a value's shape.
const SHAPE: f64 = 0.6;
/// The same of two neighbours found as neighbours, on top of what each counts.
const PAIR: f64 = 0.4;
/// What a word of nearly the same meaning counts beside the word itself.
const SAME: f64 = 0.4;

/// A request: what it asks for, in the order in which points are summed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    pub(crate) asks: Vec<Ask>,
    /// How many further words, repeats included, were not looked at.
    pub(crate) ignored: usize,
    /// The whole text, as names are compared.
    pub(crate) name_key: String,
}

/// One thing asked for: a word, the shape of a value, or two neighbours.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    /// As it is shown.
    pub(crate) shown: String,
    pub(crate) kind: AskKind,
    pub(crate) weight: f64,
    /// The terms that answer it, and what each counts.
    pub(crate) terms: Vec<(String, f64)>,
}

/// Why something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AskKind {
    /// The text has the word.
    Word,
    /// The text has the word, which says little or is a number or another form of what came before.
    Weak,
    /// The text has a value of this shape.
    Shape,
    /// The text has both, side by side.
    Pair,
}

impl Question {
    pub(crate) fn of(text: &str) -> Self {
        let mut reader = Reader::default();
        words(text, |word| {
            if !LEXICON.says_nothing(&word.text) && !LEXICON.only_asks(&word.text) {
                reader.read(word);
            }
            ControlFlow::Continue(())
        });
        for shape in shapes(text) {
            let term = LEXICON.stem(shape).into_owned();
            if reader.seen.insert(term.clone()) {
                let shown = format!("(a value: {shape})");
                reader.asks.push(Ask { shown, kind: AskKind::Shape, weight: SHAPE, terms: vec![(term, 1.0)] });
            }
        }
        reader.finish(text)
    }

    /// Returns the different words, stemmed: no pairs, no shapes, none of the same meaning.
    pub(crate) fn into_words(self) -> impl Iterator<Item = String> {
        let is_word = |ask: &Ask| matches!(ask.kind, AskKind::Word | AskKind::Weak);
        self.asks.into_iter().filter(is_word).filter_map(|ask| ask.terms.into_iter().next()).map(|(term, _)| term)
    }
}

/// Reads words one by one.
#[derive(Default)]
struct Reader {
    asks: Vec<Ask>,
    pairs: Vec<Ask>,
    seen: HashSet<String>,
    /// The word before, as shown and as a term.
    before: Option<(String, String)>,
    ignored: usize,
}

impl Reader {
    fn read(&mut self, word: Word) {
        let term = LEXICON.stem(&word.text).into_owned();
        let known = self.seen.contains(&term);
        if !known && self.seen.len() >= MAX_WORDS || self.ignored > 0 {
            self.ignored += usize::from(word.kind != Kind::Joined);
            return;
        }
        if word.kind != Kind::Joined {
            self.read_pair(&word.text, &term);
        }
        if known {
            return;
        }
        self.seen.insert(term.clone());
        let (kind, weight) = match word.kind {
            Kind::Number => (AskKind::Weak, NUMBER),
            Kind::Joined => (AskKind::Weak, 1.0),
            Kind::Plain if LEXICON.says_little(&term) => (AskKind::Weak, LITTLE),
            Kind::Plain => (AskKind::Word, 1.0),
        };
        self.asks.push(Ask { shown: word.text, kind, weight, terms: vec![(term, 1.0)] });
    }

    fn read_pair(&mut self, shown: &str, term: &str) {
        if let Some((before_shown, before)) = self.before.replace((shown.to_owned(), term.to_owned())) {
            let both = pair(&before, term);
            if self.pairs.iter().all(|known| known.terms[0].0 != both) {
                let shown = format!("{before_shown} {shown}");
                self.pairs.push(Ask { shown, kind: AskKind::Pair, weight: PAIR, terms: vec![(both, 1.0)] });
            }
        }
    }

    /// Adds to each word those of nearly the same meaning that are not asked for themselves.
    fn finish(mut self, text: &str) -> Question {
        for ask in &mut self.asks {
            let others = LEXICON.same_as(&ask.terms[0].0).iter().filter(|other| !self.seen.contains(*other));
            let others: Vec<(String, f64)> = others.map(|other| (other.clone(), SAME)).collect();
            ask.terms.extend(others);
        }
        self.asks.append(&mut self.pairs);
        Question { asks: self.asks, ignored: self.ignored, name_key: name_key(text) }
    }
}

#[cfg(test)]
mod tests;
