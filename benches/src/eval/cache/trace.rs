//! What is one trace to replay?

use std::collections::HashMap;

/// Requests in order: each asks for one key.
#[derive(Debug)]
pub(super) struct Trace {
    /// The keys as they were recorded.
    pub(super) keys: Vec<u64>,
    /// The same, numbered by first appearance: simulators index by it.
    pub(super) numbers: Vec<u32>,
    /// How many different keys there are.
    pub(super) distinct: usize,
}

impl Trace {
    pub(super) fn new(keys: Vec<u64>) -> Self {
        let mut known = HashMap::new();
        let number = |key: &u64| {
            // `keys::MOST` and the synthetic traces stay below 2^32 requests.
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(*key).or_insert(next)
        };
        let numbers = keys.iter().map(number).collect();
        Self { distinct: known.len(), keys, numbers }
    }

    /// Returns the share of requests in percent.
    pub(super) fn percent(&self, hits: usize) -> f64 {
        100.0 * hits as f64 / self.keys.len().max(1) as f64
    }
}
