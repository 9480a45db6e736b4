//! What did the guard do?

use std::sync::atomic::{AtomicU64, Ordering};

use tool_core::{BreakerState, ToolName};

/// Declares the counters once: atomics, a snapshot with public fields, and a method per counter that adds one.
macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {
        /// The counters of one tool; each counts up only.
        #[derive(Debug, Default)]
        pub(crate) struct Counters { $($name: AtomicU64),+ }

        impl Counters {
            $(pub(crate) fn $name(&self) { self.$name.fetch_add(1, Ordering::Release); })+

            /// Reads all; the ends before the beginnings, so that no call has ended that has not begun.
            pub(crate) fn snapshot(&self) -> GuardCounts {
                let mut counts = GuardCounts::default();
                $(counts.$name = self.$name.load(Ordering::Acquire);)+
                counts
            }
        }

        /// What happened to the calls of a tool, or of all tools, since the guard was made.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        #[non_exhaustive]
        pub struct GuardCounts { $($(#[doc = $doc])+ pub $name: u64),+ }

        impl GuardCounts {
            fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)+
            }
        }
    };
}

counters! {
    /// Calls that ended well.
    succeeded,
    /// Calls that ended with an error, be it the guard's own.
    failed,
    /// Calls that were dropped before they ended.
    cancelled,
    /// Calls that were asked for: `succeeded + failed + cancelled` and those that are on their way.
    started,
    /// Times the tool was started, further attempts and hedges included.
    attempts,
    /// Further attempts after a failure.
    retried,
    /// Failures that could have been tried again, had the budget allowed it.
    budget_exhausted,
    /// Calls that were refused because the queue was full.
    shed,
    /// Calls whose time ended while they waited for their turn.
    queue_timeouts,
    /// Calls that ran out of time here, those in the queue included.
    timed_out,
    /// Attempts that ran out of their own time, before the call did.
    attempt_timeouts,
    /// Calls and attempts that the breaker did not let through.
    breaker_rejected,
    /// Times the breaker opened.
    breaker_opened,
    /// Times the breaker closed.
    breaker_closed,
    /// Times the breaker would have opened, had its group been able to spare the tool.
    breaker_spared,
    /// Calls that were asked a second time because they took long.
    hedged,
    /// Hedges that answered first.
    hedge_won,
    /// Slow calls that would have been asked a second time, had budget and permits allowed it.
    hedge_refused,
    /// Results that were refused because of their size or depth.
    too_large,
    /// Results that were cut.
    cut,
    /// Results that did not fit their schema.
    invalid_output,
}

impl Counters {
    /// Returns how many calls are on their way.
    pub(crate) fn in_flight(&self) -> u64 {
        let ended = [&self.succeeded, &self.failed, &self.cancelled].map(|count| count.load(Ordering::Acquire));
        self.started.load(Ordering::Acquire).saturating_sub(ended.iter().sum())
    }

    /// Counts a call as on its way, until what is returned is told of its end or dropped.
    pub(crate) fn enter(&self) -> Entry<'_> {
        self.started();
        Entry(Some(self))
    }
}

/// A call that is on its way.
#[derive(Debug)]
pub(crate) struct Entry<'a>(Option<&'a Counters>);

impl Entry<'_> {
    /// Counts the call as ended.
    pub(crate) fn end<T, E>(mut self, result: &Result<T, E>) {
        if let Some(counters) = self.0.take() {
            if result.is_ok() { counters.succeeded() } else { counters.failed() }
        }
    }

    /// Counts the call as failed; returns how.
    pub(crate) fn fail<T, E>(self, error: E) -> Result<T, E> {
        let result = Err(error);
        self.end(&result);
        result
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if let Some(counters) = self.0.take() {
            counters.cancelled();
        }
    }
}

/// What the guard did so far and how it stands.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct GuardStats {
    /// The sum over the tools.
    pub total: GuardCounts,
    /// Each tool that was called, in the order of registration.
    pub tools: Vec<ToolGuardStats>,
}

/// What the guard did for one tool and how that stands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ToolGuardStats {
    /// The tool.
    pub name: ToolName,
    /// What happened to its calls.
    pub counts: GuardCounts,
    /// How many calls are on their way: running, waiting for their turn or for their next attempt.
    pub in_flight: u64,
    /// How many of them wait for their turn.
    pub waiting: u32,
    /// How many may run at once now, if there is a limit.
    pub limit: Option<u32>,
    /// What its breaker lets through, if it has one.
    pub breaker: Option<BreakerState>,
}

impl GuardStats {
    pub(crate) fn of(tools: Vec<ToolGuardStats>) -> Self {
        let mut total = GuardCounts::default();
        tools.iter().for_each(|tool| total.add(&tool.counts));
        Self { total, tools }
    }
}
