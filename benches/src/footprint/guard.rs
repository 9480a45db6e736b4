//! How often does a call of a healthy tool allocate, bare and guarded?

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use benches::upstream::Upstream;
use serde_json::{Value, json};
use tool_core::{ToolCall, ToolExecutor};
use tool_guard::{GuardPolicy, GuardedExecutor, HedgePolicy};

use crate::Outcome;

const CALLS: usize = 1000;

/// Measures the allocations of a call, the tool's own included.
pub(crate) fn document() -> Outcome<Value> {
    let upstream = Upstream::new()?;
    let guard = |policy| GuardedExecutor::new(upstream.registry(), policy);
    let on = guard(GuardPolicy::default());
    let hedging = guard(GuardPolicy::builder().hedge(HedgePolicy::default()).build()?);
    Ok(json!({
        "bare": per_call(&upstream, &upstream.registry())?,
        "on": per_call(&upstream, &on)?,
        "hedging": per_call(&upstream, &hedging)?,
    }))
}

/// Returns how often a call allocates, once what is made at a tool's first calls is made.
fn per_call(upstream: &Upstream, executor: &impl ToolExecutor) -> Outcome<f64> {
    let calls = |first| (first..first + CALLS).map(|number| upstream.call(number)).collect::<Result<Vec<_>, _>>();
    let (warming, counted) = (calls(0)?, calls(CALLS)?);
    let mut well = warming.into_iter().map(|call| usize::from(at_once(executor, call))).sum::<usize>();
    let info = measure(|| well += counted.into_iter().map(|call| usize::from(at_once(executor, call))).sum::<usize>());
    if well != 2 * CALLS {
        return Err(format!("{well} of {} calls went well", 2 * CALLS).into());
    }
    Ok(info.count_total as f64 / CALLS as f64)
}

/// Makes a call that needs no waiting, with nothing of a runtime in between; returns whether it went well.
fn at_once(executor: &impl ToolExecutor, call: ToolCall) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    matches!(pin!(executor.execute(call)).poll(&mut context), Poll::Ready(Ok(_)))
}
