//! How often does our cache hit, with its default policy?

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::{
    CallContext, Clock, Effect, Params, Payload, SystemClock, ToolCall, ToolHandle, ToolOutput, ToolRegistry, ToolSpec,
    tool_fn,
};

use super::trace::Trace;
use crate::error::Result;

/// Returns the hits of our cache.
///
/// # Errors
///
/// If the policy does not allow the capacity.
pub(super) fn hits(trace: &Trace, capacity: usize) -> Result<usize> {
    // Answers of one byte: room for all that fits by number, whatever the bookkeeping takes.
    let policy = CachePolicy::builder().max_entries(capacity).max_bytes(1024 * capacity as u64 + (1 << 26)).build()?;
    let cache = Asked::new(policy)?;
    let answer = ToolOutput::json(&1)?;
    let mut hits = 0;
    for key in &trace.keys {
        hits += usize::from(cache.ask(*key, &answer)?);
    }
    Ok(hits)
}

/// A cache and a tool to ask about.
#[derive(Debug)]
pub(super) struct Asked {
    cache: ToolResultCache,
    tool: ToolHandle,
}

impl Asked {
    pub(super) fn new(policy: CachePolicy) -> Result<Self> {
        let spec = ToolSpec::builder("trace.key", "Answers a key of a trace.").effect(Effect::Reads).build()?;
        let tool = ToolRegistry::new().register(tool_fn(spec, |_| async { Ok(ToolOutput::new(Payload::of(&1)?)) }))?;
        Ok(Self { cache: ToolResultCache::new(policy).with_clock(Arc::new(Still::new())), tool })
    }

    /// Returns whether the cache had an answer; if not, it has got one now.
    pub(super) fn ask(&self, key: u64, answer: &ToolOutput) -> Result<bool> {
        let call = self.call(key)?;
        let hit = self.cache.get(&call).is_some();
        if !hit {
            // An answer too large to be kept is one more miss.
            let _ = self.cache.set(&call, answer, None);
        }
        Ok(hit)
    }

    fn call(&self, key: u64) -> Result<ToolCall> {
        Ok(self.tool.call(Params::try_from(json!({"key": key}))?, CallContext::new("bench", "bench")))
    }
}

/// A clock that stands: a trace has no times, and nothing is to expire.
#[derive(Debug)]
struct Still(Instant, SystemTime);

impl Still {
    fn new() -> Self {
        Self(SystemClock::new().now(), SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600))
    }
}

impl Clock for Still {
    fn now(&self) -> Instant {
        self.0
    }

    fn wall(&self) -> SystemTime {
        self.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::opt;

    #[test]
    fn all_fits_all_hits_after_the_first() {
        let trace = Trace::new((0..3000).map(|at| at % 30).collect());
        assert_eq!(hits(&trace, 1000).unwrap(), 2970);
    }

    #[test]
    fn capacity_is_a_bound() {
        let trace = Trace::new((0..20_000_u64).map(|at| at * at % 1009 % (at % 700 + 1)).collect());
        assert!((1..=opt::hits(&trace, 100)).contains(&hits(&trace, 100).unwrap()));
    }
}
