//! How many calls reach upstreams that are all down?
//!
//! In virtual time: ten tools fail at once, and each is asked at a hundred times the floor of its retry budget, at a fixed
//! rate. Every start of a tool counts, from the first call to the last attempt of the last one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::interval;
use tool_core::{
    CallContext, Effect, ErrorKind, Params, ToolError, ToolExecutor, ToolHandle, ToolRegistry, ToolSpec,
    testing::TokioClock, tool_fn,
};
use tool_guard::{GuardPolicy, GuardedExecutor, RetryPolicy};

use crate::Outcome;
use crate::row::Row;

const TOOLS: usize = 10;
/// Further attempts per second that the budget of each tool grants whatever its calls.
const FLOOR: u32 = 1;
const CALLS_PER_SECOND: u32 = 100 * FLOOR;
const SECONDS: u32 = 60;

/// Measures with the retry budget alone, and with the breaker that stands behind it by default.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let retry = RetryPolicy::default().budget_floor(f64::from(FLOOR));
    let alone = made_per_asked(GuardPolicy::builder().retry(retry).breaker(None).build()?)?;
    let behind = made_per_asked(GuardPolicy::builder().retry(retry).build()?)?;
    Ok(vec![
        Row::new("guard", "all down, no breaker: calls made per asked", "", alone).at_most(1.21),
        Row::new("guard", "all down, with breaker: calls made per asked", "", behind).at_most(1.21),
    ])
}

fn made_per_asked(policy: GuardPolicy) -> Outcome<f64> {
    Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(ask(policy))
}

async fn ask(policy: GuardPolicy) -> Outcome<f64> {
    let made = Arc::new(AtomicU64::new(0));
    let registry = ToolRegistry::new();
    let tools: Vec<ToolHandle> = (0..TOOLS).map(|at| down(&registry, at, &made)).collect::<Outcome<_>>()?;
    let guard = GuardedExecutor::new(registry, policy).with_clock(Arc::new(TokioClock::new())).with_seed(7);
    let guard = Arc::new(guard);
    let mut calls = JoinSet::new();
    let mut arrivals = interval(Duration::from_secs(1) / CALLS_PER_SECOND);
    for _ in 0..CALLS_PER_SECOND * SECONDS {
        arrivals.tick().await;
        for tool in &tools {
            let (guard, call) = (Arc::clone(&guard), tool.call(Params::empty(), CallContext::new("acme", "ann")));
            calls.spawn(async move { guard.execute(call).await });
        }
    }
    let asked = calls.len();
    if calls.join_all().await.iter().any(Result::is_ok) {
        return Err("a tool that is down answered".into());
    }
    Ok(made.load(Relaxed) as f64 / asked as f64)
}

fn down(registry: &ToolRegistry, at: usize, made: &Arc<AtomicU64>) -> Outcome<ToolHandle> {
    let (spec, made) = (ToolSpec::builder(&format!("down.t{at}"), "Is down.").effect(Effect::Reads), Arc::clone(made));
    Ok(registry.register(tool_fn(spec.build()?, move |_| {
        made.fetch_add(1, Relaxed);
        async { Err(ToolError::new(ErrorKind::Unavailable, "the upstream is down")) }
    }))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_without_a_tight_budget_multiply() {
        let generous = RetryPolicy::default().budget(1.0).budget_floor(1000.0);
        let made = made_per_asked(GuardPolicy::builder().retry(generous).breaker(None).build().unwrap()).unwrap();
        // Three attempts each.
        assert!((made - 3.0).abs() < 1e-9, "{made}");
    }
}
