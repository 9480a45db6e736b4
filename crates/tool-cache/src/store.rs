//! Where are answers kept, and which ones go?
//!
//! quick_cache keeps and evicts; it knows one bound, so an entry weighs its bytes, but at least its share of the byte
//! bound: then neither bound can be exceeded. What it evicts may be put back: what the tuner or the retention spares.
//! Expired and invalidated entries go when they are found.
//!
//! Whoever changes what is under a key holds the lock of the key's shard, so that what is put back is never older than
//! what a caller removed or replaced meanwhile: evictions never leave their shard.

use std::{fmt, sync::Arc, time::Duration};

use quick_cache::sync::Cache;

use crate::{
    CacheKey, CachePolicy, Rejection, Retention,
    entry::{Credit, Shared, overhead},
    eviction::{Evicted, Ring, Victim, Victims, Weight},
    key::AsIs,
    oversize::{Held, Oversize},
    retention::{self, MAX_SPARED, Prices},
    stats::{SharedCounts, count},
    tuner::{self, MAX_MOVES, Size, Tuner},
};

/// The share of the space for entries that were asked for again. The library's 0.97 loses to LRU on several public
/// traces; at 0.85 it loses to it only where the tuner sees that it does (measured at 1,000 entries and 4 shards).
const HOT: f64 = 0.85;
/// Shards up to [`SMALL`] entries, and beyond. Each bounds its own part, so few shards bound more truly.
const SHARDS: (usize, usize) = (4, 16);
const SMALL: usize = 16_384;
/// The least room of a shard: a quarter of it is a large answer.
const MIN_SHARD_BYTES: u64 = 4 * 1024 * 1024;
/// The part of the room that oversize entries always leave, as a divisor: quick_cache forgets its proportions below.
const LEFT_OVER: u64 = 16;
/// The size of an entry by which the number of evicted keys that are remembered is bounded: half a key for each.
const TYPICAL: u64 = 1024;

/// The entries.
pub(crate) struct Store<V> {
    cache: Cache<CacheKey, Shared<V>, Weight, AsIs, Evicted>,
    oversize: Oversize<V>,
    weight: Weight,
    capacity: u64,
    hot: f64,
    retention: Retention,
    prices: Prices,
    tuner: Tuner,
    counts: SharedCounts,
}

impl<V> Store<V> {
    pub(crate) fn new(policy: &CachePolicy, counts: &SharedCounts) -> Self {
        let entries = policy.max_entries() as u64;
        let least = (policy.max_bytes() / entries).max(1);
        let shards = shards(policy);
        let capacity = least.saturating_mul(entries).min(policy.max_bytes()) / shards as u64 * shards as u64;
        // One entry may fill all there is; quick_cache admits nothing larger than the hot part.
        let hot = if entries == 1 { 1.0 } else { HOT };
        let remembered = entries.min(policy.max_bytes() / TYPICAL);
        let size = Size { entries: remembered, weight: capacity, hot };
        let (weight, evicted) = (Weight { least }, Evicted(Arc::clone(counts)));
        let cache = Cache::with_options(tuner::options(shards, size), weight.clone(), AsIs::default(), evicted);
        Self {
            cache,
            oversize: Oversize::default(),
            weight,
            capacity,
            hot,
            retention: policy.retention(),
            prices: Prices::default(),
            tuner: Tuner::new(size),
            counts: Arc::clone(counts),
        }
    }

    pub(crate) fn shards(&self) -> usize {
        self.cache.num_shards()
    }

    pub(crate) fn shard_of(&self, key: &CacheKey) -> usize {
        self.cache.shard_index(key)
    }

    /// Returns what is under a key, good or not, and notes the use.
    #[inline]
    pub(crate) fn get(&self, key: &CacheKey) -> Option<Shared<V>> {
        let found = self.cache.get(key);
        match &found {
            Some(entry) => self.tuner.hit(key, || self.weight.of(entry)),
            None => return self.get_oversize(key),
        }
        found
    }

    fn get_oversize(&self, key: &CacheKey) -> Option<Shared<V>> {
        let found = if self.oversize.is_empty() { None } else { self.oversize.get(key) };
        if found.is_none() {
            self.tuner.miss(key);
        }
        found
    }

    /// Returns what is under a key; changes nothing.
    pub(crate) fn peek(&self, key: &CacheKey) -> Option<Shared<V>> {
        self.cache.peek(key).or_else(|| if self.oversize.is_empty() { None } else { self.oversize.peek(key) })
    }

    /// Returns the credit of an entry that took `cost` to compute.
    pub(crate) fn appraise(&self, cost: Duration, extra: u64) -> Credit {
        match self.retention {
            Retention::CostBlind => Credit::default(),
            Retention::CostAware => {
                self.prices.appraise(cost, overhead::<V>().saturating_add(extra).max(self.weight.least))
            }
        }
    }

    /// Keeps an entry in place of what was there under its key; what leaves is put to the `dead`, to be freed after
    /// every lock.
    pub(crate) fn insert(&self, key: CacheKey, entry: &Shared<V>, dead: &mut Victims<V>) -> Result<(), Rejection> {
        let weight = self.weight.of(entry);
        if weight > self.max_weight() {
            // What it would have replaced is older than an answer that a caller has seen by now.
            self.replace(&key, dead);
            return Err(Rejection::TooLarge);
        }
        self.tuner.insert(&key, weight);
        if weight > self.max_regular() {
            self.insert_oversize(key, entry, dead);
            return Ok(());
        }
        if !self.oversize.is_empty() {
            self.replace_oversize(&key, dead);
        }
        if self.admit(key, entry, dead) {
            return Ok(());
        }
        // Oversize entries took the room: they go first.
        self.evict_oversize(0, dead);
        if self.admit(key, entry, dead) { Ok(()) } else { Err(Rejection::TooLarge) }
    }

    /// Puts an entry into quick_cache, and back what is spared; returns whether it was admitted.
    fn admit(&self, key: CacheKey, entry: &Shared<V>, dead: &mut Victims<V>) -> bool {
        let mut victims = Victims::uncounted();
        let mut spares = Spares { moved: MAX_MOVES, spared: MAX_SPARED, own: 1 };
        self.cache.insert_with_lifecycle(key, Arc::clone(entry), &mut victims);
        let (mut admitted, mut exchanged) = (true, false);
        while let Some(victim) = victims.pop() {
            let is_own = Arc::ptr_eq(&victim.entry, entry);
            let is_replaced = victim.key == key && !is_own;
            if !is_replaced && self.spares(&victim, is_own, &mut spares) {
                self.cache.insert_with_lifecycle(victim.key, victim.entry, &mut victims);
                continue;
            }
            if is_own {
                admitted = false;
            } else {
                count(if is_replaced { &self.counts.replaced } else { &self.counts.capacity });
                // Mostly one leaves for one that counts the same: then no sum changes.
                let same = !exchanged && victim.entry.counts_as(entry);
                exchanged |= same;
                if !same {
                    self.counts.leave(&victim.entry);
                }
            }
            dead.push(victim);
        }
        // After what left for it: no bound is seen exceeded.
        match (admitted, exchanged) {
            (true, false) => self.counts.enter(entry),
            (false, true) => self.counts.leave(entry),
            (true, true) | (false, false) => {}
        }
        admitted
    }

    fn spares(&self, victim: &Victim<V>, is_own: bool, spares: &mut Spares) -> bool {
        if self.tuner.prefers_recent() && victim.ring == Ring::Cold && spares.moved > 0 {
            spares.moved -= 1;
            return victim.entry.birth.is_live();
        }
        if is_own && spares.own > 0 {
            // What was put back pushed it out: from now on nothing is.
            *spares = Spares { moved: 0, spared: 0, own: 0 };
            return true;
        }
        let spared = spares.spared > 0 && retention::spare(&victim.entry) && victim.entry.birth.is_live();
        spares.spared -= usize::from(spared);
        spared
    }

    fn insert_oversize(&self, key: CacheKey, entry: &Shared<V>, dead: &mut Victims<V>) {
        self.replace(&key, dead);
        // At one stroke: another that came between would find room that is taken.
        self.oversize.change(|held| {
            self.evict_from(held, self.max_oversize() - entry.bytes(), dead);
            held.push(key, Arc::clone(entry));
            self.leave_room(held);
        });
        self.counts.enter(entry);
    }

    /// Evicts oversize entries until the others weigh `most`.
    fn evict_oversize(&self, most: u64, dead: &mut Victims<V>) {
        self.oversize.change(|held| {
            self.evict_from(held, most, dead);
            self.leave_room(held);
        });
    }

    fn evict_from(&self, held: &mut Held<V>, most: u64, dead: &mut Victims<V>) {
        while held.bytes() > most {
            let Some((key, entry)) = held.pop() else { break };
            self.counts.leave(&entry);
            count(&self.counts.capacity);
            dead.push(Victim { key, entry, ring: Ring::Cold });
        }
    }

    /// Lowers the bound of the others by what oversize entries weigh; quick_cache rounds up to its shards.
    fn leave_room(&self, held: &Held<V>) {
        let shards = self.shards() as u64;
        self.cache.set_capacity((self.capacity - held.bytes()) / shards * shards);
    }

    /// Removes what is under a key because there is something newer.
    pub(crate) fn replace(&self, key: &CacheKey, dead: &mut Victims<V>) {
        if let Some(entry) = self.take(key) {
            count(&self.counts.replaced);
            dead.push(Victim { key: *key, entry, ring: Ring::Cold });
        }
    }

    fn replace_oversize(&self, key: &CacheKey, dead: &mut Victims<V>) {
        if let Some(entry) = self.take_oversize(key) {
            count(&self.counts.replaced);
            dead.push(Victim { key: *key, entry, ring: Ring::Cold });
        }
    }

    fn take_oversize(&self, key: &CacheKey) -> Option<Shared<V>> {
        self.take_oversize_if(key, |_| true)
    }

    fn take_oversize_if(&self, key: &CacheKey, is_it: impl Fn(&Shared<V>) -> bool) -> Option<Shared<V>> {
        if self.oversize.is_empty() {
            return None;
        }
        self.oversize.change(|held| {
            let taken = held.take_if(key, is_it)?;
            self.counts.leave(&taken);
            self.leave_room(held);
            Some(taken)
        })
    }

    fn take(&self, key: &CacheKey) -> Option<Shared<V>> {
        match self.cache.remove(key) {
            Some((_, entry)) => {
                self.counts.leave(&entry);
                Some(entry)
            }
            None => self.take_oversize(key),
        }
    }

    /// Removes what is under a key, as invalidated.
    pub(crate) fn remove(&self, key: &CacheKey) -> Option<Shared<V>> {
        self.take(key).inspect(|_| count(&self.counts.invalidated))
    }

    /// Removes an entry that was found not to be good, if it is still there.
    #[cold]
    pub(crate) fn discard(&self, key: &CacheKey, entry: &Shared<V>) -> bool {
        let removed = match self.cache.remove_if(key, |held| Arc::ptr_eq(held, entry)) {
            Some((_, entry)) => {
                self.counts.leave(&entry);
                true
            }
            None => self.take_oversize_if(key, |held| Arc::ptr_eq(held, entry)).is_some(),
        };
        if removed {
            count(if entry.birth.is_live() { &self.counts.expired } else { &self.counts.invalidated });
        }
        removed
    }

    /// Removes everything, as invalidated.
    pub(crate) fn clear(&self) {
        for (_, entry) in self.cache.drain() {
            self.counts.leave(&entry);
            count(&self.counts.invalidated);
        }
        for (key, _) in self.oversize.entries() {
            if self.take_oversize(&key).is_some() {
                count(&self.counts.invalidated);
            }
        }
    }

    pub(crate) fn entries(&self) -> Vec<(CacheKey, Shared<V>)> {
        self.cache.iter().chain(self.oversize.entries()).collect()
    }

    /// Returns the bytes of the largest entry that is kept.
    pub(crate) fn max_weight(&self) -> u64 {
        // Where there is but one entry, it has all the room there is.
        if self.hot < 1.0 { self.max_regular().max(self.max_oversize()) } else { self.max_regular() }
    }

    fn max_regular(&self) -> u64 {
        hot_part(self.capacity / self.shards() as u64, self.hot)
    }

    fn max_oversize(&self) -> u64 {
        self.capacity - self.capacity / LEFT_OVER
    }
}

/// How many victims may yet be put back.
struct Spares {
    moved: usize,
    spared: usize,
    /// The one that was inserted.
    own: usize,
}

impl<V> fmt::Debug for Store<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("entries", &self.cache.len()).field("tuner", &self.tuner).finish_non_exhaustive()
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

#[cfg(test)]
mod tests;
