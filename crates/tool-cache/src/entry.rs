//! What is kept of an answer?

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use crate::{CacheKey, freshness::Span, group::Birth, moment::Moment, stats::signed};

/// What an entry costs besides itself and its texts: its key, the counts of its allocation, the store's slot, its share
/// of the store's tables (which grow by doubling and remember evicted keys too) and the allocator's rounding.
const TABLES: u64 = (size_of::<CacheKey>() + 16 + 160) as u64;

/// Returns the least that an entry costs, in bytes.
pub(crate) const fn overhead<V>() -> u64 {
    size_of::<Entry<V>>() as u64 + TABLES
}

/// One immutable answer: its value, its time, what it took to compute.
///
/// The count of hits stands first, on the line of memory that a clone of the `Arc` writes anyway, and what an eviction
/// reads beside it.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Entry<V> {
    pub(crate) hits: AtomicU64,
    bytes: u64,
    pub(crate) birth: Birth,
    pub(crate) value: V,
    pub(crate) span: Span,
    /// How long the load took.
    pub(crate) cost: Duration,
    pub(crate) credit: Credit,
}

/// How often an entry may be spared yet, and what it is given again when it was hit since.
#[derive(Debug, Default)]
pub(crate) struct Credit {
    pub(crate) worth: u32,
    pub(crate) left: AtomicU32,
    pub(crate) hits_seen: AtomicU64,
}

impl<V> Entry<V> {
    /// Makes an entry whose value holds `extra` bytes outside itself.
    pub(crate) fn new(value: V, extra: u64, birth: Birth, span: Span, cost: Duration) -> Self {
        let bytes = overhead::<V>().saturating_add(extra);
        Self { hits: AtomicU64::new(0), value, birth, span, cost, credit: Credit::default(), bytes }
    }

    /// Returns what this entry costs, in bytes: value, key and bookkeeping.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns whether it may be served, if only as stale.
    pub(crate) fn is_good(&self, now: Moment) -> bool {
        !self.span.is_over(now) && self.birth.is_live()
    }

    /// Returns whether one can take the other's place and no sum changes.
    pub(crate) fn counts_as(&self, other: &Self) -> bool {
        self.bytes == other.bytes && Arc::ptr_eq(&self.birth.group, &other.birth.group)
    }

    /// Counts as held.
    pub(crate) fn enter(&self) {
        let tally = &self.birth.group.tally;
        tally.entries.fetch_add(1, Relaxed);
        tally.bytes.fetch_add(signed(self.bytes), Relaxed);
    }

    /// Counts as not held any more.
    pub(crate) fn leave(&self) {
        let tally = &self.birth.group.tally;
        tally.entries.fetch_sub(1, Relaxed);
        tally.bytes.fetch_sub(signed(self.bytes), Relaxed);
    }
}

impl<V> Drop for Entry<V> {
    /// Hands its hits to its group.
    fn drop(&mut self) {
        let hits = *self.hits.get_mut();
        // Most of what is evicted was never asked for again.
        if hits > 0 {
            self.birth.group.tally.past_hits.fetch_add(hits, Relaxed);
        }
    }
}

/// An entry that others hold too.
pub(crate) type Shared<V> = Arc<Entry<V>>;
