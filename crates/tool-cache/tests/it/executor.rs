use std::{sync::Arc, time::Duration};

use serde_json::json;
use tool_cache::{CachePolicy, CachedExecutor, Rejection, ToolResultCache};
use tool_core::{
    CallReport, Clock, Effect, ErrorKind, Extent, Limit, Origin, Payload, Scope, ToolError, ToolExecutor, ToolOutput,
    ToolRegistry, ToolSpec,
};

use crate::support::{World, at_once, echo, reads};

#[tokio::test]
async fn second_call_is_a_hit() {
    let world = World::new();
    world.counting(reads("ci.get"));
    assert_eq!(world.origin("ci.get", json!({"id": 1})).await, (Origin::Executed, 1));
    world.clock.advance(Duration::from_secs(7));
    let output = world.ask("ci.get", json!({"id": 1})).await.unwrap();
    assert_eq!((output.report.origin, output.report.attempts), (Origin::Hit, 0));
    assert_eq!(output.report.age, Duration::from_secs(7));
    assert_eq!(world.runs(), 1);
}

#[tokio::test]
async fn other_parameters_are_another_question() {
    let world = World::new();
    world.counting(reads("ci.get"));
    assert_eq!(world.origin("ci.get", json!({"id": 1})).await, (Origin::Executed, 1));
    assert_eq!(world.origin("ci.get", json!({"id": "1"})).await, (Origin::Executed, 2));
    assert_eq!(world.origin("ci.get", json!({"id": 1.0, "trace_id": "x"})).await, (Origin::Hit, 1));
}

#[tokio::test]
async fn freshness_is_judged_when_the_call_came() {
    let world = World::with(CachePolicy::builder().default_ttl(Duration::from_secs(10)));
    world.counting(reads("ci.get"));
    world.origin("ci.get", json!({})).await;
    world.clock.advance(Duration::from_secs(9));
    let received = world.clock.now();
    world.clock.advance(Duration::from_secs(2));
    let call = world.call("ci.get", json!({})).map_context(|context| context.with_received(received));
    let output = world.executor.execute(call).await.unwrap();
    assert_eq!((output.report.origin, output.report.age), (Origin::Hit, Duration::from_secs(9)));
    assert_eq!(world.origin("ci.get", json!({})).await.0, Origin::Executed);
}

#[tokio::test]
async fn entry_expires_at_its_deadline() {
    let world = World::with(CachePolicy::builder().default_ttl(Duration::from_secs(10)));
    world.counting(reads("ci.get"));
    world.origin("ci.get", json!({})).await;
    world.clock.advance(Duration::from_nanos(9_999_999_999));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Hit, 1));
    world.clock.advance(Duration::from_nanos(1));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Executed, 2));
    assert_eq!(world.cache().stats().evicted.expired, 1);
}

#[tokio::test]
async fn reading_does_not_prolong_life() {
    let world = World::with(CachePolicy::builder().default_ttl(Duration::from_secs(10)));
    world.counting(reads("ci.get"));
    for second in 0..30 {
        let expected = second / 10 + 1;
        assert_eq!(world.origin("ci.get", json!({})).await.1, expected);
        world.clock.advance(Duration::from_secs(1));
    }
}

#[tokio::test]
async fn empty_results_are_hits() {
    let world = World::new();
    world.add(reads("ci.search"), |_| async { ToolOutput::json(&json!([])) });
    world.ask("ci.search", json!({})).await.unwrap();
    assert_eq!(world.ask("ci.search", json!({})).await.unwrap().report.origin, Origin::Hit);
}

#[tokio::test]
async fn errors_are_not_kept() {
    let world = World::new();
    world.add(reads("ci.get"), |_| async { Err(ToolError::new(ErrorKind::Denied, "not yours")) });
    for _ in 0..2 {
        let error = world.ask("ci.get", json!({})).await.unwrap_err();
        assert_eq!((error.kind(), error.report().origin), (ErrorKind::Denied, Origin::Executed));
    }
    let stats = world.cache().stats();
    assert_eq!((stats.loads, stats.load_errors, stats.entries), (2, 2, 0));
}

#[tokio::test]
async fn cut_results_are_not_kept() {
    let world = World::new();
    world.add(reads("ci.search"), |_| async {
        let mut report = CallReport::executed();
        report.extent = Extent::Cut;
        Ok(ToolOutput::json(&json!([1]))?.with_report(report))
    });
    for _ in 0..2 {
        assert_eq!(world.ask("ci.search", json!({})).await.unwrap().report.origin, Origin::Executed);
    }
    assert_eq!(world.cache().stats().rejected.cut, 2);
}

#[tokio::test]
async fn limits_and_warnings_come_with_hits() {
    let world = World::new();
    world.add(reads("ci.search"), |_| async {
        Ok(ToolOutput::json(&json!([1]))?.limited(Limit::new("limit", Some(90), 50)).warning("clamped"))
    });
    let fresh = world.ask("ci.search", json!({})).await.unwrap().report;
    let hit = world.ask("ci.search", json!({})).await.unwrap().report;
    assert_eq!((hit.limits(), hit.warnings()), (fresh.limits(), fresh.warnings()));
    assert_eq!(hit.limits().len(), 1);
}

#[tokio::test]
async fn writes_and_composites_always_run() {
    for effect in [Effect::Writes, Effect::Composite] {
        let world = World::new();
        world.counting(reads("ci.touch").effect(effect));
        assert_eq!(world.origin("ci.touch", json!({})).await, (Origin::Executed, 1));
        assert_eq!(world.origin("ci.touch", json!({})).await, (Origin::Executed, 2));
        let call = world.call("ci.touch", json!({}));
        let output = ToolOutput::json(&json!({})).unwrap();
        assert_eq!(world.cache().set(&call, &output, None), Err(Rejection::Effect));
        assert!(world.cache().get(&call).is_none());
    }
}

#[tokio::test]
async fn disabled_cache_keeps_nothing() {
    let world = World::with(CachePolicy::builder().enabled(false));
    world.counting(reads("ci.get"));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Executed, 1));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Executed, 2));
    assert!(!world.cache().contains(&world.call("ci.get", json!({}))));
    assert_eq!(world.cache().stats(), tool_cache::CacheStats::default());
}

#[tokio::test]
async fn zero_lifetime_is_not_kept() {
    let world = World::new();
    world.counting(reads("ci.get").ttl(Duration::ZERO));
    world.origin("ci.get", json!({})).await;
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Executed, 2));
    assert_eq!(world.cache().stats().rejected.no_lifetime, 2);
}

#[tokio::test]
async fn oversize_result_is_rejected_with_reason() {
    let world = World::with(CachePolicy::builder().max_bytes(10_000));
    world.add(reads("ci.blob"), |call| async move {
        let size = call.params().get("size").and_then(serde_json::Value::as_u64).unwrap();
        ToolOutput::json(&"x".repeat(usize::try_from(size).unwrap()))
    });
    world.ask("ci.blob", json!({"size": 20_000})).await.unwrap();
    world.ask("ci.blob", json!({"size": 5_000})).await.unwrap();
    let stats = world.cache().stats();
    assert_eq!((stats.rejected.too_large, stats.entries), (1, 1));
}

#[test]
fn bounds_of_entries_and_bytes_hold() {
    for (entries, bytes) in [(1, 1 << 20), (7, 1 << 20), (100, 20_000), (1000, 64 << 20), (50_000, 1 << 20)] {
        let world = World::with(CachePolicy::builder().max_entries(entries).max_bytes(bytes));
        world.counting(reads("ci.get"));
        for n in 0..3000 {
            let output = ToolOutput::new(Payload::of(&"x".repeat(n % 900)).unwrap());
            world.cache().set(&world.call("ci.get", json!({ "n": n })), &output, None).unwrap();
            assert!(world.cache().contains(&world.call("ci.get", json!({ "n": n }))), "{entries} {bytes} {n}");
        }
        let stats = world.cache().stats();
        assert!(stats.entries <= entries as u64 && stats.bytes <= bytes, "{stats:?}");
        assert_eq!(stats.entries + stats.evicted.capacity, 3000);
    }
}

#[test]
fn entry_bound_is_used_in_full() {
    let world = World::new();
    world.counting(reads("ci.get"));
    for n in 0..5000 {
        let output = ToolOutput::json(&n).unwrap();
        world.cache().set(&world.call("ci.get", json!({ "n": n })), &output, None).unwrap();
    }
    assert_eq!(world.cache().stats().entries, 1000);
}

#[test]
fn no_runtime_means_no_sharing() {
    let registry = ToolRegistry::new();
    let spec = ToolSpec::builder("test.echo", "Echoes.").effect(Effect::Pure).scope(Scope::Shared).build().unwrap();
    let tool = registry.register(echo(spec)).unwrap();
    let executor = CachedExecutor::new(registry, Arc::new(ToolResultCache::new(CachePolicy::default())));
    let call = tool.call(tool_core::Params::empty(), tool_core::CallContext::new("t", "p"));
    assert_eq!(at_once(executor.execute(call)).unwrap().payload.as_str(), "{}");
    assert_eq!(executor.cache().stats().unshared, 1);
}
