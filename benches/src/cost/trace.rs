//! Which requests tell a cache that knows what a load costs from one that does not?
//!
//! A trace whose keys take very different times to load and have different sizes, neither of which their popularity
//! tells: what is asked often may be cheap, and what is dear may be asked seldom. A cache that is blind to cost keeps by
//! popularity and recency alone.

use std::time::Duration;

use crate::dice::{Dice, Zipf};

const KEYS: usize = 20_000;
const REQUESTS: usize = 300_000;
/// The exponent of the popularity. Web requests measure 0.64 to 0.83. Source: L. Breslau et al., "Web Caching and
/// Zipf-like Distributions: Evidence and Implications", INFOCOM 1999.
const EXPONENT: f64 = 0.8;
/// Most loads: lognormal by this median, in seconds, and deviation of the logarithm.
const USUAL: (f64, f64) = (0.030, 1.2);
/// How many of the keys load slowly.
const SLOW_SHARE: f64 = 0.05;
/// Slow loads: Pareto from this time on, in seconds, by this shape.
const SLOW: (f64, f64) = (0.5, 1.2);
const MOST_SECONDS: f64 = 30.0;
/// Sizes: lognormal by this median, in bytes, and deviation of the logarithm.
const SIZE: (f64, f64) = (1024.0, 1.0);
const SIZES: std::ops::RangeInclusive<f64> = 64.0..=65_536.0;

/// What one key costs, to load and to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cost {
    /// How long a load takes.
    pub load: Duration,
    /// How long the answer is, in bytes.
    pub bytes: usize,
}

/// Requests whose keys have costs.
#[derive(Debug, Clone)]
pub struct CostTrace {
    pub(super) costs: Vec<Cost>,
    pub(super) requests: Vec<usize>,
}

impl CostTrace {
    /// Generates the trace of a seed.
    #[must_use]
    pub fn generate(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let costs = (0..KEYS).map(|_| cost(&mut dice)).collect();
        let popularity = Zipf::new(KEYS, EXPONENT);
        let requests = (0..REQUESTS).map(|_| popularity.throw(&mut dice)).collect();
        Self { costs, requests }
    }

    /// Returns the requests in order: each a key and what it costs.
    pub fn requests(&self) -> impl Iterator<Item = (usize, Cost)> {
        self.requests.iter().map(|key| (*key, self.costs[*key]))
    }

    /// Returns what all keys cost, by key.
    #[must_use]
    pub fn costs(&self) -> &[Cost] {
        &self.costs
    }

    /// Replays the trace over a cache: `answers` says of each request whether the cache had it, and takes it in if not.
    /// Returns the share of all load time that was saved, in percent.
    pub fn saved(&self, mut answers: impl FnMut(usize, Cost) -> bool) -> f64 {
        let (mut all, mut saved) = (Duration::ZERO, Duration::ZERO);
        for (key, cost) in self.requests() {
            all += cost.load;
            saved += if answers(key, cost) { cost.load } else { Duration::ZERO };
        }
        100.0 * saved.as_secs_f64() / all.as_secs_f64()
    }
}

fn cost(dice: &mut Dice) -> Cost {
    let seconds = match dice.chance(SLOW_SHARE) {
        true => dice.pareto(SLOW.0, SLOW.1),
        false => dice.lognormal(USUAL.0, USUAL.1),
    };
    let bytes = dice.lognormal(SIZE.0, SIZE.1).clamp(*SIZES.start(), *SIZES.end());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
    Cost { load: Duration::from_secs_f64(seconds.min(MOST_SECONDS)), bytes: bytes as usize }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn popularity_tells_no_cost() {
        let trace = CostTrace::generate(1);
        let mean = |keys: &[Cost]| keys.iter().map(|cost| cost.load.as_secs_f64()).sum::<f64>() / keys.len() as f64;
        let (popular, rare) = trace.costs().split_at(KEYS / 2);
        // Either half's mean has a standard error of about a tenth.
        let ratio = mean(popular) / mean(rare);
        assert!((0.6..1.7).contains(&ratio), "{ratio}");
    }

    #[test]
    fn few_keys_take_most_of_the_time() {
        let mut loads: Vec<_> = CostTrace::generate(1).costs().iter().map(|cost| cost.load.as_secs_f64()).collect();
        loads.sort_by(|a, b| b.total_cmp(a));
        let (top, all): (f64, f64) = (loads.iter().take(KEYS / 10).sum(), loads.iter().sum());
        assert!(top / all > 0.5, "{top} of {all} s");
        assert!(loads.iter().all(|load| *load <= MOST_SECONDS));
    }

    #[test]
    fn saved_counts_time_not_requests() {
        let costs = [1, 9].map(|seconds| Cost { load: Duration::from_secs(seconds), bytes: 1 });
        let trace = CostTrace { costs: costs.into(), requests: vec![0, 1, 0, 1, 0] };
        let mut seen = [false; 2];
        // 1 + 9 + 1 + 9 + 1 seconds; the second, third and last request of a key are answered: 1 + 9 + 1.
        let saved = trace.saved(|key, _| std::mem::replace(&mut seen[key], true));
        assert!((saved - 100.0 * 11.0 / 21.0).abs() < 1e-9, "{saved}");
    }
}
