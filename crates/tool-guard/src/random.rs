//! How is chance drawn, so that a run can be repeated?

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

/// A source of chance that a seed determines; drawing is one atomic addition.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64).
#[derive(Debug)]
pub(crate) struct Random(AtomicU64);

impl Random {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Returns a source that is another one in each process.
    pub(crate) fn from_process() -> Self {
        Self::seeded(RandomState::new().build_hasher().finish())
    }

    /// Draws from 0 to below 1.
    pub(crate) fn share(&self) -> f64 {
        // The upper 53 bits: as many as a double holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        share
    }

    /// Returns a source of its own, which what is drawn elsewhere does not move.
    pub(crate) fn fork(&self) -> Self {
        Self::seeded(self.next())
    }

    fn next(&self) -> u64 {
        const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(GAMMA, Ordering::Relaxed).wrapping_add(GAMMA);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the reference implementation for seed 1234567.
    #[test]
    fn reference_vector_is_reproduced() {
        let random = Random::seeded(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn share_is_below_one() {
        let random = Random::seeded(7);
        assert!((0..10_000).all(|_| (0.0..1.0).contains(&random.share())));
    }
}
