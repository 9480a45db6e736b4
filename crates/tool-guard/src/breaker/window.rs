//! How did the last calls end?

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::BreakerWindow;

/// Into how many parts a window of time is cut.
const PARTS: usize = 10;

/// How the calls within a window ended.
#[derive(Debug, Clone)]
pub(super) enum Window {
    Calls { most: usize, ends: VecDeque<End>, counts: Counts },
    Time { part: Duration, start: Instant, current: u64, parts: [Counts; PARTS], counts: Counts },
}

/// How one call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Good,
    Slow,
    Bad,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) calls: u32,
    pub(super) slow: u32,
    pub(super) bad: u32,
}

impl Window {
    pub(super) fn new(kind: BreakerWindow, start: Instant) -> Self {
        match kind {
            BreakerWindow::Calls(most) => {
                Self::Calls { most: most as usize, ends: VecDeque::new(), counts: Counts::default() }
            }
            BreakerWindow::Time(time) => Self::Time {
                part: time / u32::try_from(PARTS).unwrap_or(1),
                start,
                current: 0,
                parts: Default::default(),
                counts: Counts::default(),
            },
        }
    }

    /// Takes note of a call that ended `now`; returns the counts with it.
    pub(super) fn record(&mut self, now: Instant, end: End) -> Counts {
        match self {
            Self::Calls { most, ends, counts } => {
                if ends.len() == *most
                    && let Some(oldest) = ends.pop_front()
                {
                    counts.subtract(Counts::of(oldest));
                }
                ends.push_back(end);
                counts.add(Counts::of(end));
                *counts
            }
            Self::Time { part, start, current, parts, counts } => {
                let number = part_of(now.saturating_duration_since(*start), *part).max(*current);
                // What the window has moved past is forgotten, at most all of it.
                for passed in (*current + 1..=number).take(PARTS) {
                    let slot = &mut parts[index(passed + (number - *current).saturating_sub(PARTS as u64))];
                    counts.subtract(std::mem::take(slot));
                }
                *current = number;
                parts[index(number)].add(Counts::of(end));
                counts.add(Counts::of(end));
                *counts
            }
        }
    }

    /// Forgets every call.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Calls { ends, counts, .. } => {
                ends.clear();
                *counts = Counts::default();
            }
            Self::Time { parts, counts, .. } => {
                *parts = Default::default();
                *counts = Counts::default();
            }
        }
    }
}

impl Counts {
    fn of(end: End) -> Self {
        Self { calls: 1, slow: u32::from(end == End::Slow), bad: u32::from(end == End::Bad) }
    }

    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.slow += other.slow;
        self.bad += other.bad;
    }

    fn subtract(&mut self, other: Self) {
        self.calls -= other.calls;
        self.slow -= other.slow;
        self.bad -= other.bad;
    }
}

/// 64 bits of nanoseconds are 584 years.
fn part_of(passed: Duration, part: Duration) -> u64 {
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    nanos(passed) / nanos(part).max(1)
}

fn index(part: u64) -> usize {
    usize::try_from(part % PARTS as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tool_core::{Clock, testing::ManualClock};

    use super::*;

    fn end() -> impl Strategy<Value = End> {
        prop_oneof![Just(End::Good), Just(End::Slow), Just(End::Bad)]
    }

    fn count<'a>(ends: impl Iterator<Item = &'a End>) -> Counts {
        ends.fold(Counts::default(), |mut counts, end| {
            counts.add(Counts::of(*end));
            counts
        })
    }

    proptest! {
        #[test]
        fn calls_are_the_last_ones(ends in proptest::collection::vec(end(), 1..60), most in 1u32..20) {
            let now = ManualClock::new().now();
            let mut window = Window::new(BreakerWindow::Calls(most), now);
            for at in 0..ends.len() {
                let first = (at + 1).saturating_sub(most as usize);
                prop_assert_eq!(window.record(now, ends[at]), count(ends[first..=at].iter()));
            }
        }

        /// The model keeps every call, and counts those of the last ten tenths.
        #[test]
        fn time_is_the_last_ten_tenths(ends in proptest::collection::vec((end(), 0u64..5000), 1..80)) {
            let start = ManualClock::new().now();
            let mut window = Window::new(BreakerWindow::Time(Duration::from_secs(10)), start);
            let (mut passed, mut seen) = (0, Vec::new());
            for (end, wait) in ends {
                passed += wait;
                seen.push((passed / 1000, end));
                let live = seen.iter().filter(|(second, _)| second + 10 > passed / 1000).map(|(_, end)| end);
                prop_assert_eq!(window.record(start + Duration::from_millis(passed), end), count(live));
            }
        }
    }
}
