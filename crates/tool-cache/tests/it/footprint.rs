//! What a full cache takes of the allocator is what it says, almost.

use std::time::Duration;

use serde_json::json;
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::{CallContext, ToolOutput, ToolRegistry, testing::ManualClock};

use crate::{
    allocation::live,
    support::{echo, params, reads},
};

/// Fills a cache of so many bytes with answers of 1 KiB until it has evicted as many as it holds; returns the bytes
/// that are live because of it, for each byte of the bound.
fn footprint(max_bytes: u64, max_entries: usize) -> f64 {
    let tool = ToolRegistry::new().register(echo(reads("ci.get").build().unwrap())).unwrap();
    let text = "x".repeat(1024 - 2);
    let call = |n: u64| tool.call(params(json!({ "n": n })), CallContext::new("acme", "ann"));
    // Warms what this thread keeps.
    drop(ToolOutput::json(&text));
    let before = live();
    let policy = CachePolicy::builder().max_bytes(max_bytes).max_entries(max_entries).build().unwrap();
    let cache = ToolResultCache::new(policy).with_clock(std::sync::Arc::new(ManualClock::new()));
    let mut n = 0;
    while cache.stats().evicted.capacity < 2 * cache.stats().entries.max(1000) {
        n += 1;
        cache.set(&call(n), &ToolOutput::json(&text).unwrap(), Some(Duration::from_secs(60))).unwrap();
        // Half of them were asked for again, and count as such.
        if n % 2 == 0 {
            let _ = cache.get(&call(n));
        }
    }
    let (live, stats) = (live() - before, cache.stats());
    assert!(stats.bytes <= max_bytes && stats.bytes > max_bytes / 10 * 9, "{stats:?}");
    drop(cache);
    live as f64 / max_bytes as f64
}

#[test]
fn live_bytes_are_within_15_percent_of_the_bound() {
    for max_bytes in [4 << 20, 16 << 20] {
        let ratio = footprint(max_bytes, 1_000_000);
        assert!(ratio <= 1.15, "{max_bytes}: {ratio}");
    }
}

#[test]
fn dropped_cache_leaves_nothing() {
    let _ = footprint(1 << 20, 1000);
    let before = live();
    let _ = footprint(1 << 20, 1000);
    let left = live() - before;
    assert!(left.abs() < 4096, "{left}");
}
