//! A runner over two scripted tools, and a count of how often they ran.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use runner::{
    Config, Runner,
    tool_compose::Definition,
    tool_core::{
        CallContext, Clock, Effect, ErrorKind, Params, Scope, SystemClock, Tool, ToolError, ToolOutput, ToolResult,
        ToolSpec, tool_fn,
    },
    tool_select::IntentTable,
};
use serde_json::{Value, json};

/// A runner, and how often its tools ran.
pub(crate) struct Bench {
    pub(crate) runner: Runner,
    runs: Arc<AtomicU64>,
}

impl Bench {
    /// Makes a runner with this configuration.
    pub(crate) fn new(toml: &str) -> Self {
        Self::with_clock(toml, Arc::new(SystemClock::new()))
    }

    /// Makes a runner with this configuration, by this clock.
    pub(crate) fn with_clock(toml: &str, clock: Arc<dyn Clock>) -> Self {
        let runs = Arc::new(AtomicU64::new(0));
        let intents = IntentTable::new().intent("LOOKUP", &[("test.echo", 0.2), ("test.fail", 0.0)]).unwrap();
        let runner = Runner::builder()
            .config(Config::parse(toml, "test.toml").unwrap())
            .clock(clock)
            .tool(echo(runs.clone()))
            .tool(fail(runs.clone()))
            .tool(hang())
            .tool(write(runs.clone()))
            .intents(intents)
            .composition(twice())
            .build()
            .unwrap();
        Self { runner, runs }
    }

    /// Returns how often a tool ran.
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::SeqCst)
    }

    /// Calls a tool as `ann` of tenant `acme`.
    pub(crate) async fn call(&self, tool: &str, params: Value) -> ToolResult {
        self.runner.call(tool, params.try_into().unwrap(), context()).await
    }
}

pub(crate) fn context() -> CallContext {
    CallContext::new("acme", "ann")
}

pub(crate) fn params(value: Value) -> Params {
    value.try_into().unwrap()
}

fn spec(name: &str) -> ToolSpec {
    let input = json!({"type": "object", "properties": {"n": {"type": "integer"}}});
    let spec = ToolSpec::builder(name, "A tool of the tests.").input(input);
    spec.effect(Effect::Reads).scope(Scope::Tenant).build().unwrap()
}

/// Answers who asked for what.
pub(crate) fn echo(runs: Arc<AtomicU64>) -> impl Tool {
    tool_fn(spec("test.echo"), move |call| {
        runs.fetch_add(1, Ordering::SeqCst);
        async move { ToolOutput::json(&json!({"tenant": call.context().tenant(), "n": call.params().get("n")})) }
    })
}

fn fail(runs: Arc<AtomicU64>) -> impl Tool {
    tool_fn(spec("test.fail"), move |_| {
        runs.fetch_add(1, Ordering::SeqCst);
        async { Err(ToolError::new(ErrorKind::Failed, "it never works")) }
    })
}

/// Changes something.
fn write(runs: Arc<AtomicU64>) -> impl Tool {
    let spec = ToolSpec::builder("test.write", "Writes for the tests.").effect(Effect::Writes).build().unwrap();
    tool_fn(spec, move |_| {
        runs.fetch_add(1, Ordering::SeqCst);
        async { ToolOutput::json(&"written") }
    })
}

pub(crate) fn hang() -> impl Tool {
    tool_fn(spec("test.hang"), |_| std::future::pending())
}

fn twice() -> Definition {
    serde_json::from_value(json!({
        "name": "twice",
        "description": "Asks the same twice.",
        "params": {"n": {"type": "integer", "default": 1}},
        "steps": [
            {"id": "first", "tool": "test.echo", "params": {"n": "${params.n}"}},
            {"id": "again", "tool": "test.echo", "params": {"n": "${steps.first.output.n}"}},
        ],
    }))
    .unwrap()
}
