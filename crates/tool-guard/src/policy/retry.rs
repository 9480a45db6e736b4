//! When is a failed call tried again?

use std::time::Duration;

use tool_core::ErrorKind;

use super::error::{Checked, require, share, some, some_time};
use crate::ErrorKinds;

/// When a failed call is tried again, and how many may be.
///
/// | setting | default | bound | source |
/// |---|---|---|---|
/// | `attempts` | 3 | 1 to `max_attempts` | Google, Site Reliability Engineering, chapter 21: three attempts per request |
/// | `max_attempts` | 5 | 1 to 100 | what a step or caller may wish for at most |
/// | `attempt_timeout` | 10 s | over 0 | a third of the default deadline, so that three attempts fit |
/// | `backoff` | 100 ms | over 0, at most `max_backoff` | full jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 |
/// | `max_backoff` | 5 s | over 0 | |
/// | `budget` | 20 % of the calls | over 0 to 100 % | Finagle `RetryBudget`: 20 %, tokens live 10 s |
/// | `budget_floor` | 1 per second | 0 to 1,000 | lets a tool that is rarely called be tried again at all |
/// | `budget_window` | 10 s | 1 s to 1 h | Finagle `RetryBudget` |
/// | `kinds` | timed out, overloaded, unavailable | none that is the caller's fault or wish | |
///
/// Only what is safe is tried again: tools that are `Pure`, `Reads` or idempotent; any other only if the error says that
/// it did not run. A failure with a [`retry_after`](tool_core::ToolError::retry_after) waits at least so long, or is not
/// tried again if the deadline comes first. A [`Failed`](ErrorKind::Failed) with one counts as one of the `kinds`.
///
/// # Examples
///
/// ```
/// use tool_guard::{GuardPolicy, RetryPolicy};
///
/// assert!(GuardPolicy::builder().retry(RetryPolicy::default().attempts(2)).build().is_ok());
/// let error = GuardPolicy::builder().retry(RetryPolicy::default().budget(1.5)).build().unwrap_err();
/// assert_eq!(error.to_string(), "`retry.budget` is 1.5, but must be more than 0 and at most 1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    pub(crate) attempts: u32,
    pub(crate) max_attempts: u32,
    pub(crate) attempt_timeout: Duration,
    pub(crate) backoff: Duration,
    pub(crate) max_backoff: Duration,
    pub(crate) budget: f64,
    pub(crate) budget_floor: f64,
    pub(crate) budget_window: Duration,
    pub(crate) kinds: ErrorKinds,
}

/// Kinds that no further attempt can change: they are about the call, or its caller wants no answer any more.
const FINAL: [ErrorKind; 7] = [
    ErrorKind::InvalidParams,
    ErrorKind::NotFound,
    ErrorKind::UnknownTool,
    ErrorKind::Denied,
    ErrorKind::Cancelled,
    ErrorKind::TooLarge,
    ErrorKind::NotCached,
];

impl RetryPolicy {
    /// Sets how often a tool is started in all where nobody says otherwise.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets how often a tool is started at most, whatever a step or caller wishes.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the time limit of an attempt that another may follow; the last one, and a tool or step with a timeout of
    /// its own, has all the time that is left.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the upper end of the first wait; it doubles with each attempt.
    #[must_use]
    pub fn backoff(mut self, wait: Duration) -> Self {
        self.backoff = wait;
        self
    }

    /// Sets the upper end of the longest wait.
    #[must_use]
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// Sets which share of the calls of a tool may be tried again, over 0 to 1.
    #[must_use]
    pub fn budget(mut self, share: f64) -> Self {
        self.budget = share;
        self
    }

    /// Sets how many attempts per second there may be besides, however few calls there are.
    #[must_use]
    pub fn budget_floor(mut self, per_second: f64) -> Self {
        self.budget_floor = per_second;
        self
    }

    /// Sets over which time calls and further attempts are counted.
    #[must_use]
    pub fn budget_window(mut self, window: Duration) -> Self {
        self.budget_window = window;
        self
    }

    /// Sets which kinds of error may pass by themselves.
    #[must_use]
    pub fn kinds(mut self, kinds: ErrorKinds) -> Self {
        self.kinds = kinds;
        self
    }

    pub(crate) fn check(&self) -> Checked {
        some("max_attempts", self.max_attempts)?;
        require(self.max_attempts <= 100, "max_attempts", self.max_attempts, "at most 100")?;
        some("attempts", self.attempts)?;
        let bound = format!("at most `max_attempts`, which is {}", self.max_attempts);
        require(self.attempts <= self.max_attempts, "attempts", self.attempts, bound)?;
        some_time("attempt_timeout", self.attempt_timeout)?;
        some_time("max_backoff", self.max_backoff)?;
        some_time("backoff", self.backoff)?;
        let bound = format!("at most `max_backoff`, which is {:?}", self.max_backoff);
        require(self.backoff <= self.max_backoff, "backoff", self.backoff, bound)?;
        share("budget", self.budget)?;
        let floor = self.budget_floor;
        require((0.0..=1000.0).contains(&floor), "budget_floor", floor, "from 0 to 1000 per second")?;
        let window = self.budget_window;
        let fits = (Duration::from_secs(1)..=Duration::from_secs(3600)).contains(&window);
        require(fits, "budget_window", window, "from 1s to 3600s")?;
        match FINAL.into_iter().find(|kind| self.kinds.contains(*kind)) {
            Some(kind) => require(false, "kinds", kind, "without what no further attempt can change"),
            None => Ok(()),
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            max_attempts: 5,
            attempt_timeout: Duration::from_secs(10),
            backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(5),
            budget: 0.2,
            budget_floor: 1.0,
            budget_window: Duration::from_secs(10),
            kinds: ErrorKinds::of([ErrorKind::TimedOut, ErrorKind::Overloaded, ErrorKind::Unavailable]),
        }
    }
}
