//! Which tool, caller and runtime do the checks use?

use std::sync::LazyLock;

use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tool_core::{CallContext, Effect, Params, Tool, ToolCall, ToolHandle, ToolOutput, ToolRegistry, ToolSpec, tool_fn};

/// The registry of the one tool that the checks call: it answers with its parameters and a list.
pub(crate) static REGISTRY: LazyLock<ToolRegistry> = LazyLock::new(|| {
    let registry = ToolRegistry::new();
    registry.register(echo()).expect("the name is free");
    registry
});

/// The registered tool.
static ECHO: LazyLock<ToolHandle> = LazyLock::new(|| REGISTRY.resolve("test.echo").expect("it was registered"));

fn echo() -> impl Tool {
    let spec = ToolSpec::builder("test.echo", "Answers with its parameters.").effect(Effect::Reads);
    tool_fn(spec.build().expect("the specification is complete"), |call: ToolCall| async move {
        ToolOutput::json(&json!({"params": call.params().as_value(), "records": [{"id": 1}, {"id": "two"}]}))
    })
}

/// Returns a call of the tool.
pub(crate) fn call(params: Params) -> ToolCall {
    ECHO.call(params, CallContext::new("acme", "ann"))
}

/// Returns the handle of the tool.
pub(crate) fn handle() -> ToolHandle {
    ECHO.clone()
}

thread_local! {
    static RUNTIME: Runtime =
        Builder::new_current_thread().enable_time().build().expect("a thread can have a runtime");
}

/// Runs a future to its end on this thread.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    RUNTIME.with(|runtime| runtime.block_on(future))
}
