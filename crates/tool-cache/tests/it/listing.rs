//! What the cache tells of itself.

use std::time::Duration;

use serde_json::json;
use tool_cache::{CachePolicy, EntryState};
use tool_core::ToolOutput;

use crate::support::{World, reads};

#[tokio::test]
async fn keys_are_listed_with_their_state() {
    let world = World::with(CachePolicy::builder().ttl("ci.get", Duration::from_secs(10)));
    world.counting(reads("ci.get"));
    world.counting(reads("ci.search"));
    world.ask("ci.get", json!({})).await.unwrap();
    world.ask("ci.search", json!({})).await.unwrap();
    world.ask("ci.search", json!({})).await.unwrap();
    world.clock.advance(Duration::from_secs(20));
    let listed = world.cache().snapshot_keys();
    let facts: Vec<_> =
        listed.iter().map(|key| (key.tool.as_str(), key.state, key.age, key.remaining, key.hits)).collect();
    let seconds = Duration::from_secs;
    assert_eq!(
        facts,
        [
            ("ci.get", EntryState::Expired, seconds(20), seconds(0), 0),
            ("ci.search", EntryState::Live, seconds(20), seconds(280), 1),
        ]
    );
    assert_eq!(listed[0].key, world.cache().generate_key(&world.call("ci.get", json!({}))).to_string());
    assert!(listed.iter().all(|key| key.bytes > 100));
    world.cache().invalidate_tool(&"ci.search".parse().unwrap());
    assert_eq!(world.cache().snapshot_keys()[1].state, EntryState::Invalidated);
}

#[tokio::test]
async fn sweep_removes_what_is_dead() {
    let world = World::with(CachePolicy::builder().ttl("ci.get", Duration::from_secs(10)));
    world.counting(reads("ci.get"));
    world.counting(reads("ci.search"));
    for n in 0..5 {
        world.ask("ci.get", json!({ "n": n })).await.unwrap();
    }
    world.ask("ci.search", json!({})).await.unwrap();
    assert_eq!(world.cache().sweep(), 0);
    world.clock.advance(Duration::from_secs(10));
    assert_eq!(world.cache().sweep(), 5);
    let stats = world.cache().stats();
    assert_eq!((stats.entries, stats.evicted.expired), (1, 5));
}

#[tokio::test]
async fn hits_are_counted_per_tool() {
    let world = World::new();
    world.counting(reads("ci.get"));
    world.counting(reads("ci.search"));
    for _ in 0..3 {
        world.ask("ci.get", json!({})).await.unwrap();
    }
    world.ask("ci.search", json!({})).await.unwrap();
    let by_tool: Vec<_> =
        world.cache().stats_by_tool().iter().map(|of| (of.tool.to_string(), of.hits, of.misses, of.entries)).collect();
    assert_eq!(by_tool, [("ci.get".to_owned(), 2, 1, 1), ("ci.search".to_owned(), 0, 1, 1)]);
    world.cache().clear();
    let stats = world.cache().stats();
    assert_eq!((stats.hits, stats.misses, stats.entries, stats.bytes), (2, 2, 0, 0));
}

#[test]
fn get_counts_hits_and_misses() {
    let world = World::new();
    world.counting(reads("ci.get"));
    let call = || world.call("ci.get", json!({}));
    assert!(world.cache().get(&call()).is_none());
    world.cache().set(&call(), &ToolOutput::json(&json!(1)).unwrap(), Some(Duration::from_secs(1))).unwrap();
    assert!(world.cache().get(&call()).is_some());
    world.clock.advance(Duration::from_secs(1));
    assert!(world.cache().get(&call()).is_none());
    let stats = world.cache().stats();
    assert_eq!((stats.hits, stats.misses, stats.entries), (1, 2, 0));
}
