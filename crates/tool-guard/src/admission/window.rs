//! Is there anything left of this hour's share?

use std::{fmt, num::NonZeroU64, time::Duration};

use super::ticks::{nanos, turned_back};

/// So many calls in each window of time.
///
/// A window begins with the first call after the last one ended, so that windows of different callers do not all end at
/// once; no wall clock is read. Two windows that touch can together bring twice the calls: a [`Rate`](super::Rate)
/// bounds that.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_guard::Quota;
///
/// assert_eq!(Quota::new(1000, Duration::from_secs(3600)).to_string(), "1000 calls in each 3600s");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    calls: u32,
    window: Duration,
}

impl Quota {
    /// Allows so many calls in each window.
    #[must_use]
    pub const fn new(calls: u32, window: Duration) -> Self {
        Self { calls, window }
    }

    /// Returns how many calls a window allows.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.calls
    }

    /// Returns how long a window is.
    #[must_use]
    pub fn window(&self) -> Duration {
        self.window
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls in each {:?}", self.calls, self.window)
    }
}

/// What is used of a quota since the window began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Window {
    start: u64,
    used: u32,
}

impl Window {
    /// Notes what time it is, should the clock have been set back.
    pub(crate) fn turn_back(&mut self, now: u64) {
        self.start = turned_back(self.start, now);
    }

    /// Returns the window after one more call, or how many nanoseconds must pass before there can be one.
    pub(crate) fn take(self, quota: Quota, now: u64) -> Result<Self, NonZeroU64> {
        if self.is_over(quota, now) {
            return Ok(Self { start: now, used: 1 });
        }
        if self.used < quota.calls {
            return Ok(Self { start: self.start, used: self.used + 1 });
        }
        let left = self.start.saturating_add(nanos(quota.window)).saturating_sub(now);
        Err(NonZeroU64::new(left).unwrap_or(NonZeroU64::MIN))
    }

    /// Whether it has ended, or never began.
    pub(crate) fn is_over(self, quota: Quota, now: u64) -> bool {
        self.used == 0 || now.saturating_sub(self.start) >= nanos(quota.window)
    }
}

#[cfg(test)]
mod tests;
