//! What is usual for a series at each time of day, and how far does it stray?

use super::calendar::{DAY_ROWS, ROWS};

/// Rows at the end of the week that do not count as usual: the live incident is among them.
pub(super) const RECENT: usize = 24;
/// Rows over which a shift is averaged: the last twenty minutes.
pub(super) const LATEST: usize = 4;

/// The usual course of a series over the day, and the noise around it.
#[derive(Debug)]
pub(super) struct Usual {
    slots: Vec<f64>,
    /// The noise: the robust standard deviation around the usual course (1.4826 × median absolute deviation).
    pub(super) deviation: f64,
}

impl Usual {
    /// Learns from the values of a week, all but the most recent rows.
    ///
    /// The usual value of a time of day is the median of the seven days' values at that time and five minutes around.
    pub(super) fn of(values: &[f64]) -> Self {
        let known = values.len().min(ROWS - RECENT);
        let slots: Vec<f64> = (0..DAY_ROWS).map(|slot| median(&mut around(&values[..known], slot))).collect();
        let strayed = values[..known].iter().enumerate().map(|(row, value)| (value - slots[row % DAY_ROWS]).abs());
        let deviation = 1.4826 * median(&mut strayed.collect::<Vec<_>>());
        Self { slots, deviation: deviation.max(1e-9) }
    }

    /// Returns the usual value at a row.
    pub(super) fn at(&self, row: usize) -> f64 {
        self.slots[row % DAY_ROWS]
    }

    /// Returns the mean usual value of the last twenty minutes of the estate.
    pub(super) fn latest(&self) -> f64 {
        (ROWS - LATEST..ROWS).map(|row| self.at(row)).sum::<f64>() / LATEST as f64
    }
}

/// Returns the mean of the last twenty minutes of a series.
pub(super) fn latest(values: &[f64]) -> f64 {
    let tail = &values[values.len().saturating_sub(LATEST)..];
    tail.iter().sum::<f64>() / tail.len().max(1) as f64
}

/// Returns the values at a time of day and those right before and after it, of every day.
fn around(values: &[f64], slot: usize) -> Vec<f64> {
    let days = (slot..values.len() + 1).step_by(DAY_ROWS);
    let rows = days.flat_map(|center| center.saturating_sub(1)..(center + 2).min(values.len()));
    rows.map(|row| values[row]).collect()
}

/// Returns the median, the upper of the two middle values if there are two; 0 of nothing.
pub(super) fn median(values: &mut [f64]) -> f64 {
    percentile(values, 50)
}

/// Returns the value below which so many percent of the values lie; 0 of nothing.
pub(super) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let place = (values.len() * percent / 100).min(last);
    *values.select_nth_unstable_by(place, f64::total_cmp).1
}

#[cfg(test)]
mod tests;
