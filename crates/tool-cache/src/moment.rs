//! When is it, as entries count time?

use std::time::{Duration, Instant};

/// Nanoseconds since a cache was made, before it included: a third of the room of an `Instant`, and atomic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    pub(crate) fn at(now: Instant, base: Instant) -> Self {
        Self(nanos(now.saturating_duration_since(base)))
    }

    pub(crate) fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    pub(crate) fn as_nanos(self) -> i64 {
        self.0
    }

    pub(crate) fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(nanos(time)))
    }

    pub(crate) fn minus(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(nanos(time)))
    }

    /// Returns the time from another moment to this one; zero if that is later.
    pub(crate) fn since(self, other: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(other.0)).unwrap_or(0))
    }
}

/// Returns whole nanoseconds, at most 292 years of them.
pub(crate) fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}
