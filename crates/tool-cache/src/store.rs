//! Where are answers kept, and which ones go?
//!
//! quick_cache keeps and evicts; it knows one bound, so an entry weighs its bytes, but at least its share of the byte
//! bound: then neither bound can be exceeded. Expired and invalidated entries go when they are found.

use std::{
    fmt,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Instant,
};

use quick_cache::{Lifecycle, OptionsBuilder, Weighter, sync::Cache};

use crate::{CacheKey, CachePolicy, Rejection, entry::Entry, key::AsIs, stats::Causes};

/// The share of the space for entries that were asked for again. The library's 0.97 loses to LRU on several public
/// traces; at 0.90 it does not, but for 1.5 points on one (measured on web07, orm-night, corda, sprite at 1,000).
const HOT: f64 = 0.90;
/// Shards up to [`SMALL`] entries, and beyond. Each bounds its own part, so few shards bound more truly.
const SHARDS: (usize, usize) = (4, 16);
const SMALL: usize = 16_384;
/// The least room of a shard: a quarter of it is a large answer.
const MIN_SHARD_BYTES: u64 = 4 * 1024 * 1024;

/// The entries.
pub(crate) struct Store {
    cache: Cache<CacheKey, Arc<Entry>, Weight, AsIs, Evicted>,
    max_weight: u64,
    causes: Arc<Causes>,
}

impl Store {
    pub(crate) fn new(policy: &CachePolicy, causes: &Arc<Causes>) -> Self {
        let entries = policy.max_entries() as u64;
        let least = (policy.max_bytes() / entries).max(1);
        let shards = shards(policy);
        let capacity = least.saturating_mul(entries).min(policy.max_bytes()) / shards as u64 * shards as u64;
        // One entry may fill all there is; quick_cache admits nothing larger than the hot part.
        let hot = if entries == 1 { 1.0 } else { HOT };
        let mut options = OptionsBuilder::new();
        options.shards(shards).hot_allocation(hot).weight_capacity(capacity);
        // Estimated so that quick_cache does not lower the number of shards.
        options.estimated_items_capacity(policy.max_entries().max(shards * 32));
        // The three settings that it demands are set.
        let options = options.build().unwrap_or_else(|error| unreachable!("{error}"));
        let cache = Cache::with_options(options, Weight { least }, AsIs::default(), Evicted(Arc::clone(causes)));
        let max_weight = hot_part(cache.shard_capacity(), hot);
        Self { cache, max_weight, causes: Arc::clone(causes) }
    }

    /// Returns a good entry; removes and counts one that is not.
    pub(crate) fn get(&self, key: &CacheKey, now: impl FnOnce() -> Instant) -> Option<(Arc<Entry>, Instant)> {
        let entry = self.cache.get(key)?;
        // Read after the look-up, where it is read at all: a younger entry than its reader has the age zero.
        let now = now();
        if entry.is_good(now) {
            return Some((entry, now));
        }
        self.discard(key, &entry);
        None
    }

    /// Returns whether there is a good entry; changes nothing.
    pub(crate) fn holds(&self, key: &CacheKey, now: impl FnOnce() -> Instant) -> bool {
        self.cache.peek(key).is_some_and(|entry| entry.is_good(now()))
    }

    #[cold]
    fn discard(&self, key: &CacheKey, entry: &Arc<Entry>) {
        if self.cache.remove_if(key, |held| Arc::ptr_eq(held, entry)).is_some() {
            self.count(entry);
        }
    }

    fn count(&self, entry: &Entry) {
        let cause = if entry.birth.is_live() { &self.causes.expired } else { &self.causes.invalidated };
        cause.fetch_add(1, Relaxed);
    }

    /// Keeps an entry in place of what was there under its key.
    pub(crate) fn insert(&self, key: CacheKey, entry: Entry) -> Result<(), Rejection> {
        if entry.bytes() > self.max_weight {
            // What it would have replaced is older than an answer that a caller has seen by now.
            self.cache.remove(&key);
            return Err(Rejection::TooLarge);
        }
        self.cache.insert(key, Arc::new(entry));
        Ok(())
    }

    /// Removes what is under a key, as invalidated; returns whether there was anything.
    pub(crate) fn remove(&self, key: &CacheKey) -> bool {
        let removed = self.cache.remove(key).is_some();
        self.causes.invalidated.fetch_add(u64::from(removed), Relaxed);
        removed
    }

    /// Removes what would not be served; returns how many.
    pub(crate) fn sweep(&self, now: Instant) -> usize {
        let dead: Vec<_> = self.entries().into_iter().filter(|(_, entry)| !entry.is_good(now)).collect();
        dead.iter().for_each(|(key, entry)| self.discard(key, entry));
        dead.len()
    }

    /// Removes everything, as invalidated.
    pub(crate) fn clear(&self) {
        self.causes.invalidated.fetch_add(self.cache.len() as u64, Relaxed);
        self.cache.clear();
    }

    pub(crate) fn entries(&self) -> Vec<(CacheKey, Arc<Entry>)> {
        self.cache.iter().collect()
    }

    /// Returns the bytes of the largest entry that is kept.
    pub(crate) fn max_weight(&self) -> u64 {
        self.max_weight
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("entries", &self.cache.len()).finish_non_exhaustive()
    }
}

/// Returns a power of two that leaves each shard room.
fn shards(policy: &CachePolicy) -> usize {
    let most = if policy.max_entries() <= SMALL { SHARDS.0 } else { SHARDS.1 };
    let fits =
        |shards: &usize| policy.max_entries() / shards >= 32 && policy.max_bytes() / *shards as u64 >= MIN_SHARD_BYTES;
    std::iter::successors(Some(most), |shards| Some(shards / 2))
        .find(|shards| *shards == 1 || fits(shards))
        .unwrap_or(1)
}

/// Returns what quick_cache makes of a shard's capacity (`CacheShard::new`): the largest weight that it admits.
#[expect(clippy::cast_possible_truncation, reason = "the same rounding as quick_cache's, or the bound would differ")]
fn hot_part(capacity: u64, hot: f64) -> u64 {
    (capacity as f64 * hot) as u64
}

#[derive(Debug, Clone)]
struct Weight {
    least: u64,
}

impl Weighter<CacheKey, Arc<Entry>> for Weight {
    fn weight(&self, _key: &CacheKey, entry: &Arc<Entry>) -> u64 {
        entry.bytes().max(self.least)
    }
}

/// Counts what quick_cache evicts.
#[derive(Debug, Clone)]
struct Evicted(Arc<Causes>);

impl Lifecycle<CacheKey, Arc<Entry>> for Evicted {
    /// Holds the last entry that was evicted, so that it is freed after the shard's lock.
    type RequestState = Option<Arc<Entry>>;

    fn on_evict(&self, state: &mut Self::RequestState, _key: CacheKey, entry: Arc<Entry>) {
        self.0.capacity.fetch_add(1, Relaxed);
        *state = Some(entry);
    }
}

#[cfg(test)]
mod tests;
