//! Where does chance come from? From a seed alone: whoever runs it again is asked the same.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// A generator whose values its seed decides.
///
/// Numbers that take a logarithm may differ in their last bit between platforms' libraries.
#[derive(Debug, Clone)]
pub struct Dice(Pcg64);

impl Dice {
    /// Returns the dice of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(Pcg64::new(u128::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835), 1));
        // The first outputs of neighbouring seeds are correlated.
        for _ in 0..4 {
            dice.0.next_u64();
        }
        dice
    }

    /// Returns a number in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a number in `0..n`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // The high half of the product; its bias is below `n / 2^64`.
        let high = (u128::from(self.0.next_u64()) * n as u128) >> 64;
        usize::try_from(high).unwrap_or_default()
    }

    /// Returns whether an event of probability `p` happens.
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Returns an exponential number of a mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.uniform()).ln()
    }

    /// Returns a normal number, mean 0, deviation 1.
    ///
    /// Source: G. E. P. Box, M. E. Muller, "A Note on the Generation of Random Normal Deviates", 1958.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Returns a lognormal number with a median and the deviation of its logarithm.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// Returns a Pareto number: at least `least`, beyond `x` with probability `(least / x)^shape`.
    pub fn pareto(&mut self, least: f64, shape: f64) -> f64 {
        least / (1.0 - self.uniform()).powf(1.0 / shape)
    }
}

/// Ranks by Zipf's law: rank `r`, from 0, with a probability in proportion to `1 / (r + 1)^exponent`.
#[derive(Debug, Clone)]
pub struct Zipf {
    /// The probability of this rank or one before it.
    up_to: Vec<f64>,
}

impl Zipf {
    /// Returns the law over `ranks` ranks.
    #[must_use]
    pub fn new(ranks: usize, exponent: f64) -> Self {
        let mut up_to = Vec::with_capacity(ranks);
        let mut sum = 0.0;
        for rank in 1..=ranks {
            sum += (rank as f64).powf(-exponent);
            up_to.push(sum);
        }
        up_to.iter_mut().for_each(|share| *share /= sum);
        Self { up_to }
    }

    /// Throws a rank.
    pub fn throw(&self, dice: &mut Dice) -> usize {
        let thrown = dice.uniform();
        self.up_to.partition_point(|share| *share <= thrown).min(self.up_to.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests;
