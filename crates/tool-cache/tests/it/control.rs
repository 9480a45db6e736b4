//! What a caller asks of the cache for one call.

use std::time::Duration;

use serde_json::json;
use tool_core::{CacheControl, CacheMode, CallContext, ErrorKind, Execution, Origin, ToolExecutor, ToolResult};

use crate::support::{World, facts, reads};

async fn with(world: &World, control: CacheControl) -> ToolResult {
    let call = world.make("ci.get", json!({}), CallContext::new("acme", "ann").with_cache(control));
    world.executor.execute(call).await
}

#[tokio::test]
async fn bypass_neither_reads_nor_keeps() {
    let world = World::new();
    world.counting(reads("ci.get"));
    let bypass = CacheControl::mode(CacheMode::Bypass);
    assert_eq!(facts(&with(&world, bypass).await.unwrap()), (Origin::Executed, 1));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Executed, 2));
    assert_eq!(facts(&with(&world, bypass).await.unwrap()), (Origin::Executed, 3));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Hit, 2));
}

#[tokio::test]
async fn refresh_replaces_the_answer() {
    let world = World::new();
    world.counting(reads("ci.get"));
    world.origin("ci.get", json!({})).await;
    let refresh = CacheControl::mode(CacheMode::Refresh);
    assert_eq!(facts(&with(&world, refresh).await.unwrap()), (Origin::Executed, 2));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Hit, 2));
}

#[tokio::test]
async fn refresh_is_no_hit() {
    let world = World::new();
    world.counting(reads("ci.get"));
    world.origin("ci.get", json!({})).await;
    with(&world, CacheControl::mode(CacheMode::Refresh)).await.unwrap();
    assert_eq!((world.cache().stats().hits, world.cache().stats().loads), (0, 2));
}

#[tokio::test]
async fn only_if_cached_never_runs() {
    let world = World::new();
    world.counting(reads("ci.get"));
    let only = CacheControl::mode(CacheMode::OnlyIfCached);
    let error = with(&world, only).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::NotCached, Execution::NotExecuted));
    world.origin("ci.get", json!({})).await;
    assert_eq!(facts(&with(&world, only).await.unwrap()), (Origin::Hit, 1));
}

#[tokio::test]
async fn older_than_allowed_is_a_miss() {
    let world = World::new();
    world.counting(reads("ci.get"));
    world.origin("ci.get", json!({})).await;
    world.clock.advance(Duration::from_secs(5));
    let at_most = |seconds| CacheControl::default().with_max_age(Duration::from_secs(seconds));
    assert_eq!(facts(&with(&world, at_most(5)).await.unwrap()), (Origin::Hit, 1));
    assert_eq!(facts(&with(&world, at_most(4)).await.unwrap()), (Origin::Executed, 2));
    assert_eq!(facts(&with(&world, at_most(4)).await.unwrap()), (Origin::Hit, 2));
}
