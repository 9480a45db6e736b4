//! What pushes items out of their usual state, and when?

use std::ops::Range;

use super::calendar::{STEP, time_of};
use super::shop::COUNT;

/// What is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Driver {
    /// Extra time per request, in seconds.
    Delay,
    /// Extra share of requests that fail.
    Fault,
    /// Extra use of the processor; 1 is all of it.
    Cpu,
    /// Extra memory in use, in percent.
    Heap,
    /// Extra requests, as a share of the usual ones.
    Surge,
    /// The share of a queue's throughput that is lost.
    Drain,
}

/// How a push develops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// All at once.
    Step,
    /// Evenly from nothing at its start to all at its end.
    Ramp,
}

/// One push on one item over a half-open time, in Unix seconds.
#[derive(Debug, Clone)]
pub(super) struct Push {
    pub(super) node: usize,
    pub(super) driver: Driver,
    pub(super) amount: f64,
    pub(super) time: Range<i64>,
    pub(super) profile: Profile,
}

impl Push {
    /// Returns how much of the push falls into the interval that ends at `row`, in `0..=1`.
    fn share(&self, row: usize) -> f64 {
        let now = time_of(row);
        let covered = (now.min(self.time.end) - (now - STEP).max(self.time.start)).max(0);
        let share = covered as f64 / STEP as f64;
        match self.profile {
            Profile::Step => share,
            Profile::Ramp => share * (now - self.time.start) as f64 / (self.time.end - self.time.start) as f64,
        }
    }
}

/// All pushes that act on one row, summed by driver and item.
#[derive(Debug)]
pub(super) struct Force([[f64; COUNT]; 6]);

impl Force {
    /// Sums what acts on `row`.
    pub(super) fn at(row: usize, pushes: &[Push]) -> Self {
        let mut force = Self([[0.0; COUNT]; 6]);
        for push in pushes {
            force.0[push.driver as usize][push.node] += push.amount * push.share(row);
        }
        force
    }

    /// Returns the push of `driver` on an item.
    pub(super) const fn get(&self, driver: Driver, node: usize) -> f64 {
        self.0[driver as usize][node]
    }
}
