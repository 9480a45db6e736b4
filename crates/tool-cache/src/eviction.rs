//! What left the store to make room?

use std::sync::Arc;

use quick_cache::{Lifecycle, Weighter};

use crate::{
    CacheKey,
    entry::Shared,
    stats::{Counts, count},
};

/// What an entry weighs: its bytes, but at least its share of the byte bound, so that one bound holds both.
#[derive(Debug, Clone)]
pub(crate) struct Weight {
    pub(crate) least: u64,
}

impl Weight {
    pub(crate) fn of<V>(&self, entry: &Shared<V>) -> u64 {
        entry.bytes().max(self.least)
    }
}

impl<V> Weighter<CacheKey, Shared<V>> for Weight {
    fn weight(&self, _key: &CacheKey, entry: &Shared<V>) -> u64 {
        self.of(entry)
    }
}

/// Takes what quick_cache evicts and replaces.
#[derive(Debug, Clone)]
pub(crate) struct Evicted(pub(crate) Arc<Counts>);

/// Where quick_cache held an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ring {
    /// Among those that were asked for again.
    Hot,
    Cold,
}

/// An entry that left.
#[derive(Debug)]
pub(crate) struct Victim<V> {
    pub(crate) key: CacheKey,
    pub(crate) entry: Shared<V>,
    pub(crate) ring: Ring,
}

/// What left in one insertion; freed after the shard's lock.
#[derive(Debug)]
pub(crate) struct Victims<V> {
    /// The one that there mostly is.
    first: Option<Victim<V>>,
    more: Vec<Victim<V>>,
    counting: Counting,
}

/// Who counts that an entry left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counting {
    /// Its eviction, there and then.
    AtOnce,
    /// Whoever asked for the victims, who may put them back.
    Later,
}

impl<V> Default for Victims<V> {
    fn default() -> Self {
        Self { first: None, more: Vec::new(), counting: Counting::AtOnce }
    }
}

impl<V> Victims<V> {
    /// Takes in victims that are not counted as such.
    pub(crate) fn uncounted() -> Self {
        Self { counting: Counting::Later, ..Self::default() }
    }

    pub(crate) fn pop(&mut self) -> Option<Victim<V>> {
        self.more.pop().or_else(|| self.first.take())
    }

    pub(crate) fn push(&mut self, victim: Victim<V>) {
        match &self.first {
            None => self.first = Some(victim),
            Some(_) => self.more.push(victim),
        }
    }
}

impl Evicted {
    fn note<V>(&self, state: &mut Victims<V>, key: CacheKey, entry: Shared<V>, ring: Ring) {
        if state.counting == Counting::AtOnce {
            self.0.leave(&entry);
            count(&self.0.capacity);
        }
        state.push(Victim { key, entry, ring });
    }
}

impl<V> Lifecycle<CacheKey, Shared<V>> for Evicted {
    type RequestState = Victims<V>;

    fn on_evict_cold(&self, state: &mut Victims<V>, key: CacheKey, entry: Shared<V>) {
        self.note(state, key, entry, Ring::Cold);
    }

    fn on_evict_hot(&self, state: &mut Victims<V>, key: CacheKey, entry: Shared<V>) {
        self.note(state, key, entry, Ring::Hot);
    }
}
