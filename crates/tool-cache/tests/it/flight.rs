//! One load per question, whatever its callers do.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use serde_json::json;
use tool_cache::{CachePolicy, CachedExecutor};
use tool_core::{
    CacheControl, CacheMode, CallContext, Clock, ErrorKind, Execution, Origin, ToolExecutor, ToolOutput, ToolRegistry,
    ToolResult,
};

use crate::support::{World, facts, reads, settle};

#[tokio::test]
async fn concurrent_misses_call_tool_once() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let callers: Vec<_> = (0..100).map(|_| world.spawn(world.call("ci.get", json!({"id": 1})))).collect();
    settle().await;
    world.gate.add_permits(1);
    let mut origins = Vec::new();
    for caller in callers {
        let (origin, run) = facts(&caller.await.unwrap().unwrap());
        assert_eq!(run, 1);
        origins.push(origin);
    }
    assert_eq!(origins.iter().filter(|origin| **origin == Origin::Executed).count(), 1);
    assert_eq!(origins.iter().filter(|origin| **origin == Origin::Shared).count(), 99);
    let stats = world.cache().stats();
    assert_eq!((stats.loads, stats.shared, stats.misses, stats.hits), (1, 99, 100, 0));
}

#[tokio::test]
async fn concurrent_callers_share_the_error() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let callers: Vec<_> = (0..32).map(|_| world.spawn(world.call("ci.get", json!({"fail": true})))).collect();
    settle().await;
    world.gate.add_permits(1);
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap_err().kind(), ErrorKind::Unavailable);
    }
    assert_eq!(world.runs(), 1);
}

#[tokio::test]
async fn load_survives_its_callers() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let first = world.spawn(world.call("ci.get", json!({})));
    settle().await;
    first.abort();
    settle().await;
    world.gate.add_permits(1);
    settle().await;
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Hit, 1));
}

#[tokio::test]
async fn panicking_load_strands_nobody() {
    struct Panicking;
    impl ToolExecutor for Panicking {
        async fn execute(&self, _call: tool_core::ToolCall) -> ToolResult {
            tokio::task::yield_now().await;
            panic!("of a layer, not of a tool")
        }
    }
    let world = World::new();
    world.counting(reads("ci.get"));
    let executor = Arc::new(CachedExecutor::new(Panicking, Arc::clone(world.cache())));
    let ask = || {
        let (executor, call) = (Arc::clone(&executor), world.call("ci.get", json!({})));
        tokio::spawn(async move { executor.execute(call).await })
    };
    for caller in [ask(), ask()] {
        assert_eq!(caller.await.unwrap().unwrap_err().kind(), ErrorKind::Panicked);
    }
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Executed, 1));
}

#[test]
fn stopped_runtime_strands_nobody() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let (gone, here) = (runtime(), runtime());
    let first = {
        let _inside = gone.enter();
        world.spawn(world.call("ci.get", json!({})))
    };
    gone.block_on(settle());
    let second = here.spawn({
        let (executor, call) = (Arc::clone(&world.executor), world.call("ci.get", json!({})));
        async move { executor.execute(call).await }
    });
    here.block_on(settle());
    drop(gone);
    assert_eq!(here.block_on(second).unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(here.block_on(first).is_err());
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn waiters_keep_their_own_deadlines() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let until = |seconds| {
        let deadline = world.clock.now() + Duration::from_secs(seconds);
        world.make("ci.get", json!({}), CallContext::new("acme", "ann").with_deadline(deadline))
    };
    // The first caller's deadline is the shortest, and is not the load's.
    let (hasty, patient) = (world.spawn(until(1)), world.spawn(until(60)));
    let error = hasty.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::TimedOut, Execution::Unknown));
    world.gate.add_permits(1);
    assert_eq!(facts(&patient.await.unwrap().unwrap()), (Origin::Shared, 1));
}

#[tokio::test]
async fn past_deadline_begins_no_load() {
    let world = World::new();
    world.counting(reads("ci.get"));
    let context = CallContext::new("acme", "ann").with_deadline(world.clock.now());
    let error = world.executor.execute(world.make("ci.get", json!({}), context)).await.unwrap_err();
    assert_eq!((error.kind(), error.execution(), world.runs()), (ErrorKind::TimedOut, Execution::NotExecuted, 0));
}

#[tokio::test]
async fn load_has_no_callers_deadline() {
    let world = World::new();
    world.add(reads("ci.get"), |call| async move {
        ToolOutput::json(&json!({"run": u64::from(call.context().deadline().is_some())}))
    });
    let context = CallContext::new("acme", "ann").with_deadline(world.clock.now() + Duration::from_secs(9));
    let output = world.executor.execute(world.make("ci.get", json!({}), context)).await.unwrap();
    assert_eq!(facts(&output), (Origin::Executed, 0));
}

#[tokio::test]
async fn keys_never_wait_on_each_other() {
    let world = World::new();
    world.slow(reads("ci.slow"));
    world.counting(reads("ci.fast"));
    let slow = world.spawn(world.call("ci.slow", json!({})));
    for n in 0..1000 {
        world.ask("ci.fast", json!({ "n": n })).await.unwrap();
    }
    world.gate.add_permits(1);
    slow.await.unwrap().unwrap();
}

#[tokio::test]
async fn refresh_joins_no_older_load() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let old = world.spawn(world.call("ci.get", json!({})));
    settle().await;
    let refresh = CallContext::new("acme", "ann").with_cache(CacheControl::mode(CacheMode::Refresh));
    let new = world.spawn(world.make("ci.get", json!({}), refresh));
    settle().await;
    let late = world.spawn(world.call("ci.get", json!({})));
    settle().await;
    world.gate.add_permits(2);
    assert_eq!(facts(&old.await.unwrap().unwrap()), (Origin::Executed, 1));
    assert_eq!(facts(&new.await.unwrap().unwrap()), (Origin::Executed, 2));
    assert_eq!(facts(&late.await.unwrap().unwrap()), (Origin::Shared, 2));
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Hit, 2));
    assert_eq!(world.cache().stats().rejected.outdated, 1);
}

#[tokio::test]
async fn flights_are_bounded() {
    let world = World::with(CachePolicy::builder().max_flights(2));
    world.slow(reads("ci.get"));
    let callers: Vec<_> = (0..5).map(|n| world.spawn(world.call("ci.get", json!({ "n": n })))).collect();
    settle().await;
    assert_eq!((world.runs(), world.cache().stats().unshared), (5, 3));
    world.gate.add_permits(5);
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    settle().await;
    world.gate.add_permits(1);
    world.ask("ci.get", json!({"n": 9})).await.unwrap();
    assert_eq!(world.cache().stats().unshared, 3);
}

/// Registers a tool that asks `target` through the cache before it answers.
fn asking(world: &World, name: &'static str, target: &'static str, inside: bool) {
    let (weak, runs) = (Arc::downgrade(&world.executor), Arc::clone(&world.runs));
    world.add(reads(name), move |call| {
        let executor: Arc<CachedExecutor<ToolRegistry>> = weak.upgrade().unwrap();
        runs.fetch_add(1, Ordering::SeqCst);
        async move {
            let own = call.context().clone();
            let context = if inside { own.inside(call.spec().name())? } else { own };
            executor.execute(executor.inner().call(target, call.params().clone(), context)?).await
        }
    });
}

#[tokio::test]
async fn recursion_is_an_error() {
    for inside in [true, false] {
        let world = World::new();
        asking(&world, "a.self", "a.self", inside);
        let error = world.ask("a.self", json!({})).await.unwrap_err();
        assert_eq!((error.kind(), world.runs()), (ErrorKind::InvalidParams, 1));
        assert!(error.to_string().contains("a.self asks itself"), "{error}");
    }
}

#[tokio::test]
async fn mutual_recursion_is_an_error() {
    let world = World::new();
    asking(&world, "a.ping", "a.pong", true);
    asking(&world, "a.pong", "a.ping", true);
    assert_eq!(world.ask("a.ping", json!({})).await.unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[tokio::test]
async fn loads_that_wait_for_each_other_are_an_error() {
    let world = World::new();
    asking(&world, "a.ping", "a.pong", false);
    // Each load is begun by a call of its own, and asks the other when both run.
    let weak = Arc::downgrade(&world.executor);
    let gate = Arc::clone(&world.gate);
    world.add(reads("a.pong"), move |call| {
        let (executor, gate): (Arc<CachedExecutor<ToolRegistry>>, _) = (weak.upgrade().unwrap(), Arc::clone(&gate));
        async move {
            gate.acquire().await.unwrap().forget();
            executor.execute(executor.inner().call("a.ping", call.params().clone(), call.context().clone())?).await
        }
    });
    let pong = world.spawn(world.call("a.pong", json!({})));
    settle().await;
    let ping = world.spawn(world.call("a.ping", json!({})));
    settle().await;
    world.gate.add_permits(1);
    for caller in [ping, pong] {
        assert_eq!(caller.await.unwrap().unwrap_err().kind(), ErrorKind::InvalidParams);
    }
}

#[tokio::test]
async fn refreshes_at_once_share_one_load() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let refresh = || CallContext::new("acme", "ann").with_cache(CacheControl::mode(CacheMode::Refresh));
    let callers: Vec<_> = (0..20).map(|_| world.spawn(world.make("ci.get", json!({}), refresh()))).collect();
    settle().await;
    world.gate.add_permits(20);
    for caller in callers {
        assert_eq!(facts(&caller.await.unwrap().unwrap()).1, 1);
    }
    assert_eq!(world.runs(), 1);
}

#[tokio::test]
async fn orphans_are_bounded_and_counted() {
    let world = World::with(CachePolicy::builder().max_orphans(2));
    world.slow(reads("ci.get"));
    for n in 0..5 {
        let caller = world.spawn(world.call("ci.get", json!({ "n": n })));
        settle().await;
        caller.abort();
        settle().await;
    }
    let stats = world.cache().stats();
    assert_eq!((stats.orphaned, stats.aborted, stats.loads), (2, 3, 5));
    world.gate.add_permits(5);
    settle().await;
    assert_eq!(world.cache().stats().entries, 2);
    // Their places are free again.
    let caller = world.spawn(world.call("ci.get", json!({"n": 9})));
    settle().await;
    caller.abort();
    settle().await;
    assert_eq!(world.cache().stats().entries, 3);
}

#[tokio::test]
async fn load_that_is_not_kept_ends_with_its_last_caller() {
    let world = World::new();
    world.slow(reads("ci.now").ttl(Duration::ZERO));
    let callers = [(); 2].map(|()| world.spawn(world.call("ci.now", json!({}))));
    settle().await;
    callers[0].abort();
    settle().await;
    assert_eq!(world.cache().stats().aborted, 0);
    callers[1].abort();
    settle().await;
    assert_eq!((world.runs(), world.cache().stats().aborted, world.cache().stats().orphaned), (1, 1, 0));
}

#[tokio::test]
async fn adopted_orphan_answers_who_comes_late() {
    let world = World::with(CachePolicy::builder().max_orphans(1));
    world.slow(reads("ci.get"));
    let first = world.spawn(world.call("ci.get", json!({})));
    settle().await;
    first.abort();
    settle().await;
    let late = world.spawn(world.call("ci.get", json!({})));
    settle().await;
    world.gate.add_permits(1);
    assert_eq!(facts(&late.await.unwrap().unwrap()), (Origin::Shared, 1));
}
