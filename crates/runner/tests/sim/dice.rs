//! What does chance say, the same for the same seed?

use std::{ops::RangeInclusive, time::Duration};

/// A generator of numbers that look random and are not.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Self(seed);
        // Neighbouring seeds are to have nothing in common.
        Self(dice.roll() ^ dice.roll().rotate_left(32))
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in a range.
    pub(crate) fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        let count = u128::from(range.end() - range.start()) + 1;
        // The upper half of a product: no number is preferred by more than one in 2^64.
        let at = (u128::from(self.roll()) * count) >> 64;
        range.start() + u64::try_from(at).unwrap_or(0)
    }

    /// Whether something happens that happens so often in a hundred times.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.within(0..=99) < share
    }

    /// A time within so many milliseconds; it need not be a whole number of them.
    pub(crate) fn millis(&mut self, range: RangeInclusive<u64>) -> Duration {
        Duration::from_micros(self.within(range.start() * 1000..=range.end() * 1000))
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let last = u64::try_from(from.len()).unwrap_or(1) - 1;
        from[usize::try_from(self.within(0..=last)).unwrap_or(0)]
    }

    /// One of several, by weight.
    pub(crate) fn weighted<T: Copy>(&mut self, from: &[(T, u64)]) -> T {
        let total: u64 = from.iter().map(|(_, weight)| weight).sum();
        let mut left = self.within(0..=total - 1);
        for (what, weight) in from {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *what,
            }
        }
        from[0].0
    }

    /// Another generator that goes its own way from here.
    pub(crate) fn fork(&mut self) -> Self {
        Self::new(self.roll())
    }
}
