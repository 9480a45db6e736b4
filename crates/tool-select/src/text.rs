//! How well does a text describe a tool?

use std::{borrow::Cow, collections::HashMap};

use serde_json::Value;
use tool_core::ToolSpec;

use crate::{Basis, Contribution, words::words};

/// The most different words of a request that are looked at.
pub(crate) const MAX_WORDS: usize = 64;

/// How much a word counts by where it stands: name, description, parameter names.
const FIELD_WEIGHTS: [f64; 3] = [3.0, 1.0, 1.0];
/// How fast more of the same word stops to count, and how much a long field counts less.
const K1: f64 = 1.2;
const B: f64 = 0.6;

/// What a tool says of itself, as counted words.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// How often a word stands in each field.
    counts: HashMap<String, [f64; 3]>,
    /// How many words each field has.
    lengths: [f64; 3],
}

impl Document {
    pub(crate) fn of(spec: &ToolSpec) -> Self {
        let mut document = Self::default();
        document.add(0, spec.name().as_str());
        document.add(1, spec.description());
        let params = spec.input_schema()["properties"].as_object();
        for name in params.into_iter().flat_map(serde_json::Map::<String, Value>::keys) {
            document.add(2, name);
        }
        document
    }

    fn add(&mut self, field: usize, text: &str) {
        for word in words(text) {
            self.counts.entry(word).or_default()[field] += 1.0;
            self.lengths[field] += 1.0;
        }
    }
}

/// The words of a request: each once, in their order, so many at most.
pub(crate) struct Query {
    pub(crate) words: Vec<String>,
    pub(crate) ignored: usize,
}

impl Query {
    pub(crate) fn of(text: &str) -> Self {
        let mut query = Self { words: Vec::new(), ignored: 0 };
        for word in words(text) {
            if query.words.contains(&word) {
                continue;
            }
            if query.words.len() < MAX_WORDS {
                query.words.push(word);
            } else {
                query.ignored += 1;
            }
        }
        query
    }
}

/// What is known of a set of documents taken together: a tool outside it changes nothing within.
pub(crate) struct Corpus<'d> {
    documents: Vec<&'d Document>,
    average_lengths: [f64; 3],
}

impl<'d> Corpus<'d> {
    pub(crate) fn new(documents: Vec<&'d Document>) -> Self {
        let count = as_f64(documents.len()).max(1.0);
        let mut average_lengths = [0.0; 3];
        for (field, average) in average_lengths.iter_mut().enumerate() {
            *average = documents.iter().map(|document| document.lengths[field]).sum::<f64>() / count;
        }
        Self { documents, average_lengths }
    }

    /// Returns how rare a word is; `None` if no document has it.
    ///
    /// Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the usual
    /// `1 +` that keeps it above zero.
    fn rarity(&self, word: &str) -> Option<f64> {
        let having = self.documents.iter().filter(|document| document.counts.contains_key(word)).count();
        let (having, all) = (as_f64(having), as_f64(self.documents.len()));
        (having > 0.0).then(|| (1.0 + (all - having + 0.5) / (having + 0.5)).ln())
    }

    /// Returns the rarity of each word of a query, and the words that no document has.
    pub(crate) fn rarities<'q>(&self, query: &'q Query) -> (Vec<(&'q str, f64)>, Vec<String>) {
        let (mut known, mut unmatched) = (Vec::new(), Vec::new());
        for word in &query.words {
            match self.rarity(word) {
                Some(rarity) => known.push((word.as_str(), rarity)),
                None => unmatched.push(word.clone()),
            }
        }
        (known, unmatched)
    }

    /// Returns what each word contributes to a document: BM25F, fields weighted before saturation.
    ///
    /// Source: Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (2004).
    pub(crate) fn contributions(&self, document: &Document, words: &[(&str, f64)]) -> Vec<Contribution> {
        let of_word = |(word, rarity): &(&str, f64)| {
            let counts = document.counts.get(*word)?;
            let strength: f64 = (0..3).map(|field| self.strength(document, field, counts[field])).sum();
            let value = strength * (K1 + 1.0) / (K1 + strength);
            let points = value * rarity;
            Some(Contribution {
                name: Cow::Owned((*word).to_owned()),
                value,
                weight: *rarity,
                points,
                basis: Basis::Text,
            })
        };
        words.iter().filter_map(of_word).collect()
    }

    fn strength(&self, document: &Document, field: usize, count: f64) -> f64 {
        if count == 0.0 {
            return 0.0;
        }
        let relative = document.lengths[field] / self.average_lengths[field];
        FIELD_WEIGHTS[field] * count / (1.0 - B + B * relative)
    }
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests;
