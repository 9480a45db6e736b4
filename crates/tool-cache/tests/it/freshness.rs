//! When an answer is served, refreshed or let go.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::json;
use tool_cache::{CachePolicy, CachePolicyBuilder};
use tool_core::{
    CacheControl, CacheMode, CallContext, ErrorKind, Origin, ToolError, ToolExecutor, ToolOutput, ToolResult,
};

use crate::support::{World, facts, reads, settle};

const SECOND: Duration = Duration::from_secs(1);

/// Answers are fresh for 10 s.
fn policy() -> CachePolicyBuilder {
    CachePolicy::builder().default_ttl(10 * SECOND)
}

/// Adds a tool that counts its runs and fails with a kind from the second on, until `heal` runs.
fn failing(world: &World, kind: ErrorKind, heal: usize) {
    let runs = std::sync::Arc::clone(&world.runs);
    world.add(reads("ci.get"), move |_| {
        let run = runs.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            match run == 1 || run >= heal {
                true => ToolOutput::json(&json!({ "run": run })),
                false => Err(ToolError::new(kind, "it does not go")),
            }
        }
    });
}

async fn ask(world: &World) -> ToolResult {
    let result = world.ask("ci.get", json!({})).await;
    settle().await;
    result
}

async fn origin(world: &World) -> (Origin, u64) {
    facts(&ask(world).await.unwrap())
}

#[tokio::test]
async fn stale_answer_is_served_while_one_load_runs() {
    let world = World::with(policy().stale_while_revalidate(20 * SECOND));
    world.slow(reads("ci.get"));
    world.gate.add_permits(1);
    assert_eq!(origin(&world).await, (Origin::Executed, 1));
    world.clock.advance(10 * SECOND);
    for _ in 0..100 {
        assert_eq!(origin(&world).await, (Origin::Stale, 1));
    }
    assert_eq!(world.runs(), 2);
    world.gate.add_permits(1);
    settle().await;
    assert_eq!(origin(&world).await, (Origin::Hit, 2));
    let stats = world.cache().stats();
    assert_eq!((stats.stale, stats.hits, stats.misses, stats.refreshes, stats.loads), (100, 1, 1, 1, 2));
}

#[tokio::test]
async fn stale_answer_says_so() {
    let world = World::with(policy().stale_while_revalidate(20 * SECOND));
    world.counting(reads("ci.get"));
    origin(&world).await;
    world.clock.advance(4 * SECOND);
    let fresh = world.ask("ci.get", json!({})).await.unwrap().report;
    assert_eq!((fresh.origin, fresh.age, fresh.fresh_for), (Origin::Hit, 4 * SECOND, Some(6 * SECOND)));
    world.clock.advance(8 * SECOND);
    let stale = world.ask("ci.get", json!({})).await.unwrap().report;
    assert_eq!((stale.origin, stale.age, stale.fresh_for), (Origin::Stale, 12 * SECOND, Some(Duration::ZERO)));
}

#[tokio::test]
async fn refreshes_are_bounded() {
    let world = World::with(policy().stale_while_revalidate(20 * SECOND).max_refreshes(1));
    world.slow(reads("ci.get"));
    world.gate.add_permits(2);
    for n in 0..2 {
        world.ask("ci.get", json!({ "n": n })).await.unwrap();
    }
    world.clock.advance(10 * SECOND);
    for n in 0..2 {
        world.ask("ci.get", json!({ "n": n })).await.unwrap();
    }
    let stats = world.cache().stats();
    assert_eq!((stats.refreshes, stats.refreshes_put_off), (1, 1));
    world.gate.add_permits(2);
    settle().await;
    world.ask("ci.get", json!({"n": 1})).await.unwrap();
    assert_eq!(world.cache().stats().refreshes, 2);
}

#[tokio::test]
async fn stale_answers_for_a_failure() {
    let world = World::with(policy().stale_if_error(60 * SECOND).retry_interval(5 * SECOND));
    failing(&world, ErrorKind::Unavailable, 4);
    origin(&world).await;
    world.clock.advance(10 * SECOND);
    assert_eq!(origin(&world).await, (Origin::Stale, 1));
    assert_eq!(world.runs(), 2);
    for _ in 0..10 {
        assert_eq!(origin(&world).await, (Origin::Stale, 1));
    }
    assert_eq!(world.runs(), 2, "it is left alone for a while");
    world.clock.advance(5 * SECOND);
    assert_eq!(origin(&world).await, (Origin::Stale, 1));
    assert_eq!(world.runs(), 3);
    world.clock.advance(5 * SECOND);
    assert_eq!(origin(&world).await, (Origin::Executed, 4));
}

#[tokio::test]
async fn stale_answers_are_over_in_the_end() {
    let world = World::with(policy().stale_if_error(60 * SECOND));
    failing(&world, ErrorKind::Unavailable, usize::MAX);
    origin(&world).await;
    world.clock.advance(70 * SECOND);
    assert_eq!(ask(&world).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn failure_that_says_how_things_are_is_believed() {
    let world = World::with(policy().stale_if_error(60 * SECOND));
    failing(&world, ErrorKind::Denied, usize::MAX);
    origin(&world).await;
    world.clock.advance(10 * SECOND);
    for runs in [2, 3] {
        assert_eq!(ask(&world).await.unwrap_err().kind(), ErrorKind::Denied);
        assert_eq!(world.runs(), runs);
    }
    assert_eq!(world.cache().stats().entries, 0);
}

#[tokio::test]
async fn nothing_found_is_remembered_for_a_while() {
    let world = World::with(policy().negative_ttl(3 * SECOND).stale_if_error(60 * SECOND));
    failing(&world, ErrorKind::NotFound, usize::MAX);
    origin(&world).await;
    world.clock.advance(10 * SECOND);
    let fresh = ask(&world).await.unwrap_err();
    assert_eq!((fresh.kind(), fresh.report().origin), (ErrorKind::NotFound, Origin::Executed));
    world.clock.advance(2 * SECOND);
    let hit = ask(&world).await.unwrap_err();
    assert_eq!((hit.kind(), hit.report().origin, hit.report().age), (ErrorKind::NotFound, Origin::Hit, 2 * SECOND));
    assert_eq!((world.runs(), world.cache().stats().negative_hits), (2, 1));
    assert!(world.cache().get(&world.call("ci.get", json!({}))).is_none());
    world.clock.advance(70 * SECOND);
    ask(&world).await.unwrap_err();
    assert_eq!(world.runs(), 3);
}

#[tokio::test]
async fn result_shortens_its_lifetime_and_never_prolongs_it() {
    for (own, lives) in [(4 * SECOND, 4), (100 * SECOND, 10)] {
        let world = World::with(policy());
        world.add(reads("ci.get"), move |_| async move { Ok(ToolOutput::json(&json!({"run": 1}))?.fresh_for(own)) });
        origin(&world).await;
        world.clock.advance(lives * SECOND - Duration::from_nanos(1));
        assert_eq!(origin(&world).await.0, Origin::Hit);
        world.clock.advance(Duration::from_nanos(1));
        assert_eq!(origin(&world).await.0, Origin::Executed);
    }
}

#[tokio::test]
async fn result_that_is_not_to_be_kept_replaces_the_older() {
    let world = World::with(policy());
    world.add(reads("ci.get"), |_| async { Ok(ToolOutput::json(&json!({"run": 1}))?.fresh_for(Duration::ZERO)) });
    let call = || world.call("ci.get", json!({}));
    world.cache().set(&call(), &ToolOutput::json(&json!({"run": 0})).unwrap(), None).unwrap();
    let refresh = CacheControl::mode(CacheMode::Refresh);
    let refresh = call().with_context(CallContext::new("acme", "ann").with_cache(refresh));
    world.executor.execute(refresh).await.unwrap();
    assert!(!world.cache().contains(&call()));
}

#[tokio::test]
async fn caller_can_refuse_stale_answers() {
    let world = World::with(policy().stale_while_revalidate(20 * SECOND));
    world.counting(reads("ci.get"));
    origin(&world).await;
    world.clock.advance(12 * SECOND);
    let most = |seconds: u32| {
        let control = CacheControl::default().with_max_stale(seconds * SECOND);
        world.make("ci.get", json!({}), CallContext::new("acme", "ann").with_cache(control))
    };
    assert_eq!(facts(&world.executor.execute(most(1)).await.unwrap()), (Origin::Executed, 2));
    world.clock.advance(12 * SECOND);
    assert_eq!(facts(&world.executor.execute(most(3)).await.unwrap()), (Origin::Stale, 2));
}

#[tokio::test]
async fn only_if_cached_refreshes_nothing() {
    let world = World::with(policy().stale_while_revalidate(20 * SECOND));
    world.counting(reads("ci.get"));
    origin(&world).await;
    world.clock.advance(12 * SECOND);
    let only = CacheControl::mode(CacheMode::OnlyIfCached);
    let call = world.make("ci.get", json!({}), CallContext::new("acme", "ann").with_cache(only));
    assert_eq!(facts(&world.executor.execute(call).await.unwrap()), (Origin::Stale, 1));
    settle().await;
    assert_eq!(world.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn load_has_the_policys_time_limit() {
    let world = World::with(policy().load_timeout(3 * SECOND));
    world.slow(reads("ci.get"));
    assert_eq!(ask(&world).await.unwrap_err().kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn jitter_spreads_what_expires_together() {
    // 10,000 answers of one lifetime: how many go in the busiest hundredth of it.
    let world = World::with(policy().default_ttl(100 * SECOND).jitter(0.2).max_entries(20_000));
    world.counting(reads("ci.get"));
    let output = ToolOutput::json(&json!(1)).unwrap();
    for n in 0..10_000 {
        world.cache().set(&world.call("ci.get", json!({ "n": n })), &output, None).unwrap();
    }
    let mut peak = 0;
    for _ in 0..100 {
        world.clock.advance(SECOND);
        peak = peak.max(world.cache().sweep());
    }
    assert_eq!(world.cache().stats().entries, 0);
    assert!(peak <= 2000 / 2, "{peak}");
}

#[tokio::test]
async fn stale_windows_survive_a_restart() {
    let make = || World::with(policy().stale_while_revalidate(20 * SECOND));
    let (before, after) = (make(), make());
    before.counting(reads("ci.get"));
    after.counting(reads("ci.get"));
    origin(&before).await;
    before.clock.advance(12 * SECOND);
    let document = before.cache().snapshot();
    after.clock.advance(15 * SECOND);
    assert_eq!(after.cache().restore(&document).unwrap(), 1);
    let report = ask(&after).await.unwrap().report;
    assert_eq!((report.origin, report.age), (Origin::Stale, 15 * SECOND));
}
