//! Which entries are worth keeping longer?
//!
//! An entry that took long to compute, for its size, is spared when its turn to leave comes: as often as it is dearer
//! than the average, and again as often whenever it was hit since. Each time it is spared it is worth one less, so what
//! is asked for no more leaves in the end. Where all cost the same, none is spared, and the store does what it did.
//!
//! Source: after P. Cao, S. Irani, Cost-Aware WWW Proxy Caching Algorithms, USITS 1997 (GreedyDual-Size: worth is cost
//! by size over a level that rises); here the level is the average, and worth is counted in turns.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use crate::entry::{Credit, Entry};

/// How often an entry is spared at most before it must be hit.
const MOST: u32 = 64;
/// How many insertions the average looks back, about.
const MEMORY: f64 = 1024.0;
/// How many entries are spared in one insertion at most: bounds its time.
pub(crate) const MAX_SPARED: usize = 16;

/// What an entry costs on average, in nanoseconds by byte.
#[derive(Debug, Default)]
pub(crate) struct Prices {
    /// The bits of a double; zero until there is one.
    average: AtomicU64,
}

impl Prices {
    /// Returns how often an entry of this cost and weight may be spared, and takes it into the average.
    pub(crate) fn appraise(&self, cost: Duration, weight: u64) -> Credit {
        let price = cost.as_secs_f64() * 1e9 / weight.max(1) as f64;
        if price <= 0.0 {
            return Credit::default();
        }
        let average = f64::from_bits(self.average.load(Relaxed));
        let next = if average > 0.0 { average + (price - average) / MEMORY } else { price };
        // Of two at once one is lost: it is an average.
        self.average.store(next.to_bits(), Relaxed);
        Credit::new(turns(price / next))
    }
}

/// Returns how many turns so many times the average is worth: none up to twice the average.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and is cut to the most")]
fn turns(times: f64) -> u32 {
    (times.max(1.0) - 1.0) as u32
}

impl Credit {
    fn new(worth: u32) -> Self {
        let worth = worth.min(MOST);
        Self { worth, left: worth.into(), hits_seen: AtomicU64::new(0) }
    }
}

/// Spares an entry whose turn to leave has come, if it has credit; called by one thread at a time.
pub(crate) fn spare<V>(entry: &Entry<V>) -> bool {
    let credit = &entry.credit;
    if credit.worth == 0 {
        return false;
    }
    let hits = entry.hits.load(Relaxed);
    if credit.hits_seen.swap(hits, Relaxed) < hits {
        credit.left.store(credit.worth, Relaxed);
    }
    let left = credit.left.load(Relaxed);
    credit.left.store(left.saturating_sub(1), Relaxed);
    left > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_prices_spare_nobody() {
        let prices = Prices::default();
        for _ in 0..5000 {
            assert_eq!(prices.appraise(Duration::from_millis(5), 1000).worth, 0);
        }
    }

    #[test]
    fn dear_entries_are_worth_turns() {
        let prices = Prices::default();
        for _ in 0..100 {
            prices.appraise(Duration::from_millis(1), 1000);
        }
        assert!((8..=9).contains(&prices.appraise(Duration::from_millis(10), 1000).worth));
        assert_eq!(prices.appraise(Duration::from_millis(10), 10_000).worth, 0, "dear for its size, not by itself");
        assert_eq!(prices.appraise(Duration::from_secs(100), 1000).worth, MOST);
        assert_eq!(prices.appraise(Duration::ZERO, 1000).worth, 0);
    }
}
