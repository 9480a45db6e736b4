//! How is a sample summed up so that a few wild values do not matter?

/// One standard deviation in units of the median absolute deviation of normal values.
///
/// Source: Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", JASA 88, 1993.
const SIGMA_PER_MAD: f64 = 1.4826;

/// The nine-in-ten point of the size of a standard normal value.
const NORMAL_ABS_Q90: f64 = 1.644_853_6;

/// Sorted, finite values: the one form from which quantiles are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sorted(Vec<f64>);

impl Sorted {
    /// Sorts the finite values of a sample; the others are dropped.
    pub(crate) fn new(values: impl IntoIterator<Item = f64>) -> Self {
        let mut kept: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
        kept.sort_unstable_by(f64::total_cmp);
        Self(kept)
    }

    /// Returns the number of values.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the `q`-quantile (0..1), linear between neighbours, or 0 of nothing.
    ///
    /// Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, definition 7.
    pub(crate) fn quantile(&self, q: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else { return 0.0 };
        let place = q.clamp(0.0, 1.0) * count(last);
        let low = floor_index(place).min(last);
        let high = (low + 1).min(last);
        let part = place - count(low);
        self.0[low] + (self.0[high] - self.0[low]) * part
    }

    /// Returns the median, or 0 of nothing.
    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// Values of which only a few quantiles are wanted: each is found without sorting the rest.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    /// Takes the finite values of a sample; the others are dropped.
    pub(crate) fn new(values: impl IntoIterator<Item = f64>) -> Self {
        Self(values.into_iter().filter(|v| v.is_finite()).collect())
    }

    /// Returns the number of values.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the `q`-quantile as [`Sorted::quantile`] does, in O(n).
    pub(crate) fn quantile(&mut self, q: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else { return 0.0 };
        let place = q.clamp(0.0, 1.0) * count(last);
        let low = floor_index(place).min(last);
        let (_, &mut below, above) = self.0.select_nth_unstable_by(low, f64::total_cmp);
        let next = above.iter().copied().min_by(f64::total_cmp).unwrap_or(below);
        below + (next - below) * (place - count(low))
    }

    /// Returns the median, or 0 of nothing.
    pub(crate) fn median(&mut self) -> f64 {
        self.quantile(0.5)
    }
}

/// Returns a robust standard deviation of residuals: the larger of what the middle half and what nine in ten suggest.
///
/// The second keeps a series that is mostly constant and sometimes not from looking noiseless.
pub(crate) fn spread(residuals: &[f64]) -> f64 {
    let mut sizes = Sample::new(residuals.iter().map(|r| r.abs()));
    (SIGMA_PER_MAD * sizes.median()).max(sizes.quantile(0.9) / NORMAL_ABS_Q90)
}

/// Returns how often normal rows reach `value`: the share that does, or beyond the largest an inverse-square tail.
///
/// `reached` of `rows` normal rows are at least `value`; `largest` is the largest normal row or the floor below which
/// differences mean nothing. One is added above and below, so that the answer is never 0. Source: permutation p-value
/// (Phipson and Smyth, 2010); the tail has the shape of Cantelli's inequality, the weakest that a finite variance allows.
pub(crate) fn rarity(reached: usize, rows: usize, largest: f64, value: f64) -> f64 {
    let share = (count(reached) + 1.0) / (count(rows) + 1.0);
    if reached > 0 || value <= largest || value <= 0.0 {
        return share;
    }
    let beyond = (largest.max(0.0) / value).clamp(MIN_TAIL_RATIO, 1.0);
    share * beyond * beyond
}

/// The ratio beyond which a value is not called any rarer.
const MIN_TAIL_RATIO: f64 = 1e-3;

/// Returns a count as a real number; exact for every count that fits in memory.
pub(crate) fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// Returns the largest index not above `place`, for a place of at least 0.
fn floor_index(place: f64) -> usize {
    let mut low = 0_usize;
    let mut high = 1_usize << 31;
    while low + 1 < high {
        let middle = low.midpoint(high);
        if count(middle) <= place {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
