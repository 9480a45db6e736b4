//! What do deadline, concurrency limit and retry add, beside the same three of tower?
//!
//! Each side's added time is over its own bare call: ours over the registry, tower's over a service that is no more than a
//! call of the registry. Tower's stack has a timeout around a retry around a concurrency limit; its retry keeps a copy of
//! the call, has no budget and does not wait. It is called by one caller, who needs no copy of the service.

use std::{future::Ready, future::ready, ops::Range, time::Duration};

use benches::upstream::Upstream;
use tool_core::{ToolCall, ToolError, ToolExecutor, ToolOutput};
use tool_guard::{GuardPolicy, GuardedExecutor, LimitPolicy, RetryPolicy};
use tower::{ServiceBuilder, retry::Policy, service_fn};

use super::batch::{Bench, all_well};
use crate::Outcome;
use crate::row::Row;
use crate::turns::medians;

const ROUNDS: usize = 3000;
const LIMIT: u32 = 64;
const TIMEOUT: Duration = Duration::from_secs(30);
const ATTEMPTS: u32 = 3;

/// Measures both sides and what each is over.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let upstream = Upstream::new()?;
    let registry = upstream.registry();
    let guarded = GuardedExecutor::new(upstream.registry(), three()?);
    let mut service = service_fn(|call| registry.execute(call));
    let mut stack = ServiceBuilder::new()
        .timeout(TIMEOUT)
        .retry(Again { left: ATTEMPTS - 1 })
        .concurrency_limit(LIMIT as usize)
        .service(service);
    let bench = Bench::new(upstream)?;
    let [bare, guarded, service, stack] = all_well(medians(
        ROUNDS,
        Bench::questions,
        &mut [
            &mut |asked: &Range<usize>| bench.through(&registry, asked),
            &mut |asked: &Range<usize>| bench.through(&guarded, asked),
            &mut |asked: &Range<usize>| bench.of(&mut service, asked),
            &mut |asked: &Range<usize>| bench.of(&mut stack, asked),
        ],
    )?)?;
    let row = Row::new("guard", "deadline, limit and retry, added", "ns", guarded - bare);
    Ok(vec![row.beside("tower", stack - service).at_most(1.0)])
}

fn three() -> Outcome<GuardPolicy> {
    let limit = LimitPolicy::fixed(LIMIT).queue(LIMIT);
    let retry = RetryPolicy::default().attempts(ATTEMPTS);
    Ok(GuardPolicy::builder().deadlines_only().default_timeout(TIMEOUT).limit(limit).retry(retry).build()?)
}

/// Tries again what fails, so many times.
#[derive(Debug, Clone)]
struct Again {
    left: u32,
}

impl Policy<ToolCall, ToolOutput, ToolError> for Again {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut ToolCall, result: &mut Result<ToolOutput, ToolError>) -> Option<Self::Future> {
        let left = self.left.checked_sub(1).filter(|_| result.is_err())?;
        self.left = left;
        Some(ready(()))
    }

    fn clone_request(&mut self, call: &ToolCall) -> Option<ToolCall> {
        Some(call.clone())
    }
}
