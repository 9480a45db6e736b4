//! How much work does a schema ask for?
//!
//! A few references, each used twice, ask for more checks than there are atoms: the count is made before the work. What
//! is counted is how often subschemas are applied to one place of a value, where every alternative is looked at, as an
//! error that lists them does.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// Keywords whose subschemas apply to the same place.
const SAME_PLACE: [&str; 8] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];
/// Keywords whose subschemas apply one place deeper.
const DEEPER: [&str; 10] = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "contains",
];
/// Keywords that stand for a subschema elsewhere.
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// The longest chain of references that is followed: beyond it, the count is more than any bound.
const MAX_CHAIN: usize = 500;

/// Counts over one schema.
pub(super) struct Cost<'s> {
    root: &'s Value,
    known: HashMap<(*const Value, usize), u64>,
    open: HashSet<(*const Value, usize)>,
}

impl<'s> Cost<'s> {
    pub(super) fn of(root: &'s Value) -> Self {
        Self { root, known: HashMap::new(), open: HashSet::new() }
    }

    /// Returns the most subschemas that are applied to one place by any subschema, those of deeper places not counted.
    pub(super) fn of_one_place(&mut self) -> u64 {
        let mut most = self.visits(self.root, 0);
        let mut left: Vec<&'s Value> = vec![self.root];
        while let Some(value) = left.pop() {
            most = most.max(self.visits(value, 0));
            left.extend(children(value));
        }
        most
    }

    /// Returns how often subschemas are applied on the way from the top of a value to a place `depth` below, at most.
    pub(super) fn visits(&mut self, schema: &'s Value, depth: usize) -> u64 {
        let key = (std::ptr::from_ref(schema), depth);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.open.len() > MAX_CHAIN {
            return u64::MAX;
        }
        // A schema that applies itself to the same place says nothing more the second time.
        if !self.open.insert(key) {
            return 0;
        }
        let mut visits = 1u64;
        for part in self.same_place(schema) {
            visits = visits.saturating_add(self.visits(part, depth));
        }
        if let Some(depth) = depth.checked_sub(1) {
            let deeper = below(schema, &DEEPER).into_iter().map(|part| self.visits(part, depth)).max();
            visits = visits.saturating_add(deeper.unwrap_or(0));
        }
        self.open.remove(&key);
        self.known.insert(key, visits);
        visits
    }

    fn same_place(&self, schema: &'s Value) -> Vec<&'s Value> {
        let references = REFERENCES.iter().filter_map(|keyword| self.resolve(schema.get(keyword)?.as_str()?));
        references.chain(below(schema, &SAME_PLACE)).collect()
    }

    /// Finds what a reference stands for: by pointer or anchor, in the whole or in the part with the `$id` named; `None`
    /// for what is elsewhere, which the compiler knows or refuses.
    fn resolve(&self, reference: &str) -> Option<&'s Value> {
        let (id, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let part = if id.is_empty() { self.root } else { find(self.root, &|at| names(at, &["$id"], id))? };
        match fragment {
            "" => Some(part),
            pointer if pointer.starts_with('/') => part.pointer(pointer),
            anchor => find(part, &|at| names(at, &["$anchor", "$dynamicAnchor"], anchor)),
        }
    }
}

/// Returns whether one of the keywords ends in `name`: an `$id` may be relative in one place and absolute in another.
fn names(at: &Value, keywords: &[&str], name: &str) -> bool {
    let fits = |text: &str| text == name || text.ends_with(&format!("/{}", name.trim_start_matches('/')));
    keywords.iter().filter_map(|keyword| at.get(keyword)?.as_str()).any(fits)
}

fn find<'s>(root: &'s Value, fits: &dyn Fn(&Value) -> bool) -> Option<&'s Value> {
    let mut left = vec![root];
    while let Some(value) = left.pop() {
        if fits(value) {
            return Some(value);
        }
        left.extend(children(value));
    }
    None
}

/// Returns the subschemas under some keywords, be they one, a list or named.
fn below<'s>(schema: &'s Value, keywords: &[&str]) -> Vec<&'s Value> {
    const NAMED: [&str; 3] = ["properties", "patternProperties", "dependentSchemas"];
    let under = |keyword: &&str| {
        let value = schema.get(keyword)?;
        Some(if value.is_array() || NAMED.contains(keyword) { children(value) } else { vec![value] })
    };
    keywords.iter().filter_map(under).flatten().collect()
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => Vec::new(),
    }
}

/// Returns how deep a value nests and how many values it is made of.
pub(super) fn size(value: &Value) -> (usize, u64) {
    let below = children(value).into_iter().map(size);
    below.fold((0, 1), |(depth, count), (below, more)| (depth.max(below + 1), count + more))
}
