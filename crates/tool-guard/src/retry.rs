//! May a failed call be tried again, and when?

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use tool_core::{AttemptPolicy, Effect, ErrorKind, Execution, Idempotency, ToolError, ToolSpec};

use crate::{RetryPolicy, backoff, budget::Budget, random::Random};

/// Decides for one tool about further attempts.
#[derive(Debug)]
pub(crate) struct Retry {
    policy: RetryPolicy,
    budget: Budget,
}

/// Returns whether a tool may run twice for one call.
pub(crate) fn is_safe(spec: &ToolSpec) -> bool {
    matches!(spec.effect(), Effect::Pure | Effect::Reads) || spec.idempotency() == Idempotency::Idempotent
}

impl Retry {
    pub(crate) fn new(policy: RetryPolicy, now: Instant) -> Self {
        let budget = Budget::new(policy.budget, policy.budget_floor, policy.budget_window, now);
        Self { policy, budget }
    }

    /// Counts a call, which pays for a share of an attempt.
    pub(crate) fn pay_in(&self, now: Instant) {
        self.budget.pay_in(now);
    }

    /// Takes one attempt out of the budget, if it has one.
    pub(crate) fn draw(&self, now: Instant) -> bool {
        self.budget.draw(now)
    }

    /// Returns how often the tool may be started for a call with these wishes.
    pub(crate) fn attempts(&self, wishes: AttemptPolicy) -> u32 {
        let wished = wishes.max_attempts.map_or(self.policy.attempts, NonZeroU32::get);
        wished.min(self.policy.max_attempts)
    }

    /// Returns the time limit of an attempt that another may follow.
    pub(crate) fn attempt_timeout(&self) -> Duration {
        self.policy.attempt_timeout
    }

    /// Returns whether the cause of a failure can pass, and trying again does no harm.
    pub(crate) fn is_worth_it(&self, error: &ToolError, safe: bool) -> bool {
        #[cfg(planted)]
        let safe = safe || tool_core::planted::active(tool_core::planted::Bug::WritesTriedAgain);
        let says_when = error.kind() == ErrorKind::Failed && error.retry_after().is_some();
        (self.policy.kinds.contains(error.kind()) || says_when) && (safe || error.execution() == Execution::NotExecuted)
    }

    /// Draws how long to wait before attempt `next`: the tool's own wish, if it has one, and the jittered backoff.
    pub(crate) fn wait(&self, error: &ToolError, next: u32, random: &Random) -> Duration {
        let backoff = backoff::wait(self.policy.backoff, self.policy.max_backoff, next, random);
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::AdviceIgnored) {
            return backoff;
        }
        error.retry_after().unwrap_or(Duration::ZERO).saturating_add(backoff)
    }
}

/// Returns what is known of several attempts together: the tool did not run only if none of them ran it.
pub(crate) fn together(one: Execution, other: Execution) -> Execution {
    match (one, other) {
        (Execution::Unknown, _) | (_, Execution::Unknown) => Execution::Unknown,
        (Execution::Executed, _) | (_, Execution::Executed) => Execution::Executed,
        (Execution::NotExecuted, Execution::NotExecuted) => Execution::NotExecuted,
    }
}

#[cfg(test)]
mod tests;
