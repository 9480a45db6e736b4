//! How much of the load time does our cache save, going by what loads cost or not?

use std::sync::Arc;

use serde_json::json;
use tool_cache::{CachePolicy, CachedExecutor, Retention, ToolResultCache};
use tool_core::testing::TokioClock;
use tool_core::{
    CallContext, Effect, ErrorKind, Params, ToolCall, ToolError, ToolExecutor, ToolHandle, ToolOutput, ToolRegistry,
    ToolSpec, tool_fn,
};

use super::CostTrace;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Returns the share of a trace's load time, in percent, that our cache saves with so many bytes.
///
/// Every request goes through the executor, in virtual time, where a load sleeps as long as its key takes: nothing tells
/// the cache a cost but what it measures itself.
///
/// # Errors
///
/// Whatever the cache or the tool fails with.
pub fn saved(trace: &CostTrace, bytes: u64, retention: Retention) -> Outcome<f64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(replay(trace, bytes, retention))
}

/// No entry takes less, so that bytes are what is short.
const LEAST_ENTRY: u64 = 512;

async fn replay(trace: &CostTrace, bytes: u64, retention: Retention) -> Outcome<f64> {
    let entries = usize::try_from(bytes / LEAST_ENTRY)?;
    let policy = CachePolicy::builder()
        .max_bytes(bytes)
        .max_entries(entries)
        .default_ttl(CachePolicy::MAX_TTL)
        .retention(retention)
        .build()?;
    let cache = Arc::new(ToolResultCache::new(policy).with_clock(Arc::new(TokioClock::new())));
    let registry = ToolRegistry::new();
    let tool = registry.register(loads(trace)?)?;
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
fn loads(trace: &CostTrace) -> Outcome<impl tool_core::Tool + use<>> {
    let spec = ToolSpec::builder("trace.load", "Loads a key of a trace.").effect(Effect::Reads).build()?;
    let costs: Arc<[_]> = trace.costs().into();
    Ok(tool_fn(spec, move |call: ToolCall| {
        let costs = Arc::clone(&costs);
        async move {
            let key = call.params().as_value()["key"].as_u64().and_then(|key| usize::try_from(key).ok());
            let cost = key
                .and_then(|key| costs.get(key))
                .ok_or_else(|| ToolError::new(ErrorKind::InvalidParams, "no such key"))?;
            tokio::time::sleep(cost.load).await;
            ToolOutput::json(&"x".repeat(cost.bytes))
        }
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Cost;
    use super::*;

    #[test]
    fn all_but_the_first_loads_are_saved_where_all_fits() {
        let costs = [1, 9].map(|seconds| Cost { load: Duration::from_secs(seconds), bytes: 100 });
        let trace = CostTrace { costs: costs.into(), requests: vec![0, 1, 0, 1, 0] };
        // 1 + 9 + 1 + 9 + 1 seconds, of which the first two are spent.
        let saved = saved(&trace, 1 << 20, Retention::CostAware).unwrap();
        assert!((saved - 100.0 * 11.0 / 21.0).abs() < 1e-9, "{saved}");
    }
}
