//! How well does it do?

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use serde::{Serialize, Serializer};
use tool_core::ToolName;

use crate::{
    Rejection,
    entry::{Entry, Shared},
    group::Group,
    stripe::{Stripe, Stripes},
};

/// What a cache did since it was made, and what it holds.
///
/// `hits + stale + misses` counts the calls that looked; `shared` of the misses waited for a load of another call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CacheStats {
    /// Calls answered from the cache with what was fresh.
    pub hits: u64,
    /// Calls answered from the cache with what was past its lifetime, as the policy allows.
    pub stale: u64,
    /// Of both, those whose answer was that there is nothing.
    pub negative_hits: u64,
    /// Calls that looked and found nothing good.
    pub misses: u64,
    /// Misses that were answered by a load which another call had begun.
    pub shared: u64,
    /// Loads.
    pub loads: u64,
    /// Loads that failed.
    pub load_errors: u64,
    /// Of the loads, those that nobody waited for, begun before or after an answer's time was over.
    pub refreshes: u64,
    /// Such loads that were due and did not begin, since as many ran as may.
    pub refreshes_put_off: u64,
    /// Loads that ran for one caller alone, since as many ran detached as may.
    pub unshared: u64,
    /// Loads that all their callers left and that went on.
    pub orphaned: u64,
    /// Loads that ended with their last caller.
    pub aborted: u64,
    /// Time that hits took off the callers: for each, how long the load of its answer took.
    #[serde(rename = "saved_ms", serialize_with = "as_millis")]
    pub saved: Duration,
    /// What was removed, by cause.
    pub evicted: EvictionStats,
    /// What was computed and not kept, by reason.
    pub rejected: RejectionStats,
    /// Entries held, those past their time and not removed yet included.
    pub entries: u64,
    /// Bytes that they take: values, keys and bookkeeping.
    pub bytes: u64,
}

/// What was removed, by cause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EvictionStats {
    /// To make room.
    pub capacity: u64,
    /// Past its time.
    pub expired: u64,
    /// Invalidated.
    pub invalidated: u64,
    /// A newer answer took its place.
    pub replaced: u64,
}

/// What was not kept, by reason; see [`Rejection`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RejectionStats {
    /// [`Rejection::NoLifetime`].
    pub no_lifetime: u64,
    /// [`Rejection::Cut`].
    pub cut: u64,
    /// [`Rejection::Fallback`].
    pub fallback: u64,
    /// [`Rejection::Outdated`].
    pub outdated: u64,
    /// [`Rejection::TooLarge`].
    pub too_large: u64,
}

/// What a cache did for one tool, and what it holds of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ToolCacheStats {
    /// The tool.
    pub tool: ToolName,
    /// Calls answered from the cache, with what was stale too.
    pub hits: u64,
    /// Calls that looked and found nothing good.
    pub misses: u64,
    /// Misses that were answered by a load which another call had begun.
    pub shared: u64,
    /// Entries held.
    pub entries: u64,
    /// Bytes that they take.
    pub bytes: u64,
}

/// One entry, as [`ToolResultCache::snapshot_keys`](crate::ToolResultCache::snapshot_keys) lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeyInfo {
    /// The key, in hexadecimal.
    pub key: String,
    /// The tool.
    pub tool: ToolName,
    /// Whether it would be served now.
    pub state: EntryState,
    /// How old the answer is.
    #[serde(rename = "age_ms", serialize_with = "as_millis")]
    pub age: Duration,
    /// How long it is still fresh; zero if it is past its time.
    #[serde(rename = "remaining_ms", serialize_with = "as_millis")]
    pub remaining: Duration,
    /// How often it was served by this process.
    pub hits: u64,
    /// What it costs the cache, in bytes.
    pub bytes: u64,
}

/// Whether an entry would be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryState {
    /// It would.
    Live,
    /// It is past its lifetime, and would be served in place of an error or while another is fetched.
    Stale,
    /// It is past its time.
    Expired,
    /// It was invalidated.
    Invalidated,
}

fn as_millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// The counts of one group of answers.
///
/// Hits of entries that are still held are counted on the entries.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) past_hits: AtomicU64,
    pub(crate) misses: AtomicU64,
    pub(crate) shared: AtomicU64,
    pub(crate) entries: AtomicI64,
    pub(crate) bytes: AtomicI64,
}

impl Tally {
    pub(crate) fn add(&self, other: &Self) {
        let add = |to: &AtomicU64, from: &AtomicU64| to.fetch_add(from.load(Relaxed), Relaxed);
        add(&self.past_hits, &other.past_hits);
        add(&self.misses, &other.misses);
        add(&self.shared, &other.shared);
    }
}

impl ToolCacheStats {
    /// Returns the counts of one definition of a tool, but for the hits that its entries hold.
    pub(crate) fn of(tool: ToolName, group: &Group) -> Self {
        let tally = &group.tally;
        Self {
            tool,
            hits: tally.past_hits.load(Relaxed),
            misses: tally.misses.load(Relaxed),
            shared: tally.shared.load(Relaxed),
            entries: held(&tally.entries),
            bytes: held(&tally.bytes),
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.misses += other.misses;
        self.shared += other.shared;
        self.entries += other.entries;
        self.bytes += other.bytes;
    }
}

/// The counts of a cache.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) looks: Stripes,
    pub(crate) negative_hits: AtomicU64,
    pub(crate) shared: AtomicU64,
    pub(crate) loads: AtomicU64,
    pub(crate) load_errors: AtomicU64,
    pub(crate) refreshes: AtomicU64,
    pub(crate) refreshes_put_off: AtomicU64,
    pub(crate) unshared: AtomicU64,
    pub(crate) orphaned: AtomicU64,
    pub(crate) aborted: AtomicU64,
    pub(crate) capacity: AtomicU64,
    pub(crate) expired: AtomicU64,
    pub(crate) invalidated: AtomicU64,
    pub(crate) replaced: AtomicU64,
    rejected: [AtomicU64; Rejection::COUNT],
    entries: AtomicI64,
    bytes: AtomicI64,
}

/// How an entry was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Fresh,
    Stale,
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

impl Counts {
    /// Counts an entry that is served: two lines of memory, the entry's own and this thread's.
    #[inline]
    pub(crate) fn served<V>(&self, entry: &Entry<V>, how: Service) {
        count(&entry.hits);
        let own = self.looks.own();
        let cost = u64::try_from(entry.cost.as_nanos()).unwrap_or(u64::MAX);
        own.add(|stripe| &stripe.saved_nanos, cost);
        match how {
            Service::Fresh => own.add(|stripe| &stripe.hits, 1),
            Service::Stale => own.add(|stripe| &stripe.stale, 1),
        }
    }

    pub(crate) fn missed(&self, group: &Group) {
        self.looks.own().add(|stripe| &stripe.misses, 1);
        count(&group.tally.misses);
    }

    pub(crate) fn reject(&self, reason: Rejection) {
        count(&self.rejected[reason as usize]);
    }

    /// Counts an entry as held.
    pub(crate) fn enter<V>(&self, entry: &Shared<V>) {
        entry.enter();
        self.entries.fetch_add(1, Relaxed);
        self.bytes.fetch_add(signed(entry.bytes()), Relaxed);
    }

    /// Counts an entry as not held any more.
    pub(crate) fn leave<V>(&self, entry: &Shared<V>) {
        entry.leave();
        self.entries.fetch_sub(1, Relaxed);
        self.bytes.fetch_sub(signed(entry.bytes()), Relaxed);
    }

    pub(crate) fn snapshot(&self) -> CacheStats {
        let look = |count: fn(&Stripe) -> &AtomicU64| self.looks.sum(count);
        let load = |counter: &AtomicU64| counter.load(Relaxed);
        CacheStats {
            hits: look(|stripe| &stripe.hits),
            stale: look(|stripe| &stripe.stale),
            misses: look(|stripe| &stripe.misses),
            saved: Duration::from_nanos(look(|stripe| &stripe.saved_nanos)),
            negative_hits: load(&self.negative_hits),
            shared: load(&self.shared),
            loads: load(&self.loads),
            load_errors: load(&self.load_errors),
            refreshes: load(&self.refreshes),
            refreshes_put_off: load(&self.refreshes_put_off),
            unshared: load(&self.unshared),
            orphaned: load(&self.orphaned),
            aborted: load(&self.aborted),
            evicted: self.evicted(),
            rejected: self.rejected(),
            entries: held(&self.entries),
            bytes: held(&self.bytes),
        }
    }

    fn evicted(&self) -> EvictionStats {
        EvictionStats {
            capacity: self.capacity.load(Relaxed),
            expired: self.expired.load(Relaxed),
            invalidated: self.invalidated.load(Relaxed),
            replaced: self.replaced.load(Relaxed),
        }
    }

    fn rejected(&self) -> RejectionStats {
        let count = |reason: Rejection| self.rejected[reason as usize].load(Relaxed);
        RejectionStats {
            no_lifetime: count(Rejection::NoLifetime),
            cut: count(Rejection::Cut),
            fallback: count(Rejection::Fallback),
            outdated: count(Rejection::Outdated),
            too_large: count(Rejection::TooLarge),
        }
    }
}

/// Returns a count that goes below zero for a moment where what enters is counted after it left.
fn held(counter: &AtomicI64) -> u64 {
    u64::try_from(counter.load(Relaxed)).unwrap_or(0)
}

pub(crate) fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Counts that the parts of a cache share.
pub(crate) type SharedCounts = Arc<Counts>;
