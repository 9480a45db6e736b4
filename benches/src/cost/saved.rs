//! How much of the load time does our cache save, knowing what loads cost or not?

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tool_cache::{CachePolicy, CachedExecutor, ToolResultCache};
use tool_core::testing::TokioClock;
use tool_core::{
    CallContext, Effect, ErrorKind, Params, ToolCall, ToolError, ToolExecutor, ToolHandle, ToolOutput, ToolRegistry,
    ToolSpec, tool_fn,
};

use super::CostTrace;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What the cache can learn about loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it is told the truth, or nothing")]
pub enum Told {
    /// Each takes the time of its trace.
    Costs,
    /// Each takes the same time.
    Nothing,
}

/// Returns the share of a trace's load time, in percent, that our cache saves with so many bytes.
///
/// Every request goes through the executor, in virtual time: a load that the cache is told of sleeps as long as it takes,
/// one that it is not told of a fixed time. What is counted is the trace's time in both cases.
///
/// # Errors
///
/// Whatever the cache or the tool fails with.
pub fn saved(trace: &CostTrace, bytes: u64, told: Told) -> Outcome<f64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(replay(trace, bytes, told))
}

/// What a load takes whose cost is not told.
const SAME: Duration = Duration::from_millis(100);
/// No entry takes less, so that bytes are what is short.
const LEAST_ENTRY: u64 = 512;

async fn replay(trace: &CostTrace, bytes: u64, told: Told) -> Outcome<f64> {
    let entries = usize::try_from(bytes / LEAST_ENTRY)?;
    let policy =
        CachePolicy::builder().max_bytes(bytes).max_entries(entries).default_ttl(CachePolicy::MAX_TTL).build()?;
    let cache = Arc::new(ToolResultCache::new(policy).with_clock(Arc::new(TokioClock::new())));
    let registry = ToolRegistry::new();
    let tool = registry.register(loads(trace, told)?)?;
    let executor = CachedExecutor::new(registry, cache);
    let mut hits = Vec::new();
    for (key, _) in trace.requests() {
        hits.push(executor.execute(call(&tool, key)?).await?.report.origin.is_cached());
    }
    let mut hits = hits.into_iter();
    Ok(trace.saved(|_, _| hits.next().unwrap_or_default()))
}

fn call(tool: &ToolHandle, key: usize) -> Result<ToolCall, ToolError> {
    Ok(tool.call(Params::try_from(json!({"key": key}))?, CallContext::new("bench", "bench")))
}

/// Returns the tool whose loads take what the trace says.
fn loads(trace: &CostTrace, told: Told) -> Outcome<impl tool_core::Tool + use<>> {
    let spec = ToolSpec::builder("trace.load", "Loads a key of a trace.").effect(Effect::Reads).build()?;
    let costs: Arc<[_]> = trace.costs().into();
    Ok(tool_fn(spec, move |call: ToolCall| {
        let costs = Arc::clone(&costs);
        async move {
            let key = call.params().as_value()["key"].as_u64().and_then(|key| usize::try_from(key).ok());
            let cost = key
                .and_then(|key| costs.get(key))
                .ok_or_else(|| ToolError::new(ErrorKind::InvalidParams, "no such key"))?;
            tokio::time::sleep(if told == Told::Costs { cost.load } else { SAME }).await;
            ToolOutput::json(&"x".repeat(cost.bytes))
        }
    }))
}
