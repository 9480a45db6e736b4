//! What is kept of an answer?

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use tool_core::{CallReport, Origin, Payload, ToolOutput};

use crate::{CacheKey, lineage::Birth};

/// What an entry costs besides its texts: itself, its key, the two counted allocations' headers, quick_cache's 21 bytes
/// and the allocator's rounding.
const OVERHEAD: u64 = (size_of::<Entry>() + size_of::<CacheKey>() + 16 + 16 + 21 + 24) as u64;
/// The least that an answer can cost: the shortest JSON is one byte.
pub(crate) const MIN_BYTES: u64 = OVERHEAD + 1;

/// One immutable answer: its text, the facts about how it came, its time.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) payload: Payload,
    pub(crate) facts: CallReport,
    pub(crate) birth: Birth,
    pub(crate) span: Span,
    pub(crate) hits: AtomicU64,
    bytes: u64,
}

/// From when until when an answer is good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    since: Instant,
    /// How old it was then: not zero if it comes from a snapshot.
    age: Duration,
    until: Instant,
}

impl Span {
    /// Returns the time from `now` on; `None` if there is none, or more than the clock can tell.
    pub(crate) fn new(now: Instant, age: Duration, ttl: Duration) -> Option<Self> {
        let until = now.checked_add(ttl).filter(|_| !ttl.is_zero())?;
        Some(Self { since: now, age, until })
    }

    /// Returns the age at a time.
    pub(crate) fn age(&self, now: Instant) -> Duration {
        self.age.saturating_add(now.saturating_duration_since(self.since))
    }

    /// Returns how long it is still good; zero at the deadline and after.
    pub(crate) fn remaining(&self, now: Instant) -> Duration {
        self.until.saturating_duration_since(now)
    }

    pub(crate) fn is_over(&self, now: Instant) -> bool {
        now >= self.until
    }
}

impl Entry {
    pub(crate) fn new(output: &ToolOutput, birth: Birth, span: Span) -> Self {
        let bytes = OVERHEAD + output.payload.len() as u64 + facts_bytes(&output.report);
        let tally = &birth.lineage.tally;
        tally.entries.fetch_add(1, Ordering::Relaxed);
        tally.bytes.fetch_add(bytes, Ordering::Relaxed);
        // A clone of the payload leaves a parsed form behind.
        let (payload, facts) = (output.payload.clone(), output.report.clone());
        Self { payload, facts, birth, span, hits: AtomicU64::new(0), bytes }
    }

    /// Returns what this entry costs, in bytes: texts, key and bookkeeping.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns whether it may be served.
    pub(crate) fn is_good(&self, now: Instant) -> bool {
        !self.span.is_over(now) && self.birth.is_live()
    }

    /// Returns the answer as a caller gets it; allocates nothing.
    pub(crate) fn serve(&self, now: Instant) -> ToolOutput {
        self.hits.fetch_add(1, Ordering::Relaxed);
        let report = self.facts.served(Origin::Hit, self.span.age(now));
        ToolOutput::new(self.payload.clone()).with_report(report)
    }
}

impl Drop for Entry {
    /// Hands its counts to its tool.
    fn drop(&mut self) {
        let tally = &self.birth.lineage.tally;
        tally.past_hits.fetch_add(*self.hits.get_mut(), Ordering::Relaxed);
        tally.entries.fetch_sub(1, Ordering::Relaxed);
        tally.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

fn facts_bytes(report: &CallReport) -> u64 {
    let limits: usize = report.limits().iter().map(|limit| size_of_val(limit) + limit.name.len()).sum();
    let warnings: usize = report.warnings().iter().map(|text| 32 + text.len()).sum();
    (limits + warnings) as u64
}
