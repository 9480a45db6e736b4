//! Where does chance come from? From the seed alone, the same on every platform.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// What a run of dice is thrown for: one stream each, so that one part's throws never shift another's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    /// The size and noise of the shop's items.
    Shop = 1,
    /// The noise of every series.
    Noise = 2,
    /// The live incident.
    Incident = 3,
    /// Earlier trouble, changes and upkeep.
    History = 4,
    /// Which alert is raised.
    Alert = 5,
    /// Missing rows.
    Gaps = 6,
}

/// A value-stable generator.
///
/// Everything the simulator computes from it uses `+ - * /` and `sqrt` only, whose results IEEE 754 fixes to the bit:
/// no library's `sin`, `exp` or `ln`, which may differ between platforms.
#[derive(Debug)]
pub(super) struct Dice(Pcg64);

impl Dice {
    /// Creates the dice of `seed` for one stream.
    pub(super) fn new(seed: u64, stream: Stream) -> Self {
        let mut dice =
            Self(Pcg64::new(u128::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835), stream as u128));
        // The first outputs of neighbouring seeds are correlated.
        for _ in 0..4 {
            dice.0.next_u64();
        }
        dice
    }

    /// Returns a number in `[0, 1)`.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a number in `[low, high)`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Returns a nearly normal number, mean 0, deviation 1, never beyond 4.9.
    ///
    /// Source: central limit theorem over eight uniform 16-bit numbers (Irwin–Hall): excess kurtosis −0.15, and no
    /// logarithm as Box–Muller would need.
    pub(super) fn normal(&mut self) -> f64 {
        const MEAN: f64 = 4.0 * 65_535.0;
        const DEVIATION: f64 = 53_509.998_6; // 65536 * sqrt(8 / 12)
        let lanes = |word: u64| (word & 0xffff) + (word >> 16 & 0xffff) + (word >> 32 & 0xffff) + (word >> 48);
        let sum = lanes(self.0.next_u64()) + lanes(self.0.next_u64());
        (sum as f64 - MEAN) / DEVIATION
    }

    /// Returns whether an event of probability `p` happens.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Returns a number in `0..n`; 0 if `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let scaled = u128::from(self.0.next_u64()) * n as u128;
        usize::try_from(scaled >> 64).unwrap_or(0)
    }

    /// Returns one of `items`, all equally likely.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

#[cfg(test)]
mod tests;
