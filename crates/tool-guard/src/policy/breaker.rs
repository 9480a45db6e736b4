//! When is a tool left alone for a while?

use std::time::Duration;

use tool_core::ErrorKind;

use super::error::{Checked, require, share, some, some_time};
use crate::ErrorKinds;

/// When a tool that fails is left alone for a while, and how it comes back.
///
/// | setting | default | bound | source |
/// |---|---|---|---|
/// | `window` | 30 s | 1 s to 1 h, or 1 to 10,000 calls | Polly: sampling over 30 s |
/// | `min_calls` | 10 | at least 1, at most the window's calls | a rate of fewer says little |
/// | `failure_share` | 50 % | over 0 to 100 % | resilience4j: 50 % |
/// | `slow_call` | 5 s | over 0 | half of an attempt |
/// | `slow_share` | 100 % | over 0 to 100 % | resilience4j: 100 % |
/// | `open_for` | 5 s | over 0, at most `max_open` | Polly: 5 s |
/// | `max_open` | 60 s | over 0 | resilience4j: 60 s |
/// | `probes` | 1 | 1 to 100 | MicroProfile Fault Tolerance: 1 trial |
/// | `lease` | 10 s | over 0 | one attempt |
/// | `max_ejected` | 50 % of a group, but always one | over 0 to 100 % | Envoy's outlier detection has the same rule, at 10 % |
/// | `failures` | failed, timed out, overloaded, unavailable, panicked, invalid output | at least one kind | what the tool is to blame for |
///
/// `open_for` doubles with each probe that fails, up to `max_open`; up to a fifth of it is taken off by chance, so that
/// many guards do not ask at once. A run that its caller's own deadline cuts off counts only if it was a slow call
/// already; one that its caller drops never counts.
///
/// # Examples
///
/// ```
/// use tool_guard::{BreakerPolicy, GuardPolicy};
///
/// let error = GuardPolicy::builder().breaker(BreakerPolicy::default().probes(0)).build().unwrap_err();
/// assert_eq!(error.to_string(), "`breaker.probes` is 0, but must be at least 1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerPolicy {
    pub(crate) window: BreakerWindow,
    pub(crate) min_calls: u32,
    pub(crate) failure_share: f64,
    pub(crate) slow_call: Duration,
    pub(crate) slow_share: f64,
    pub(crate) open_for: Duration,
    pub(crate) max_open: Duration,
    pub(crate) probes: u32,
    pub(crate) lease: Duration,
    pub(crate) max_ejected: f64,
    pub(crate) failures: ErrorKinds,
}

/// Which calls a breaker judges by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BreakerWindow {
    /// The last so many.
    Calls(u32),
    /// Those of the last time, forgotten in tenths of it.
    Time(Duration),
}

impl BreakerPolicy {
    /// Sets which calls are judged by.
    #[must_use]
    pub fn window(mut self, window: BreakerWindow) -> Self {
        self.window = window;
        self
    }

    /// Sets how many calls there must be in the window before it is judged by.
    #[must_use]
    pub fn min_calls(mut self, calls: u32) -> Self {
        self.min_calls = calls;
        self
    }

    /// Sets from which share of failures on the breaker opens, over 0 to 1.
    #[must_use]
    pub fn failure_share(mut self, share: f64) -> Self {
        self.failure_share = share;
        self
    }

    /// Sets from how long a run on it is slow.
    #[must_use]
    pub fn slow_call(mut self, time: Duration) -> Self {
        self.slow_call = time;
        self
    }

    /// Sets from which share of slow runs on the breaker opens, over 0 to 1.
    #[must_use]
    pub fn slow_share(mut self, share: f64) -> Self {
        self.slow_share = share;
        self
    }

    /// Sets how long it stays open at first.
    #[must_use]
    pub fn open_for(mut self, time: Duration) -> Self {
        self.open_for = time;
        self
    }

    /// Sets how long it stays open at most.
    #[must_use]
    pub fn max_open(mut self, time: Duration) -> Self {
        self.max_open = time;
        self
    }

    /// Sets how many calls are let through half open at once, and how many must succeed to close.
    #[must_use]
    pub fn probes(mut self, probes: u32) -> Self {
        self.probes = probes;
        self
    }

    /// Sets after which time a probe that says nothing gives its place to another.
    #[must_use]
    pub fn lease(mut self, time: Duration) -> Self {
        self.lease = time;
        self
    }

    /// Sets which share of a group may be open at once, over 0 to 1; one always may.
    #[must_use]
    pub fn max_ejected(mut self, share: f64) -> Self {
        self.max_ejected = share;
        self
    }

    /// Sets which kinds of error the tool is to blame for.
    #[must_use]
    pub fn failures(mut self, kinds: ErrorKinds) -> Self {
        self.failures = kinds;
        self
    }

    pub(crate) fn check(&self) -> Checked {
        some("min_calls", self.min_calls)?;
        match self.window {
            BreakerWindow::Calls(calls) => {
                require((1..=10_000).contains(&calls), "window", calls, "from 1 to 10000 calls")?;
                let bound = format!("at most `window`, which is {calls} calls");
                require(self.min_calls <= calls, "min_calls", self.min_calls, bound)?;
            }
            BreakerWindow::Time(time) => {
                let fits = (Duration::from_secs(1)..=Duration::from_secs(3600)).contains(&time);
                require(fits, "window", time, "from 1s to 3600s")?;
            }
        }
        share("failure_share", self.failure_share)?;
        some_time("slow_call", self.slow_call)?;
        share("slow_share", self.slow_share)?;
        some_time("max_open", self.max_open)?;
        some_time("open_for", self.open_for)?;
        let bound = format!("at most `max_open`, which is {:?}", self.max_open);
        require(self.open_for <= self.max_open, "open_for", self.open_for, bound)?;
        some("probes", self.probes)?;
        require(self.probes <= 100, "probes", self.probes, "at most 100")?;
        some_time("lease", self.lease)?;
        share("max_ejected", self.max_ejected)?;
        require(!self.failures.is_empty(), "failures", self.failures, "at least one kind")
    }
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            window: BreakerWindow::Time(Duration::from_secs(30)),
            min_calls: 10,
            failure_share: 0.5,
            slow_call: Duration::from_secs(5),
            slow_share: 1.0,
            open_for: Duration::from_secs(5),
            max_open: Duration::from_secs(60),
            probes: 1,
            lease: Duration::from_secs(10),
            max_ejected: 0.5,
            failures: ErrorKinds::of([
                ErrorKind::Failed,
                ErrorKind::TimedOut,
                ErrorKind::Overloaded,
                ErrorKind::Unavailable,
                ErrorKind::Panicked,
                ErrorKind::InvalidOutput,
            ]),
        }
    }
}
