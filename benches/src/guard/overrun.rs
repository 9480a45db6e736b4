//! How long after its deadline does a call end?
//!
//! The callers' deadlines are 5 to 25 ms away, at no round moment; the tools never answer. One sleeps again and again, the
//! other never does and yields; the latter is measured on the real clock alone, since virtual time stands still while
//! anything is busy.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;
use tool_core::{
    CallContext, Clock, Effect, ErrorKind, Params, SystemClock, ToolExecutor, ToolHandle, ToolRegistry, ToolSpec,
    testing::TokioClock, tool_fn,
};
use tool_guard::{GuardPolicy, GuardedExecutor};

use crate::Outcome;
use crate::row::Row;

const CALLERS: u64 = 32;
/// Each caller's calls, one after the other.
const CALLS: u64 = 320;

/// What a tool does instead of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    Sleeps,
    Yields,
}

/// Measures in virtual time, and on the real clock with two threads.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let paused = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let virtually = paused.block_on(async { overruns(Habit::Sleeps, &(Arc::new(TokioClock::new()) as _)).await })?;
    let real = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    let row = |case, overruns, bound| Row::new("guard", case, "ms", p999(overruns)).at_most(bound);
    Ok(vec![
        row("deadline overrun p99.9, virtual clock", virtually, 1.0),
        row("deadline overrun p99.9, tool that sleeps", really(&real, Habit::Sleeps)?, 20.0),
        row("deadline overrun p99.9, busy tool that yields", really(&real, Habit::Yields)?, 20.0),
    ])
}

fn really(runtime: &Runtime, habit: Habit) -> Outcome<Vec<Duration>> {
    runtime.block_on(overruns(habit, &(Arc::new(SystemClock::new()) as _)))
}

async fn overruns(habit: Habit, clock: &Arc<dyn Clock>) -> Outcome<Vec<Duration>> {
    let registry = ToolRegistry::new();
    let spec = ToolSpec::builder("up.endless", "Never answers.").effect(Effect::Reads).build()?;
    let tool = registry.register(tool_fn(spec, move |_| endless(habit)))?;
    let guard = Arc::new(GuardedExecutor::new(registry, GuardPolicy::default()).with_clock(Arc::clone(clock)));
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        callers.spawn(call(Arc::clone(&guard), tool.clone(), Arc::clone(clock), caller));
    }
    let overruns: Result<Vec<Vec<Duration>>, String> = callers.join_all().await.into_iter().collect();
    Ok(overruns?.into_iter().flatten().collect())
}

/// Returns by how much each call of one caller ended late.
async fn call(
    guard: Arc<GuardedExecutor<ToolRegistry>>,
    tool: ToolHandle,
    clock: Arc<dyn Clock>,
    caller: u64,
) -> Result<Vec<Duration>, String> {
    let mut overruns = Vec::new();
    for number in 0..CALLS {
        let deadline = clock.now() + Duration::from_micros(5_000 + (caller * CALLS + number) * 7_919 % 20_000);
        let context = CallContext::new("acme", "ann").with_deadline(deadline);
        let result = guard.execute(tool.call(Params::empty(), context)).await;
        let ended = clock.now();
        match result {
            Err(error) if error.kind() == ErrorKind::TimedOut && ended >= deadline => overruns.push(ended - deadline),
            other => return Err(format!("the call did not run out of time: {other:?}")),
        }
    }
    Ok(overruns)
}

async fn endless(habit: Habit) -> tool_core::ToolResult {
    loop {
        match habit {
            Habit::Sleeps => sleep(Duration::from_millis(1)).await,
            Habit::Yields => yield_now().await,
        }
    }
}

/// Returns the 99.9th percentile, in milliseconds.
fn p999(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() * 999 / 1000].as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p999_leaves_one_in_a_thousand_above() {
        let times: Vec<Duration> = (0..10_000).rev().map(Duration::from_millis).collect();
        assert!((p999(times) - 9_990.0).abs() < f64::EPSILON);
    }
}
