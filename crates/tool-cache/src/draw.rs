//! Which way does the dice fall?
//!
//! Draws are made from what is at hand (a key, a time) instead of a generator: nothing is shared between threads, and
//! what happened once happens again under the same clock.

use std::time::Duration;

/// Returns a number from 0 up to 1, both left out, by a seed.
///
/// Source: SplitMix64's finaliser, <https://prng.di.unimi.it/splitmix64.c>; the upper 53 bits fill a double.
pub(crate) fn unit(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    ((z >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// No draw is further from zero than this: minus the logarithm of the least that [`unit`] returns.
const MOST: f64 = 37.5;

/// Returns whether an answer with `left` to live is refreshed now: with probability exp(-left / (beta * delta)).
///
/// Source: A. Vattani, F. Chierichetti, K. Lowenstein, Optimal Probabilistic Cache Stampede Prevention, VLDB 2015,
/// algorithm XFetch: refresh when now - delta * beta * ln(U) reaches the deadline.
pub(crate) fn early(left: Duration, delta: Duration, beta: f64, draw: impl FnOnce() -> f64) -> bool {
    let (left, scale) = (left.as_secs_f64(), delta.as_secs_f64() * beta);
    left < scale * MOST && -scale * draw().ln() >= left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_fill_their_range_evenly() {
        let draws: Vec<f64> = (0..10_000).map(unit).collect();
        assert!(draws.iter().all(|draw| *draw > 0.0 && *draw < 1.0));
        for tenth in [0.0, 3.0, 9.0] {
            let within = draws.iter().filter(|draw| (tenth..tenth + 1.0).contains(&(*draw * 10.0))).count();
            assert!((850..1150).contains(&within), "{tenth}: {within}");
        }
    }

    #[test]
    fn early_refresh_follows_its_formula() {
        // By the paper: exp(-1), exp(-2), exp(-5) at one, two and five loads before the deadline.
        for (loads, expected) in [(1u32, 0.3679), (2, 0.1353), (5, 0.0067)] {
            let delta = Duration::from_millis(100);
            let refreshed = (0..100_000).filter(|seed| early(delta * loads, delta, 1.0, || unit(*seed))).count();
            let share = refreshed as f64 / 100_000.0;
            assert!((share - expected).abs() < 0.01, "{loads}: {share}");
        }
    }

    #[test]
    fn beta_stretches_the_window() {
        let second = Duration::from_secs(1);
        let share = |beta| (0..100_000).filter(|seed| early(second * 2, second, beta, || unit(*seed))).count();
        // exp(-2 / beta)
        assert!((share(2.0) as f64 / 100_000.0 - 0.3679).abs() < 0.01);
        assert!(!early(second, Duration::ZERO, 1.0, || f64::MIN_POSITIVE));
    }
}
