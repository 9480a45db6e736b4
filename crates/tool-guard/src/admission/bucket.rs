//! Is there a token left?

use std::{
    fmt,
    num::{NonZeroU64, NonZeroU128},
    time::Duration,
};

use super::ticks::turned_back;

/// So many calls per time, and so many at once: a token bucket.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_guard::Rate;
///
/// let rate = Rate::new(30, Duration::from_secs(60)).with_burst(5);
/// assert_eq!(rate.to_string(), "30 calls per 60s, 5 at once");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    calls: u32,
    per: Duration,
    burst: u32,
}

impl Rate {
    /// Allows so many calls per time; all of them may come at once.
    #[must_use]
    pub const fn new(calls: u32, per: Duration) -> Self {
        Self { calls, per, burst: calls }
    }

    /// Allows so many calls a second; all of them may come at once.
    #[must_use]
    pub const fn per_second(calls: u32) -> Self {
        Self::new(calls, Duration::from_secs(1))
    }

    /// Sets how many calls may come at once after a rest.
    #[must_use]
    pub const fn with_burst(mut self, calls: u32) -> Self {
        self.burst = calls;
        self
    }

    /// Returns how many calls the time allows.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.calls
    }

    /// Returns the time that allows them.
    #[must_use]
    pub fn per(&self) -> Duration {
        self.per
    }

    /// Returns how many calls may come at once after a rest.
    #[must_use]
    pub fn burst(&self) -> u32 {
        self.burst
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls per {:?}, {} at once", self.calls, self.per, self.burst)
    }
}

/// What is spent of a rate, and when that was known.
///
/// Spent tokens are kept in units of 1 ns ÷ calls: each nanosecond gives back `calls` units, each call costs `per` in
/// nanoseconds, and so nothing is ever rounded.
///
/// Source: J. S. Turner, "New Directions in Communications (or Which Way to the Information Age?)", IEEE Communications
/// Magazine 24(10), 1986 (the leaky bucket as a meter).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bucket {
    spent: u128,
    at: u64,
}

impl Bucket {
    /// Notes what time it is, should the clock have been set back.
    pub(crate) fn turn_back(&mut self, now: u64) {
        self.at = turned_back(self.at, now);
    }

    /// Returns the bucket after one more call, or how many nanoseconds must pass before there can be one.
    pub(crate) fn take(self, rate: Rate, now: u64) -> Result<Self, NonZeroU64> {
        let cost = rate.per().as_nanos();
        let spent = self.spent_at(rate, now) + cost;
        let Some(excess) = NonZeroU128::new(spent.saturating_sub(u128::from(rate.burst) * cost)) else {
            return Ok(Self { spent, at: self.at.max(now) });
        };
        let wait = u64::try_from(excess.get().div_ceil(u128::from(rate.calls))).unwrap_or(u64::MAX);
        Err(NonZeroU64::MIN.saturating_add(wait - 1).saturating_add(self.at.saturating_sub(now)))
    }

    /// Whether it is as good as new.
    pub(crate) fn is_full(self, rate: Rate, now: u64) -> bool {
        self.spent_at(rate, now) == 0
    }

    fn spent_at(self, rate: Rate, now: u64) -> u128 {
        let passed = now.saturating_sub(self.at);
        self.spent.saturating_sub(u128::from(passed) * u128::from(rate.calls))
    }
}

#[cfg(test)]
mod tests;
