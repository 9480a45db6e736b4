//! What would this series show now if nothing were wrong?

use super::{
    plan::ComparePlan,
    stats::{Sample, count},
};

/// Fewest normal rows from which anything is concluded.
pub(crate) const MIN_NORMAL_ROWS: usize = 8;

/// Fewest days of normal rows from which a daily rhythm is learnt: two days cannot outvote an odd one.
const MIN_SEASONAL_DAYS: i64 = 3;

/// One day, in seconds.
const DAY: i64 = 86_400;

/// How many bins a day has: half an hour each.
const BINS: usize = 48;

/// One bin, in seconds.
const BIN: i64 = DAY / 48;

/// What is expected of a series: one level, or one per time of day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Baseline {
    /// The median of all normal rows.
    level: f64,
    /// The medians by half-hour of the day, if there are days enough.
    by_bin: Option<Vec<f64>>,
    /// How many normal rows there are.
    rows: usize,
}

impl Baseline {
    /// Learns the baseline of a series from its normal rows, or returns `None` if there are too few.
    ///
    /// The level at a time of day is the median of the rows within 45 minutes of it on all days.
    pub(crate) fn learn(points: &[(i64, f64)], plan: &ComparePlan) -> Option<Self> {
        let normal: Vec<(i64, f64)> =
            points.iter().copied().filter(|&(t, v)| plan.is_normal(t) && v.is_finite()).collect();
        if normal.len() < MIN_NORMAL_ROWS {
            return None;
        }
        let level = Sample::new(normal.iter().map(|p| p.1)).median();
        Some(Self { level, by_bin: seasonal(&normal), rows: normal.len() })
    }

    /// Returns the value expected at a time.
    pub(crate) fn expected(&self, time: i64) -> f64 {
        let Some(bins) = &self.by_bin else { return self.level };
        let shifted = (time - BIN / 2).rem_euclid(DAY);
        let bin = usize::try_from(shifted / BIN).unwrap_or(0) % BINS;
        let part = count(usize::try_from(shifted % BIN).unwrap_or(0)) / count(usize::try_from(BIN).unwrap_or(1));
        bins[bin] + (bins[(bin + 1) % BINS] - bins[bin]) * part
    }

    /// Returns whether the time of day matters.
    pub(crate) const fn is_seasonal(&self) -> bool {
        self.by_bin.is_some()
    }

    /// Returns how many normal rows it was learnt from.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }
}

/// Returns the median per half-hour bin, each pooled with its neighbours, or `None` if days or rows are missing.
fn seasonal(normal: &[(i64, f64)]) -> Option<Vec<f64>> {
    let span = normal.last()?.0 - normal.first()?.0;
    if span < MIN_SEASONAL_DAYS * DAY - BIN {
        return None;
    }
    let mut rows: Vec<Vec<f64>> = vec![Vec::new(); BINS];
    for &(time, value) in normal {
        rows[usize::try_from(time.rem_euclid(DAY) / BIN).ok()? % BINS].push(value);
    }
    (0..BINS).map(|bin| pooled_median(&rows, bin)).collect()
}

/// Returns the median of a bin and its two neighbours, or `None` if they are nearly empty.
fn pooled_median(rows: &[Vec<f64>], bin: usize) -> Option<f64> {
    let near = [(bin + BINS - 1) % BINS, bin, (bin + 1) % BINS];
    let mut pool = Sample::new(near.iter().flat_map(|&b| rows[b].iter().copied()));
    (pool.len() >= MIN_NORMAL_ROWS).then(|| pool.median())
}
