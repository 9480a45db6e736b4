//! When is a slow call asked a second time?

use std::time::Duration;

use super::error::{Checked, require, share, some, some_time};

/// When a call that takes long is asked a second time; the first good answer wins and the other is dropped.
///
/// | setting | default | bound | source |
/// |---|---|---|---|
/// | `after` | the 95th percentile of the tool's latency | over 50 % to below 100 %; a delay over 0 and below the deadline | J. Dean, L. Barroso, "The Tail at Scale", CACM 56(2), 2013: 95th percentile, about 5 % more load |
/// | `budget` | 5 % of the calls | over 0 to 100 % | the same |
/// | `min_calls` | 20 | at least 1 | a percentile of fewer says little |
///
/// Off unless it is set. Only tools that are `Pure`, `Reads` or idempotent are asked twice.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_guard::{GuardPolicy, HedgeAfter, HedgePolicy};
///
/// let late = HedgePolicy::default().after(HedgeAfter::Delay(Duration::from_secs(60)));
/// let error = GuardPolicy::builder().hedge(late).build().unwrap_err();
/// assert_eq!(error.to_string(), "`hedge.after` is 60s, but must be less than the default timeout, which is 30s");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HedgePolicy {
    pub(crate) after: HedgeAfter,
    pub(crate) budget: f64,
    pub(crate) min_calls: u32,
}

/// How long a call takes before it is asked a second time.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum HedgeAfter {
    /// As long as this share of the tool's recent calls takes at most, over 0.5 to below 1.
    Quantile(f64),
    /// This long.
    Delay(Duration),
}

impl HedgePolicy {
    /// Sets how long a call takes before it is asked a second time.
    #[must_use]
    pub fn after(mut self, after: HedgeAfter) -> Self {
        self.after = after;
        self
    }

    /// Sets which share of the calls of a tool may be asked a second time, over 0 to 1.
    #[must_use]
    pub fn budget(mut self, share: f64) -> Self {
        self.budget = share;
        self
    }

    /// Sets how many calls there must have been before a quantile of them is trusted.
    #[must_use]
    pub fn min_calls(mut self, calls: u32) -> Self {
        self.min_calls = calls;
        self
    }

    pub(crate) fn check(&self, deadline: Duration) -> Checked {
        match self.after {
            HedgeAfter::Quantile(quantile) => {
                require(quantile > 0.5 && quantile < 1.0, "after", quantile, "over 0.5 and below 1")?;
            }
            HedgeAfter::Delay(delay) => {
                some_time("after", delay)?;
                let bound = format!("less than the default timeout, which is {deadline:?}");
                require(delay < deadline, "after", delay, bound)?;
            }
        }
        share("budget", self.budget)?;
        some("min_calls", self.min_calls)
    }
}

impl Default for HedgePolicy {
    fn default() -> Self {
        Self { after: HedgeAfter::Quantile(0.95), budget: 0.05, min_calls: 20 }
    }
}
