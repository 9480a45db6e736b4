//! How often was a tool called, how did that end, and how long did it take?

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tool_core::ToolName;

use crate::{
    facts::Facts,
    kinds::{KIND_COUNT, ORIGIN_COUNT, kind_index, kind_name, origin_index, origin_name},
    units::millis,
};

/// The counts of one tool for one tenant; never lossy.
#[derive(Debug, Default)]
pub(crate) struct StatCell {
    ok: [AtomicU64; ORIGIN_COUNT],
    errors: [AtomicU64; KIND_COUNT],
    total_nanos: AtomicU64,
    max_nanos: AtomicU64,
    result_bytes: AtomicU64,
    retries: AtomicU64,
    fallbacks: AtomicU64,
}

impl StatCell {
    pub(crate) fn add(&self, facts: &Facts, elapsed: Duration) {
        let outcome = match facts.error {
            None => &self.ok[origin_index(facts.origin)],
            Some(kind) => &self.errors[kind_index(kind)],
        };
        outcome.fetch_add(1, Ordering::Relaxed);
        let nanos = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        self.total_nanos.fetch_add(nanos, Ordering::Relaxed);
        if nanos > self.max_nanos.load(Ordering::Relaxed) {
            self.max_nanos.fetch_max(nanos, Ordering::Relaxed);
        }
        add_if(&self.result_bytes, facts.result_bytes);
        add_if(&self.retries, u64::from(facts.retries()));
        add_if(&self.fallbacks, u64::from(facts.fallback_from.is_some()));
    }

    /// Adds the counts to a summary.
    pub(crate) fn add_to(&self, stats: &mut ToolStats) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        for (index, counter) in self.ok.iter().enumerate() {
            bump(&mut stats.ok_by_origin, Cow::Borrowed(origin_name(index)), read(counter));
        }
        for (index, counter) in self.errors.iter().enumerate() {
            bump(&mut stats.errors_by_kind, Cow::Borrowed(kind_name(index)), read(counter));
        }
        stats.total = stats.total.saturating_add(Duration::from_nanos(read(&self.total_nanos)));
        stats.max = stats.max.max(Duration::from_nanos(read(&self.max_nanos)));
        stats.result_bytes = stats.result_bytes.saturating_add(read(&self.result_bytes));
        stats.retries = stats.retries.saturating_add(read(&self.retries));
        stats.fallbacks = stats.fallbacks.saturating_add(read(&self.fallbacks));
    }
}

/// Adds without touching the counter where there is nothing to add: an atomic addition costs more than a branch.
fn add_if(counter: &AtomicU64, amount: u64) {
    if amount > 0 {
        counter.fetch_add(amount, Ordering::Relaxed);
    }
}

fn bump(counts: &mut BTreeMap<Cow<'static, str>, u64>, name: Cow<'static, str>, amount: u64) {
    if amount > 0 {
        let count = counts.entry(name).or_default();
        *count = count.saturating_add(amount);
    }
}

/// The exact counts of one tool.
///
/// In JSON durations are numbers of milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolStats {
    /// The tool.
    pub tool: ToolName,
    /// How many calls ended.
    pub calls: u64,
    /// How many of them ended well.
    pub ok: u64,
    /// How many of them failed.
    pub errors: u64,
    /// How many of those that ended well were answered from the cache.
    pub cache_hits: u64,
    /// The share of all calls that was answered from the cache, 0 to 1; 0 without calls.
    pub hit_rate: f64,
    /// The mean time of a call.
    #[serde(rename = "mean_ms", with = "millis")]
    pub mean: Duration,
    /// The time of the longest call.
    #[serde(rename = "max_ms", with = "millis")]
    pub max: Duration,
    /// The time of all calls together.
    #[serde(rename = "total_ms", with = "millis")]
    pub total: Duration,
    /// The size of all results together, in bytes.
    pub result_bytes: u64,
    /// How often the tool was started again for a call.
    pub retries: u64,
    /// How many answers came in the place of another tool that had failed.
    pub fallbacks: u64,
    /// How many calls ended well, by where the answer came from; only what happened.
    pub ok_by_origin: BTreeMap<Cow<'static, str>, u64>,
    /// How many calls failed, by the kind of error; only what happened.
    pub errors_by_kind: BTreeMap<Cow<'static, str>, u64>,
}

impl ToolStats {
    pub(crate) fn new(tool: ToolName) -> Self {
        Self {
            tool,
            calls: 0,
            ok: 0,
            errors: 0,
            cache_hits: 0,
            hit_rate: 0.0,
            mean: Duration::ZERO,
            max: Duration::ZERO,
            total: Duration::ZERO,
            result_bytes: 0,
            retries: 0,
            fallbacks: 0,
            ok_by_origin: BTreeMap::new(),
            errors_by_kind: BTreeMap::new(),
        }
    }

    /// Adds what another summary counted; what follows from the counts waits for [`finish`](Self::finish).
    pub(crate) fn merge(&mut self, other: &Self) {
        for (name, count) in &other.ok_by_origin {
            bump(&mut self.ok_by_origin, name.clone(), *count);
        }
        for (name, count) in &other.errors_by_kind {
            bump(&mut self.errors_by_kind, name.clone(), *count);
        }
        self.total = self.total.saturating_add(other.total);
        self.max = self.max.max(other.max);
        self.result_bytes = self.result_bytes.saturating_add(other.result_bytes);
        self.retries = self.retries.saturating_add(other.retries);
        self.fallbacks = self.fallbacks.saturating_add(other.fallbacks);
    }

    /// Fills in what follows from the counts.
    pub(crate) fn finish(mut self) -> Self {
        let sum = |counts: &BTreeMap<_, u64>| counts.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let of = |name: &str| self.ok_by_origin.get(name).copied().unwrap_or_default();
        self.cache_hits = of("hit").saturating_add(of("stale"));
        self.ok = sum(&self.ok_by_origin);
        self.errors = sum(&self.errors_by_kind);
        self.calls = self.ok.saturating_add(self.errors);
        if self.calls > 0 {
            let mean = self.total.as_nanos() / u128::from(self.calls);
            self.mean = Duration::from_nanos(u64::try_from(mean).unwrap_or(u64::MAX));
            #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
            let rate = self.cache_hits as f64 / self.calls as f64;
            self.hit_rate = rate;
        }
        self
    }
}

/// The counts of one tenant, as they are kept between runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TenantStats {
    /// The tenant; missing for the tenants beyond the bound, which are counted together.
    pub tenant: Option<String>,
    /// The counts, by tool.
    pub tools: Vec<ToolStats>,
}
