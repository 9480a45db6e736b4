//! Which terms does a card put into the index, how often, and where?

use std::{collections::HashMap, ops::ControlFlow};

use crate::{
    card::{FIELDS, Field, ToolCard},
    lexicon::LEXICON,
    words::{Kind, words},
};

/// The most words of one field that are read.
pub(crate) const MAX_FIELD_WORDS: usize = 1024;

/// How often a term stands in each field, at most 255 times.
pub(crate) type Counts = [u8; FIELDS];

/// A card as counted terms.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    pub(crate) counts: HashMap<String, Counts>,
    /// How many words each field has, at most 255: what is longer counts as that long.
    pub(crate) lengths: Counts,
    /// How many words were not read, because there were too many.
    pub(crate) ignored: usize,
}

impl Terms {
    pub(crate) fn of(card: &ToolCard) -> Self {
        let mut terms = Self::default();
        for (at, field) in Field::ALL.into_iter().enumerate() {
            let mut budget = MAX_FIELD_WORDS;
            for text in card.texts(field) {
                terms.add(at, text, pairs_count(field), &mut budget);
            }
        }
        terms
    }

    fn add(&mut self, at: usize, text: &str, pairs: Pairs, budget: &mut usize) {
        let mut before: Option<String> = None;
        words(text, |word| {
            if LEXICON.says_nothing(&word.text) {
                return ControlFlow::Continue(());
            }
            if *budget == 0 {
                self.ignored += 1;
                return ControlFlow::Continue(());
            }
            *budget -= 1;
            self.lengths[at] = self.lengths[at].saturating_add(1);
            let term = LEXICON.stem(&word.text).into_owned();
            if pairs == Pairs::Count && word.kind != Kind::Joined {
                if let Some(before) = &before {
                    self.count(pair(before, &term), at);
                }
                before = Some(term.clone());
            }
            self.count(term, at);
            ControlFlow::Continue(())
        });
    }

    fn count(&mut self, term: String, at: usize) {
        let count = &mut self.counts.entry(term).or_default()[at];
        *count = count.saturating_add(1);
    }
}

/// Whether neighbours count as a term of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pairs {
    Count,
    Ignore,
}

/// Parameters stand side by side by chance: there, only single words count.
fn pairs_count(field: Field) -> Pairs {
    match field {
        Field::Name | Field::Description | Field::Namespace => Pairs::Count,
        Field::ParamName | Field::ParamDescription => Pairs::Ignore,
    }
}

/// Returns the term of two neighbours; no single word has a space in it.
pub(crate) fn pair(first: &str, second: &str) -> String {
    format!("{first} {second}")
}

#[cfg(test)]
mod tests;
