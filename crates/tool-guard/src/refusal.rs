//! What does the guard say when it does not let a call run, or run on?

use std::time::{Duration, Instant};

use tool_core::{ErrorKind, Execution, ToolError, ToolName};

use crate::{deadline::Deadline, limit::Limiter};

/// How soon a refused caller is asked to come back where nothing is known of the tool's runs.
const UNKNOWN: Duration = Duration::from_secs(1);
/// The soonest and the latest a refused caller is asked to come back.
const SOONEST: Duration = Duration::from_millis(10);
const LATEST: Duration = Duration::from_secs(30);

/// No time was left when the call came.
#[cold]
pub(crate) fn no_time(tool: &ToolName, deadline: &Deadline) -> ToolError {
    not_started(ErrorKind::TimedOut, format!("no time was left to start {tool} ({deadline})"))
}

/// The time was over before it was the call's turn.
#[cold]
pub(crate) fn not_its_turn(tool: &ToolName, deadline: &Deadline) -> ToolError {
    let message = format!("{tool} was not started within {:?}, other calls run ({deadline})", deadline.time);
    not_started(ErrorKind::TimedOut, message)
}

/// The queue is full. `run` is how long a run takes, if that is known.
#[cold]
pub(crate) fn queue_full(tool: &ToolName, limiter: &Limiter, run: Option<Duration>) -> ToolError {
    let (running, waiting) = (limiter.size(), limiter.waiting());
    // Everybody who waits now is served after so many rounds.
    let rounds = waiting / running.max(1) + 1;
    let after = run.map_or(UNKNOWN, |run| run.saturating_mul(rounds)).clamp(SOONEST, LATEST);
    let message = format!("{tool} is busy: {running} calls run and {waiting} wait, no more may");
    not_started(ErrorKind::Overloaded, message).with_retry_after(after)
}

/// The breaker is open, or its probes are out.
#[cold]
pub(crate) fn left_alone(tool: &ToolName, next_attempt_at: Option<Instant>, now: Instant) -> ToolError {
    let Some(at) = next_attempt_at else {
        return not_started(ErrorKind::Unavailable, format!("{tool} is shut off by an operator"));
    };
    let after = at.saturating_duration_since(now);
    let message = format!("{tool} fails too often and is left alone for another {:.1} s", after.as_secs_f64());
    not_started(ErrorKind::Unavailable, message).with_retry_after(after)
}

/// The call's time is over, and the tool was started.
#[cold]
pub(crate) fn out_of_time(tool: &ToolName, deadline: &Deadline) -> ToolError {
    let message = format!("{tool} did not end within {:?} ({deadline})", deadline.time);
    ToolError::new(ErrorKind::TimedOut, message).with_execution(Execution::Unknown)
}

/// The attempt's time is over, and the tool was started.
#[cold]
pub(crate) fn attempt_out_of_time(tool: &ToolName, time: Duration) -> ToolError {
    let message = format!("{tool} did not end within {time:?} (the guard's timeout of one attempt)");
    ToolError::new(ErrorKind::TimedOut, message).with_execution(Execution::Unknown)
}

fn not_started(kind: ErrorKind, message: String) -> ToolError {
    let mut error = ToolError::new(kind, message).with_execution(Execution::NotExecuted);
    error.report_mut().attempts = 0;
    error
}
