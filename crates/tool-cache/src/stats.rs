//! How well does it do?

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use serde::{Serialize, Serializer};
use tool_core::ToolName;

use crate::{Rejection, lineage::Lineage};

/// What a cache did since it was made, and what it holds.
///
/// `hits + misses` counts the calls that looked; `shared` of the misses waited for a load of another call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CacheStats {
    /// Calls answered from the cache.
    pub hits: u64,
    /// Calls that looked and found nothing good.
    pub misses: u64,
    /// Misses that were answered by a load which another call had begun.
    pub shared: u64,
    /// Loads.
    pub loads: u64,
    /// Loads that failed.
    pub load_errors: u64,
    /// Loads that ran for one caller alone, since as many ran detached as may.
    pub unshared: u64,
    /// What was removed, by cause.
    pub evicted: EvictionStats,
    /// What was computed and not kept, by reason.
    pub rejected: RejectionStats,
    /// Entries held, those past their time and not removed yet included.
    pub entries: u64,
    /// Bytes that they take: texts, keys and bookkeeping.
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
    /// Calls answered from the cache.
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
    /// How long it is still good; zero if it is past its time.
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
    /// It is past its time.
    Expired,
    /// It was invalidated.
    Invalidated,
}

fn as_millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// The counts of one tool.
///
/// Hits of entries that are still held are counted on the entries, so that a hit writes to one line of memory.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) past_hits: AtomicU64,
    pub(crate) misses: AtomicU64,
    pub(crate) shared: AtomicU64,
    pub(crate) loads: AtomicU64,
    pub(crate) load_errors: AtomicU64,
    pub(crate) entries: AtomicU64,
    pub(crate) bytes: AtomicU64,
}

impl Tally {
    pub(crate) fn add(&self, other: &Self) {
        let add = |to: &AtomicU64, from: &AtomicU64| to.fetch_add(from.load(Relaxed), Relaxed);
        add(&self.past_hits, &other.past_hits);
        add(&self.misses, &other.misses);
        add(&self.shared, &other.shared);
        add(&self.loads, &other.loads);
        add(&self.load_errors, &other.load_errors);
    }
}

impl CacheStats {
    pub(crate) fn count(&mut self, tally: &Tally) {
        self.hits += tally.past_hits.load(Relaxed);
        self.misses += tally.misses.load(Relaxed);
        self.shared += tally.shared.load(Relaxed);
        self.loads += tally.loads.load(Relaxed);
        self.load_errors += tally.load_errors.load(Relaxed);
        self.entries += tally.entries.load(Relaxed);
        self.bytes += tally.bytes.load(Relaxed);
    }
}

impl ToolCacheStats {
    /// Returns the counts of one definition of a tool, but for the hits that its entries hold.
    pub(crate) fn of(line: &Lineage) -> Self {
        let tally = &line.tally;
        Self {
            tool: line.tool.clone(),
            hits: tally.past_hits.load(Relaxed),
            misses: tally.misses.load(Relaxed),
            shared: tally.shared.load(Relaxed),
            entries: tally.entries.load(Relaxed),
            bytes: tally.bytes.load(Relaxed),
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

/// The counts that belong to no tool.
#[derive(Debug, Default)]
pub(crate) struct Causes {
    pub(crate) unshared: AtomicU64,
    pub(crate) capacity: AtomicU64,
    pub(crate) expired: AtomicU64,
    pub(crate) invalidated: AtomicU64,
    rejected: [AtomicU64; Rejection::COUNT],
}

impl Causes {
    pub(crate) fn reject(&self, reason: Rejection) {
        self.rejected[reason as usize].fetch_add(1, Relaxed);
    }

    pub(crate) fn evicted(&self) -> EvictionStats {
        EvictionStats {
            capacity: self.capacity.load(Relaxed),
            expired: self.expired.load(Relaxed),
            invalidated: self.invalidated.load(Relaxed),
        }
    }

    pub(crate) fn rejected(&self) -> RejectionStats {
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
