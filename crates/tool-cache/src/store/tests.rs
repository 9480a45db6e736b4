use std::time::Duration;

use tool_core::{Clock, Effect, Payload, SystemClock, ToolOutput, ToolSpec};

use super::*;
use crate::{entry::Span, lineage::Lineages};

fn entry(length: usize) -> Entry {
    let spec = ToolSpec::builder("a.b", "Does it.").effect(Effect::Pure).build().unwrap();
    let output = ToolOutput::new(Payload::of(&"x".repeat(length)).unwrap());
    let span = Span::new(SystemClock::new().now(), Duration::ZERO, Duration::from_secs(60)).unwrap();
    Entry::new(&output, Lineages::default().begin(&spec), span)
}

fn store(entries: usize, bytes: u64) -> Store {
    let policy = CachePolicy::builder().max_entries(entries).max_bytes(bytes).build().unwrap();
    Store::new(&policy, &Arc::default())
}

fn key(number: u8) -> CacheKey {
    CacheKey::new([number; 32])
}

/// Returns an entry of so many bytes.
fn of_bytes(bytes: u64) -> Entry {
    let small = entry(0).bytes();
    let entry = entry(usize::try_from(bytes - small).unwrap());
    assert_eq!(entry.bytes(), bytes);
    entry
}

#[test]
fn largest_entry_is_kept() {
    for (entries, bytes) in [(1, 50_000), (2, 50_000), (1000, 50_000), (1000, 16 << 20)] {
        let store = store(entries, bytes);
        store.insert(key(1), of_bytes(store.max_weight())).unwrap();
        assert!(store.cache.peek(&key(1)).is_some(), "{entries} {bytes}");
        assert_eq!(store.insert(key(2), of_bytes(store.max_weight() + 1)), Err(Rejection::TooLarge));
    }
}

#[test]
fn oversize_answer_drops_the_older_one() {
    let store = store(10, 50_000);
    store.insert(key(1), of_bytes(1000)).unwrap();
    store.insert(key(1), of_bytes(store.max_weight() + 1)).unwrap_err();
    assert!(store.cache.peek(&key(1)).is_none());
}

#[test]
fn shards_leave_room() {
    let shards = |entries, bytes| store(entries, bytes).cache.num_shards();
    assert_eq!(shards(1000, 64 << 20), 4);
    assert_eq!(shards(100_000, 1 << 30), 16);
    assert_eq!(shards(40, 64 << 20), 1);
    assert_eq!(shards(1000, 1 << 20), 1);
}
