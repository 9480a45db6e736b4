//! Which rows are "now", and which are "normal"?

use serde::{Deserialize, Serialize};

/// How many steps of the series make up the window that is compared: one rule for every source.
///
/// Five 5-minute rows hold an alert with what led to it; five 1-minute rows an alert's first minutes.
pub(crate) const WINDOW_STEPS: usize = 5;

/// How far back normal reaches when nobody declares a period, in seconds: one week, so that each hour is seen on each day.
pub(crate) const NORMAL_SECONDS: i64 = 7 * 86_400;

/// A half-open period `[from, to)` in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Period {
    /// The first second that belongs to it.
    pub(crate) from: i64,
    /// The first second that no longer does.
    pub(crate) to: i64,
}

impl Period {
    /// Returns whether `time` lies in the period.
    pub(crate) const fn contains(self, time: i64) -> bool {
        self.from <= time && time < self.to
    }
}

/// What is compared with what: the window under suspicion, its step, and the period that counts as normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ComparePlan {
    /// The rows that are "now".
    pub(crate) window: Period,
    /// The distance of two rows, in seconds.
    pub(crate) step: i64,
    /// The rows that are "normal"; rows of the window never count, even if they lie in it.
    pub(crate) normal: Period,
}

impl ComparePlan {
    /// Returns the plan for the instant `at`: the [`WINDOW_STEPS`] steps before it, against `normal` or else the week before.
    pub(crate) fn at(at: i64, step: i64, normal: Option<Period>) -> Self {
        let step = step.max(1);
        let steps = i64::try_from(WINDOW_STEPS).unwrap_or(i64::MAX);
        let window = Period { from: at - steps * step, to: at };
        let history = Period { from: window.from - NORMAL_SECONDS, to: window.from };
        Self { window, step, normal: normal.unwrap_or(history) }
    }

    /// Returns which slot of the window a row falls into, counted from 0, or `None` outside the window.
    pub(crate) fn slot(&self, time: i64) -> Option<usize> {
        let inside = self.window.contains(time);
        inside.then(|| usize::try_from((time - self.window.from) / self.step).ok()).flatten()
    }

    /// Returns whether a row counts as normal: in the normal period and outside the window.
    pub(crate) const fn is_normal(&self, time: i64) -> bool {
        self.normal.contains(time) && !self.window.contains(time)
    }

    /// Returns how many slots the window has, at least one.
    pub(crate) fn slots(&self) -> usize {
        let span = (self.window.to - self.window.from + self.step - 1) / self.step;
        usize::try_from(span).unwrap_or(1).max(1)
    }
}

/// Returns the step of a series in seconds: the median distance of neighbouring rows, or `None` with fewer than two rows.
pub(crate) fn infer_step(times: &[i64]) -> Option<i64> {
    let mut gaps: Vec<i64> = times.windows(2).map(|w| w[1] - w[0]).filter(|&g| g > 0).collect();
    let middle = gaps.len() / 2;
    (!gaps.is_empty()).then(|| *gaps.select_nth_unstable(middle).1)
}
