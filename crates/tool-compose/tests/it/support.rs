//! Tools that do what their parameters say, and a record of what was called.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tool_compose::{CompositionBuilder, CompositionPipeline, CompositionRun, CompositionStep, Definition};
use tool_core::{
    CallContext, Effect, ErrorKind, Execution, Params, ToolCall, ToolError, ToolExecutor, ToolOutput, ToolRegistry,
    ToolResult, ToolSpec, tool_fn,
};

/// Every call that reached a tool: its name and its parameters.
pub(crate) type Calls = Arc<Mutex<Vec<(String, Value)>>>;

pub(crate) struct World {
    pub(crate) registry: Arc<ToolRegistry>,
    pub(crate) calls: Calls,
}

/// Echoes, or fails as the parameter `fail` says.
fn answer(call: &ToolCall) -> ToolResult {
    match call.params().get("fail").and_then(Value::as_str) {
        Some("not_found") => Err(ToolError::new(ErrorKind::NotFound, "nothing is called `x`").with_suggestions(["y"])),
        Some("unavailable") => Err(ToolError::new(ErrorKind::Unavailable, "store is down")
            .with_execution(Execution::NotExecuted)
            .with_source(std::io::Error::other("refused"))),
        _ => ToolOutput::json(call.params().as_value()),
    }
}

impl World {
    /// Tools `test.a` to `test.d` that read, and `test.write` that writes.
    pub(crate) fn new() -> Self {
        let (registry, calls) = (Arc::new(ToolRegistry::new()), Calls::default());
        for (name, effect) in [("a", Effect::Reads), ("b", Effect::Reads), ("c", Effect::Reads), ("d", Effect::Reads)]
            .into_iter()
            .chain([("write", Effect::Writes)])
        {
            let calls = Arc::clone(&calls);
            let spec = ToolSpec::builder(&format!("test.{name}"), "Echoes or fails.").effect(effect).build().unwrap();
            let tool = tool_fn(spec, move |call| {
                let seen = (call.spec().name().to_string(), call.params().as_value().clone());
                calls.lock().unwrap().push(seen);
                async move { answer(&call) }
            });
            registry.register(tool).unwrap();
        }
        Self { registry, calls }
    }

    pub(crate) async fn run(&self, pipeline: &CompositionPipeline, params: Value) -> CompositionRun {
        self.run_in(pipeline, params, context()).await
    }

    pub(crate) async fn run_in(
        &self,
        pipeline: &CompositionPipeline,
        params: Value,
        context: CallContext,
    ) -> CompositionRun {
        pipeline.execute(&*self.registry, &*self.registry, Params::try_from(params).unwrap(), context).await
    }

    pub(crate) async fn call(&self, tool: &str, params: Value) -> ToolResult {
        self.registry.execute(self.registry.call(tool, Params::try_from(params)?, context())?).await
    }

    /// The names of the tools that were called, in order.
    pub(crate) fn called(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(name, _)| name.clone()).collect()
    }
}

pub(crate) fn context() -> CallContext {
    CallContext::new("acme", "ann")
}

pub(crate) fn empty() -> CompositionBuilder {
    CompositionPipeline::builder("sample", "A composition of the tests.")
}

pub(crate) fn step(id: &str, params: Value) -> CompositionStep {
    let Value::Object(params) = params else { panic!("parameters are an object") };
    CompositionStep::new(id, format!("test.{}", &id[..1])).params(params)
}

pub(crate) fn definition(value: Value) -> Definition {
    serde_json::from_value(value).unwrap()
}

pub(crate) fn failing(id: &str) -> CompositionStep {
    step(id, json!({"fail": "not_found"}))
}

pub(crate) fn statuses(run: &CompositionRun) -> Vec<&'static str> {
    run.steps.iter().map(|step| step.status.as_str()).collect()
}
