use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tool_core::{
    CallContext, Clock, Effect, ErrorKind, Execution, ExecutionRecord, ExecutionSink, Params, Tool, ToolExecutor,
    ToolOutput, ToolRegistry, ToolResult, ToolSpec, testing::ManualClock, tool_fn,
};

fn spec(name: &str) -> ToolSpec {
    let input = json!({"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": false});
    ToolSpec::builder(name, "A tool of the tests.").input(input).effect(Effect::Pure).build().unwrap()
}

fn echo(name: &str) -> impl Tool {
    tool_fn(spec(name), |call| async move { ToolOutput::json(call.params().as_value()) })
}

fn params(value: Value) -> Params {
    value.try_into().unwrap()
}

async fn call(registry: &ToolRegistry, name: &str, value: Value) -> ToolResult {
    registry.execute(registry.call(name, params(value), CallContext::new("t", "p"))?).await
}

#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<(Duration, Option<ErrorKind>)>>);

impl ExecutionSink for Recorder {
    fn executed(&self, record: &ExecutionRecord<'_>) {
        self.0.lock().unwrap().push((record.elapsed, record.error_kind()));
    }
}

fn recorded() -> (ToolRegistry, Arc<Recorder>, Arc<ManualClock>) {
    let (sink, clock) = (Arc::new(Recorder::default()), Arc::new(ManualClock::new()));
    (ToolRegistry::new().with_sink(sink.clone()).with_clock(clock.clone()), sink, clock)
}

#[tokio::test]
async fn call_reaches_the_tool() {
    let registry = ToolRegistry::new();
    registry.register(echo("test.echo")).unwrap();
    let output = call(&registry, "TEST_ECHO", json!({"n": 7})).await.unwrap();
    assert_eq!(output.payload.as_str(), r#"{"n":7}"#);
}

#[tokio::test]
async fn invalid_params_never_reach_the_tool() {
    let (registry, sink, _) = recorded();
    registry.register(echo("test.echo")).unwrap();
    let error = call(&registry, "test.echo", json!({"n": "x", "m": 1})).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::InvalidParams, Execution::NotExecuted));
    assert_eq!(error.violations().len(), 2);
    assert!(sink.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn unknown_tool_names_the_nearest() {
    let registry = ToolRegistry::new();
    registry.register(echo("metric.aggregate")).unwrap();
    let error = call(&registry, "metric.agregate", json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownTool);
    assert_eq!(error.suggestions(), ["metric.aggregate"]);
}

#[tokio::test]
async fn double_registration_is_refused() {
    let registry = ToolRegistry::new();
    registry.register(echo("test.echo")).unwrap();
    assert!(registry.register(echo("test.echo")).is_err());
    assert_eq!(registry.tools().len(), 1);
}

#[tokio::test]
async fn removed_tool_is_unknown_to_old_calls() {
    let registry = ToolRegistry::new();
    let handle = registry.register(echo("test.echo")).unwrap();
    let stale = handle.call(Params::empty(), CallContext::new("t", "p"));
    registry.remove(handle.spec().name()).unwrap();
    registry.register(echo("test.echo")).unwrap();
    assert_eq!(registry.execute(stale).await.unwrap_err().kind(), ErrorKind::UnknownTool);
    assert!(call(&registry, "test.echo", json!({})).await.is_ok());
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("in drop");
    }
}

#[tokio::test]
async fn panicking_tool_harms_nobody() {
    let (registry, sink, _) = recorded();
    registry.register(tool_fn(spec("test.early"), |_| -> std::future::Ready<ToolResult> { panic!("making") })).unwrap();
    registry.register(tool_fn(spec("test.before"), |_| async { panic!("{}", 5) })).unwrap();
    let after = tool_fn(spec("test.after"), |_| async {
        tokio::task::yield_now().await;
        std::panic::panic_any(7_u8)
    });
    registry.register(after).unwrap();
    let dropping = tool_fn(spec("test.drop"), |_| {
        let bomb = Bomb;
        async move {
            let result = ToolOutput::json(&1);
            tokio::task::yield_now().await;
            std::mem::drop(std::hint::black_box(bomb));
            result
        }
    });
    registry.register(dropping).unwrap();
    registry.register(echo("test.echo")).unwrap();
    for name in ["test.early", "test.before", "test.after", "test.drop"] {
        assert_eq!(call(&registry, name, json!({})).await.unwrap_err().kind(), ErrorKind::Panicked, "{name}");
    }
    assert!(call(&registry, "test.echo", json!({})).await.is_ok());
    let panics = sink.0.lock().unwrap().iter().filter(|(_, kind)| *kind == Some(ErrorKind::Panicked)).count();
    assert_eq!(panics, 4);
}

#[tokio::test]
async fn sink_hears_of_every_run_once() {
    let (registry, sink, clock) = recorded();
    let ticking = clock.clone();
    let slow = tool_fn(spec("test.slow"), move |_| {
        ticking.advance(Duration::from_millis(40));
        async { ToolOutput::json(&1) }
    });
    registry.register(slow).unwrap();
    registry.register(tool_fn(spec("test.hang"), |_| pending())).unwrap();
    call(&registry, "test.slow", json!({})).await.unwrap();
    let hanging = tokio::time::timeout(Duration::ZERO, call(&registry, "test.hang", json!({}))).await;
    assert!(hanging.is_err());
    let seen = sink.0.lock().unwrap().clone();
    assert_eq!(seen, [(Duration::from_millis(40), None), (Duration::ZERO, Some(ErrorKind::Cancelled))]);
}

#[tokio::test]
async fn readers_see_one_whole_version() {
    let registry = Arc::new(ToolRegistry::new());
    registry.register(echo("test.always")).unwrap();
    let writer = {
        let registry = registry.clone();
        tokio::task::spawn_blocking(move || {
            for _ in 0..500 {
                let handle = registry.register(echo("test.sometimes")).unwrap();
                registry.remove(handle.spec().name()).unwrap();
            }
        })
    };
    while !writer.is_finished() {
        let tools = registry.tools();
        assert!(tools.iter().any(|tool| tool.spec().name().as_str() == "test.always"));
        assert!(call(&registry, "test.always", json!({})).await.is_ok());
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
    assert_eq!((registry.tools().len(), registry.version()), (1, 1001));
}

#[tokio::test]
async fn manual_clock_tells_wall_time_too() {
    let clock = ManualClock::new();
    let before = clock.wall();
    clock.advance(Duration::from_secs(60));
    assert_eq!(clock.wall().duration_since(before).unwrap(), Duration::from_secs(60));
}
