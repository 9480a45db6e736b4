//! Until when may this call run?

use std::{
    fmt,
    time::{Duration, Instant},
};

use tool_core::ToolCall;

/// The moment a call must end, and whose limit that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    /// How long that is from when the call came.
    pub(crate) time: Duration,
    limit: Limit,
}

/// Whose limit is the smallest?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Caller,
    Step,
    Tool,
    Default,
    Maximum,
}

impl Deadline {
    /// Finds the deadline of a call that arrives `now`: `default` holds where neither tool nor step says, `max` always.
    #[inline]
    pub(crate) fn of(call: &ToolCall, default: Duration, max: Duration, now: Instant) -> Self {
        let (time, limit) = timeout(call, default, max);
        let own = Self { at: now + time, time, limit };
        match call.context().deadline() {
            Some(at) if at <= own.at => Self { at, time: at.saturating_duration_since(now), limit: Limit::Caller },
            _ => own,
        }
    }

    /// Returns whether the caller's own deadline is the closest.
    pub(crate) fn is_callers(&self) -> bool {
        self.limit == Limit::Caller
    }
}

/// Finds the smallest limit that is not the caller's; never over the maximum, so that adding it cannot overflow.
fn timeout(call: &ToolCall, default: Duration, max: Duration) -> (Duration, Limit) {
    let tool = call.spec().timeout().map(|time| (time, Limit::Tool));
    let step = call.context().attempts().timeout.map(|time| (time, Limit::Step));
    let wished = [tool, step].into_iter().flatten().min_by_key(|(time, _)| *time);
    let (time, limit) = wished.unwrap_or((default, Limit::Default));
    if time > max { (max, Limit::Maximum) } else { (time, limit) }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.limit {
            Limit::Caller => "the caller's deadline",
            Limit::Step => "the step's timeout",
            Limit::Tool => "the tool's timeout",
            Limit::Default => "the guard's default timeout",
            Limit::Maximum => "the guard's maximum timeout",
        })
    }
}

#[cfg(test)]
mod tests;
