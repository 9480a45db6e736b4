//! How long does a run take now, and how often does it succeed?

use std::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    time::Duration,
};

/// How much of each new run is taken over: the last 16 runs or so weigh most.
const WEIGHT: f64 = 1.0 / 16.0;
/// How many parts an octave is cut into: a quantile is at most an eighth too long.
const PARTS: u32 = 8;
/// Octaves of nanoseconds that are told apart: up to some 18 minutes, longer than any deadline is but for a setting.
const OCTAVES: u32 = 40;
/// After how many runs everything counted before weighs half.
const HALF_LIFE: u32 = 1024;

/// After how many runs the watched quantile is found again, once there are some.
const REFRESH: u32 = 16;

/// Decaying averages of a tool's runs; a few relaxed atomic writes per run, and readers never wait.
///
/// Two runs that end at the same moment may count as one: these are estimates, not totals.
#[derive(Debug)]
pub(crate) struct Vitals {
    /// Nanoseconds as bits of a double; not a number until there is a run.
    latency: AtomicU64,
    /// Share as bits of a double; not a number until there is a run.
    health: AtomicU64,
    spread: Option<Box<Spread>>,
}

/// Whether a run was a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Good,
    Bad,
}

impl Vitals {
    /// Begins without a run; one quantile can be watched.
    pub(crate) fn new(watched: Option<f64>) -> Self {
        let unknown = || AtomicU64::new(f64::NAN.to_bits());
        Self { latency: unknown(), health: unknown(), spread: watched.map(|share| Box::new(Spread::new(share))) }
    }

    pub(crate) fn record(&self, time: Duration, outcome: Outcome) {
        decay(&self.latency, time.as_secs_f64());
        decay(&self.health, if outcome == Outcome::Good { 1.0 } else { 0.0 });
        self.spread_only(time);
    }

    /// Takes note of a run that took at least so long, and nobody knows how it would have ended.
    pub(crate) fn spread_only(&self, time: Duration) {
        if let Some(spread) = &self.spread {
            spread.record(time);
        }
    }

    pub(crate) fn latency(&self) -> Option<Duration> {
        known(&self.latency).map(Duration::from_secs_f64)
    }

    pub(crate) fn health(&self) -> Option<f64> {
        known(&self.health)
    }

    /// Returns how long the watched share of the runs takes at most, if there were enough of them; two atomic loads.
    pub(crate) fn quantile(&self, min_calls: u32) -> Option<Duration> {
        let spread = self.spread.as_ref().filter(|spread| spread.total.load(Ordering::Relaxed) >= min_calls)?;
        Some(Duration::from_nanos(spread.found.load(Ordering::Relaxed))).filter(|found| !found.is_zero())
    }
}

fn known(bits: &AtomicU64) -> Option<f64> {
    Some(f64::from_bits(bits.load(Ordering::Relaxed))).filter(|value| !value.is_nan())
}

fn decay(bits: &AtomicU64, value: f64) {
    let next = known(bits).map_or(value, |old| old + (value - old) * WEIGHT);
    bits.store(next.to_bits(), Ordering::Relaxed);
}

/// Counts by length, in steps of an eighth of an octave; old counts fade.
#[derive(Debug)]
struct Spread {
    watched: f64,
    /// The watched quantile when it was last found, in nanoseconds; 0 before that.
    found: AtomicU64,
    total: AtomicU32,
    counts: [AtomicU32; (PARTS * OCTAVES) as usize],
}

impl Spread {
    fn new(watched: f64) -> Self {
        let counts = [const { AtomicU32::new(0) }; (PARTS * OCTAVES) as usize];
        Self { watched, found: AtomicU64::new(0), total: AtomicU32::new(0), counts }
    }

    fn record(&self, time: Duration) {
        self.counts[bucket_of(time)].fetch_add(1, Ordering::Relaxed);
        let total = self.total.fetch_add(1, Ordering::Relaxed) + 1;
        if total == HALF_LIFE * 2 {
            self.fade();
        }
        if total < 4 * REFRESH || total.is_multiple_of(REFRESH) {
            let found = self.quantile().map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
            self.found.store(found, Ordering::Relaxed);
        }
    }

    fn fade(&self) {
        let mut left = 0;
        for count in &self.counts {
            let half = count.load(Ordering::Relaxed) / 2;
            count.store(half, Ordering::Relaxed);
            left += half;
        }
        self.total.store(left, Ordering::Relaxed);
    }

    fn quantile(&self) -> Option<Duration> {
        let counts = || self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        let mut left = self.watched * f64::from(counts().sum::<u32>());
        let bucket = counts().position(|count| {
            left -= f64::from(count);
            count > 0 && left <= 1e-9
        });
        bucket.map(upper_bound)
    }
}

fn bucket_of(time: Duration) -> usize {
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(u64::from(PARTS));
    let octave = nanos.ilog2();
    let part = (nanos >> (octave - PARTS.ilog2())) & u64::from(PARTS - 1);
    let bucket = u64::from(octave) * u64::from(PARTS) + part;
    usize::try_from(bucket).unwrap_or(usize::MAX).min((PARTS * OCTAVES) as usize - 1)
}

/// Returns the longest time that falls into a bucket, or just above it.
fn upper_bound(bucket: usize) -> Duration {
    let (octave, part) = (bucket as u64 / u64::from(PARTS), bucket as u64 % u64::from(PARTS));
    let step = 1u64 << octave.saturating_sub(u64::from(PARTS.ilog2()));
    Duration::from_nanos((u64::from(PARTS) + part + 1) * step)
}

#[cfg(test)]
mod tests;
