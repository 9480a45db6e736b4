//! How much memory does a cache take, and how often does a hit allocate?

use allocation_counter::measure;
use benches::subject::Subject;
use serde_json::{Value, json};
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::{ToolCall, ToolOutput};

use crate::Outcome;

const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Every value's text.
const VALUE: usize = 1024;
/// How often the byte bound is filled.
const TURNS: u64 = 3;
const HITS: usize = 1000;

/// Measures the bytes that a full cache takes, and the allocations of a hit.
pub(crate) fn document() -> Outcome<Value> {
    Ok(json!({"max_bytes": MAX_BYTES, "live_bytes": live_bytes()?, "allocations_per_hit": hit()?}))
}

/// Returns the bytes that are allocated for a full cache, by the sizes that were asked of the allocator.
fn live_bytes() -> Outcome<i64> {
    let subject = Subject::new()?;
    let policy = CachePolicy::builder().max_bytes(MAX_BYTES).max_entries(usize::try_from(MAX_BYTES)? / 512).build()?;
    let mut filled = Ok(None);
    let info = measure(|| filled = fill(&subject, policy).map(Some));
    drop(filled?);
    Ok(info.bytes_current)
}

/// Returns a cache that evicted most of what was put into it.
fn fill(subject: &Subject, policy: CachePolicy) -> Outcome<ToolResultCache> {
    let cache = ToolResultCache::new(policy);
    for number in 0..usize::try_from(TURNS * MAX_BYTES)? / VALUE {
        cache.set(&subject.call(number)?, &ToolOutput::json(&"x".repeat(VALUE - 2))?, None)?;
    }
    Ok(cache)
}

/// Returns how often a hit allocates.
fn hit() -> Outcome<f64> {
    let (subject, cache) = (Subject::new()?, ToolResultCache::new(CachePolicy::default()));
    let calls: Vec<ToolCall> = (0..HITS).map(|number| subject.call(number % 100)).collect::<Result<_, _>>()?;
    for call in &calls {
        cache.set(call, &ToolOutput::json(&1)?, None)?;
    }
    let mut hits = 0;
    let info = measure(|| hits = calls.iter().filter(|call| cache.get(call).is_some()).count());
    if hits != HITS {
        return Err(format!("{hits} of {HITS} calls were hits").into());
    }
    Ok(info.count_total as f64 / HITS as f64)
}
