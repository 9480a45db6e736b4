//! What was invalidated is never read again, and what was being loaded is never kept.

use serde_json::json;
use tool_core::{Effect, Invalidation, Origin};

use crate::support::{World, facts, reads, settle};

fn world() -> World {
    let world = World::new();
    world.counting(reads("ci.get").tag("items"));
    world.counting(reads("ci.search").tag("items"));
    world.counting(reads("metric.list"));
    world
}

async fn warm(world: &World) {
    for name in ["ci.get", "ci.search", "metric.list"] {
        world.ask(name, json!({})).await.unwrap();
    }
}

#[track_caller]
fn check_held(world: &World, expected: [bool; 3]) {
    let held = ["ci.get", "ci.search", "metric.list"].map(|name| world.cache().contains(&world.call(name, json!({}))));
    assert_eq!(held, expected);
}

#[tokio::test]
async fn each_level_takes_its_own() {
    let world = world();
    warm(&world).await;
    check_held(&world, [true; 3]);
    world.cache().invalidate_tool(&"ci.get".parse().unwrap());
    check_held(&world, [false, true, true]);
    warm(&world).await;
    world.cache().invalidate_tag("items");
    check_held(&world, [false, false, true]);
    world.cache().invalidate_tag("nobody has this");
    check_held(&world, [false, false, true]);
    warm(&world).await;
    assert!(world.cache().invalidate(&world.call("ci.search", json!({}))));
    check_held(&world, [true, false, true]);
    world.cache().clear();
    check_held(&world, [false; 3]);
}

#[tokio::test]
async fn load_before_invalidation_is_not_kept() {
    type Invalidate = fn(&World);
    let ways: [Invalidate; 4] = [
        |world| world.cache().invalidate_tool(&"ci.slow".parse().unwrap()),
        |world| world.cache().invalidate_tag("slow"),
        |world| world.cache().clear(),
        |world| {
            world.cache().invalidate(&world.call("ci.slow", json!({})));
        },
    ];
    for invalidate in ways {
        let world = World::new();
        world.slow(reads("ci.slow").tag("slow"));
        let before = world.spawn(world.call("ci.slow", json!({})));
        settle().await;
        invalidate(&world);
        let after = world.spawn(world.call("ci.slow", json!({})));
        settle().await;
        assert_eq!(world.runs(), 2, "a later caller must not join");
        world.gate.add_permits(2);
        assert_eq!(facts(&before.await.unwrap().unwrap()), (Origin::Executed, 1));
        assert_eq!(facts(&after.await.unwrap().unwrap()), (Origin::Executed, 2));
        assert_eq!(world.origin("ci.slow", json!({})).await, (Origin::Hit, 2));
        assert_eq!(world.cache().stats().rejected.outdated, 1);
    }
}

#[tokio::test]
async fn write_invalidates_however_it_ends() {
    let world = world();
    let name = |name: &str| Invalidation::Tool(name.parse().unwrap());
    let writes = |name: &str| reads(name).effect(Effect::Writes).invalidates(Invalidation::Tag("items".to_owned()));
    world.slow(writes("ci.put").invalidates(name("metric.list")));
    world.add(writes("ci.crash"), |_| async { panic!("halfway") });

    warm(&world).await;
    let dropped = world.spawn(world.call("ci.put", json!({})));
    settle().await;
    check_held(&world, [true; 3]);
    dropped.abort();
    assert!(dropped.await.is_err());
    check_held(&world, [false; 3]);

    warm(&world).await;
    world.ask("ci.crash", json!({})).await.unwrap_err();
    check_held(&world, [false, false, true]);

    warm(&world).await;
    world.gate.add_permits(2);
    world.ask("ci.put", json!({"fail": 1})).await.unwrap_err();
    check_held(&world, [false; 3]);
    warm(&world).await;
    world.ask("ci.put", json!({})).await.unwrap();
    check_held(&world, [false; 3]);
}

#[tokio::test]
async fn set_by_hand_outlives_older_load() {
    let world = World::new();
    world.slow(reads("ci.get"));
    let load = world.spawn(world.call("ci.get", json!({})));
    settle().await;
    let output = tool_core::ToolOutput::json(&json!({"run": 77})).unwrap();
    world.cache().set(&world.call("ci.get", json!({})), &output, None).unwrap();
    world.gate.add_permits(1);
    load.await.unwrap().unwrap();
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Hit, 77));
}

#[tokio::test]
async fn tenant_takes_its_own() {
    let world = World::new();
    world.counting(reads("ci.get"));
    world.counting(reads("app.version").scope(tool_core::Scope::Shared));
    let call = |tenant: &str, name: &str| world.make(name, json!({}), tool_core::CallContext::new(tenant, "ann"));
    for tenant in ["acme", "umbra"] {
        for name in ["ci.get", "app.version"] {
            tool_core::ToolExecutor::execute(&*world.executor, call(tenant, name)).await.unwrap();
        }
    }
    world.cache().invalidate_tenant("acme");
    let held = |tenant, name| world.cache().contains(&call(tenant, name));
    assert!(!held("acme", "ci.get") && held("umbra", "ci.get") && held("acme", "app.version"));
}
