//! What would a cache with these settings have answered?

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use super::past::Question;

/// What an entry takes beside its answer, in bytes: key, times, counts. As measured of a full cache, rounded up.
const BOOKKEEPING: u64 = 400;

/// How much a simulated cache holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) entries: usize,
    pub(crate) bytes: u64,
}

/// What a call asks of a simulated cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask {
    pub(crate) question: Question,
    /// When, since some beginning.
    pub(crate) at: Duration,
    /// How long finding out takes.
    pub(crate) load: Duration,
    /// How long the answer is good.
    pub(crate) ttl: Duration,
    pub(crate) bytes: u64,
    /// Whether there is an answer to keep.
    pub(crate) has_answer: bool,
}

/// A cache that keeps no answers, only when they come and go; the least recently used goes first.
///
/// The real one evicts by a policy that is about as good or better; where nothing is evicted, they agree.
#[derive(Debug)]
pub(crate) struct World {
    bounds: Bounds,
    entries: HashMap<Question, Kept>,
    order: BTreeMap<u64, Question>,
    tick: u64,
    bytes: u64,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    ready: Duration,
    until: Duration,
    weight: u64,
    used: u64,
}

impl World {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, entries: HashMap::new(), order: BTreeMap::new(), tick: 0, bytes: 0 }
    }

    /// Answers a call: returns the time that it saves, `None` if the tool has to run.
    pub(crate) fn ask(&mut self, ask: &Ask) -> Option<Duration> {
        match self.entries.get(&ask.question).copied() {
            // Who comes while the load runs waits for the rest of it.
            Some(kept) if ask.at < kept.ready => Some(ask.load.saturating_sub(kept.ready - ask.at)),
            Some(kept) if ask.at < kept.until => {
                self.touch(&ask.question);
                Some(ask.load)
            }
            _ => {
                self.load(ask);
                None
            }
        }
    }

    fn load(&mut self, ask: &Ask) {
        self.remove(&ask.question);
        let weight = ask.bytes.saturating_add(BOOKKEEPING);
        if !ask.has_answer || weight > self.bounds.bytes {
            return;
        }
        let ready = ask.at.saturating_add(ask.load);
        self.tick += 1;
        self.entries
            .insert(ask.question, Kept { ready, until: ready.saturating_add(ask.ttl), weight, used: self.tick });
        self.order.insert(self.tick, ask.question);
        self.bytes = self.bytes.saturating_add(weight);
        while self.entries.len() > self.bounds.entries || self.bytes > self.bounds.bytes {
            let Some(oldest) = self.order.values().next().copied() else { break };
            self.remove(&oldest);
        }
    }

    fn touch(&mut self, question: &Question) {
        let Some(kept) = self.entries.get_mut(question) else { return };
        self.tick += 1;
        self.order.remove(&kept.used);
        kept.used = self.tick;
        self.order.insert(self.tick, *question);
    }

    fn remove(&mut self, question: &Question) {
        if let Some(kept) = self.entries.remove(question) {
            self.order.remove(&kept.used);
            self.bytes -= kept.weight;
        }
    }
}

#[cfg(test)]
mod tests;
