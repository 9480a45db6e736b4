//! Until when may this call run?

use std::{
    fmt,
    time::{Duration, Instant},
};

use tool_core::ToolCall;

use crate::GuardPolicy;

/// The moment a call must end, and whose limit that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
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
    /// Finds the deadline of a call that arrives `now`.
    pub(crate) fn of(call: &ToolCall, policy: &GuardPolicy, now: Instant) -> Self {
        let (time, limit) = timeout(call, policy);
        let own = Self { at: now + time, limit };
        match call.context().deadline() {
            Some(at) if at <= own.at => Self { at, limit: Limit::Caller },
            _ => own,
        }
    }
}

/// Finds the smallest limit that is not the caller's; never over the maximum, so that adding it cannot overflow.
fn timeout(call: &ToolCall, policy: &GuardPolicy) -> (Duration, Limit) {
    let tool = call.spec().timeout().map(|time| (time, Limit::Tool));
    let step = call.context().attempts().timeout.map(|time| (time, Limit::Step));
    let wished = [tool, step].into_iter().flatten().min_by_key(|(time, _)| *time);
    let (time, limit) = wished.unwrap_or((policy.default_timeout(), Limit::Default));
    if time > policy.max_timeout() { (policy.max_timeout(), Limit::Maximum) } else { (time, limit) }
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
