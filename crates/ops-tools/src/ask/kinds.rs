//! Which kinds of items are there, and how do people call them?

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::sheet::Sheet;
use super::spelling::singular;
use crate::estate::{Graph, GraphNode};

/// Words for the same kind, in the singular; an estate uses one of them, or none.
const SYNONYMS: [&[&str]; 16] = [
    &["database", "db"],
    &["host", "server", "machine", "box", "node"],
    &["hw", "hardware"],
    &["sw", "software"],
    &["service", "microservice"],
    &["app", "application"],
    &["load balancer", "lb", "loadbalancer", "balancer"],
    &["queue", "message queue", "broker", "topic"],
    &["external", "provider", "external provider", "third party"],
    &["network", "network gear", "network device", "networking"],
    &["business", "business system", "business service"],
    &["frontend", "front end"],
    &["firewall", "waf"],
    &["switch", "network switch"],
    &["cache", "caching"],
    &["worker", "background worker", "consumer"],
];

/// A field and how it is read.
type Field = (&'static str, fn(&GraphNode) -> &str);

/// The fields that tell an item's kind, the narrowest first.
const FIELDS: [Field; 3] = [
    ("ci_category", |node| &node.ci_category),
    ("ci_subtype", |node| &node.ci_subtype),
    ("ci_type", |node| &node.ci_type),
];

/// Which field and value a word for a kind stands for.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    by_phrase: BTreeMap<String, (&'static str, String)>,
}

impl Kinds {
    /// Learns the kinds of an estate's items.
    pub(super) fn of(graph: &Graph) -> Self {
        let mut kinds = Self::default();
        for (field, value_of) in FIELDS {
            let mut values: Vec<&str> = graph.nodes().map(|node| value_of(graph.node(node))).collect();
            values.sort_unstable();
            values.dedup();
            for value in values.into_iter().filter(|value| !value.is_empty()) {
                kinds.learn(field, value);
            }
        }
        kinds
    }

    /// Learns a value and its synonyms; what a narrower field has taken stays.
    fn learn(&mut self, field: &'static str, value: &str) {
        let phrase = phrase(value);
        let others = SYNONYMS.iter().filter(|group| group.contains(&phrase.as_str()));
        let all: Vec<String> = others.flat_map(|group| group.iter().map(|word| (*word).to_owned())).collect();
        for name in std::iter::once(phrase).chain(all) {
            self.by_phrase.entry(name).or_insert_with(|| (field, value.to_owned()));
        }
    }

    /// Returns the kind that some words stand for, in the singular.
    pub(super) fn get(&self, phrase: &str) -> Option<(&'static str, &str)> {
        self.by_phrase.get(phrase).map(|(field, value)| (*field, value.as_str()))
    }

    /// Returns whether a word, in the singular, is part of the name of a kind.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.by_phrase.keys().any(|phrase| phrase.split(' ').any(|part| part == word))
    }

    /// Finds the longest name of a kind at `at`, and where it ends.
    pub(super) fn at(&self, sheet: &Sheet<'_>, at: usize) -> Option<(&'static str, String, usize)> {
        (1..=3).rev().find_map(|length| {
            if !sheet.are_free(at..at + length) {
                return None;
            }
            let stems: Vec<&str> = sheet.words[at..at + length].iter().map(|word| word.stem.as_str()).collect();
            self.get(&stems.join(" ")).map(|(field, value)| (field, value.to_owned(), at + length))
        })
    }

    /// Returns the words that an item's kind adds to its name, in the singular.
    pub(super) fn words_of<'a>(&'a self, node: &'a GraphNode) -> impl Iterator<Item = &'a str> {
        let mine = move |(field, value): &(&'static str, String)| {
            FIELDS.iter().any(|(name, value_of)| name == field && value_of(node) == value)
        };
        let own = FIELDS.iter().map(move |(_, value_of)| phrase(value_of(node)));
        let own: Vec<String> = own.collect();
        let phrases = self.by_phrase.iter().filter(move |(_, kind)| mine(kind)).map(|(phrase, _)| phrase.as_str());
        // A synonym of several words says too little word by word: a business service is no service.
        let phrases = phrases.filter(move |phrase| !phrase.contains(' ') || own.iter().any(|own| own == phrase));
        phrases.flat_map(|phrase| phrase.split(' '))
    }
}

/// Writes a value as people say it: `load_balancer` is a load balancer.
fn phrase(value: &str) -> String {
    let lower = value.to_lowercase().replace(['_', '-'], " ");
    lower.split(' ').map(singular).collect::<Vec<_>>().join(" ")
}

/// Writes a condition as tools take it.
pub(super) fn filter(field: &str, op: &str, value: &Value) -> Value {
    json!({"field": field, "op": op, "value": value})
}
