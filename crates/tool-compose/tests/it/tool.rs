use std::sync::{Arc, Weak};

use serde_json::json;
use tool_compose::{CompositionBuilder, CompositionTool, ToolResolver};
use tool_core::{DynExecutor, Effect, ErrorKind, Tool};

use crate::support::{World, context, definition};

fn register(world: &World, name: &str, tool: &str) -> CompositionTool {
    let builder: CompositionBuilder = definition(json!({
        "name": name, "description": "Calls one tool.",
        "params": {"n": {"type": "integer", "default": 1}},
        "steps": [{"id": "only", "tool": tool, "params": {"n": "${params.n}"}}],
        "output": {"inner": "${steps.only.output}"},
    }))
    .into();
    let executor: Arc<dyn DynExecutor> = world.registry.clone();
    let resolver: Arc<dyn ToolResolver> = world.registry.clone();
    let tool = CompositionTool::new(builder.build().unwrap(), Arc::downgrade(&executor), Arc::downgrade(&resolver));
    world.registry.register(tool.clone()).unwrap();
    tool
}

#[tokio::test]
async fn composition_is_a_tool() {
    let world = World::new();
    register(&world, "outer", "compose.inner");
    let inner = register(&world, "inner", "test.a");
    assert_eq!(inner.spec().effect(), Effect::Composite);
    let output = world.call("compose.outer", json!({"n": 7})).await.unwrap();
    assert_eq!(output.payload.value(), &json!({"inner": {"inner": {"n": 7}}}));
}

#[tokio::test]
async fn recursion_through_tools_is_refused() {
    let world = World::new();
    register(&world, "x", "compose.y");
    register(&world, "y", "compose.x");
    let error = world.call("compose.x", json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
    assert!(error.to_string().contains("compose.x calls itself: compose.x > compose.y > compose.x"), "{error}");
    assert!(world.called().is_empty());
}

#[tokio::test]
async fn whole_run_can_be_had() {
    let world = World::new();
    let tool = register(&world, "inner", "test.a");
    let run = tool.run(tool_core::Params::empty(), context()).await.unwrap();
    assert_eq!(run.steps[0].params.as_ref().unwrap().as_value(), &json!({"n": 1}));
}

#[tokio::test]
async fn tool_keeps_no_executor_alive() {
    let world = World::new();
    let tool = register(&world, "inner", "test.a");
    let weak: Weak<_> = Arc::downgrade(&world.registry);
    drop(world);
    assert!(weak.upgrade().is_none());
    let error = tool.run(tool_core::Params::empty(), context()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}
