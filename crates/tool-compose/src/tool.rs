//! How is a composition a tool?

use std::{
    fmt,
    sync::{Arc, Weak},
};

use async_trait::async_trait;
use tool_core::{
    CallContext, DynExecutor, ErrorKind, Execution, Params, Tool, ToolCall, ToolError, ToolResult, ToolSpec,
};

use crate::{CompositionPipeline, CompositionRun, ToolResolver};

/// A composition as a tool among the others, effect `Composite`.
///
/// It runs its steps over the executor that it is itself called through, and holds that weakly: an executor whose
/// registry holds the tool is not kept alive by it.
///
/// # Examples
///
/// ```
/// use std::sync::{Arc, Weak};
///
/// use serde_json::json;
/// use tool_compose::{CompositionPipeline, CompositionStep, CompositionTool, ToolResolver};
/// use tool_core::{CallContext, DynExecutor, Params, ToolExecutor, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let registry = Arc::new(ToolRegistry::new());
/// let spec = ToolSpec::builder("number.one", "Returns one.").build()?;
/// registry.register(tool_fn(spec, |_| async { ToolOutput::json(&json!(1)) }))?;
///
/// let pipeline = CompositionPipeline::builder("one", "Returns one in a list.")
///     .step(CompositionStep::new("get", "number.one"))
///     .output(json!(["${steps.get.output}"]))
///     .build_for(&registry)?;
/// let executor: Arc<dyn DynExecutor> = registry.clone();
/// let resolver: Arc<dyn ToolResolver> = registry.clone();
/// registry.register(CompositionTool::new(pipeline, Arc::downgrade(&executor), Arc::downgrade(&resolver)))?;
///
/// let call = registry.call("compose.one", Params::empty(), CallContext::new("acme", "ann"))?;
/// assert_eq!(registry.execute(call).await?.payload.as_str(), "[1]");
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CompositionTool {
    pipeline: Arc<CompositionPipeline>,
    executor: Weak<dyn DynExecutor>,
    resolver: Weak<dyn ToolResolver>,
}

impl CompositionTool {
    /// Makes a tool of a composition, the executor that its steps go through and who finds their tools.
    pub fn new(
        pipeline: impl Into<Arc<CompositionPipeline>>,
        executor: Weak<dyn DynExecutor>,
        resolver: Weak<dyn ToolResolver>,
    ) -> Self {
        Self { pipeline: pipeline.into(), executor, resolver }
    }

    /// Returns the composition.
    #[must_use]
    pub fn pipeline(&self) -> &Arc<CompositionPipeline> {
        &self.pipeline
    }

    /// Runs the composition and returns the whole run: for who needs the evidence of every step.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unavailable`] if the executor is gone; how the steps went is on the run.
    pub async fn run(&self, params: Params, context: CallContext) -> Result<CompositionRun, ToolError> {
        let (Some(executor), Some(resolver)) = (self.executor.upgrade(), self.resolver.upgrade()) else {
            let message = format!("{} has nothing left to run on", self.pipeline.tool_name());
            return Err(ToolError::new(ErrorKind::Unavailable, message).with_execution(Execution::NotExecuted));
        };
        Ok(self.pipeline.execute(&*executor, &*resolver, params, context).await)
    }
}

#[async_trait]
impl Tool for CompositionTool {
    fn spec(&self) -> Arc<ToolSpec> {
        Arc::clone(self.pipeline.spec())
    }

    async fn call(&self, call: ToolCall) -> ToolResult {
        self.run(call.params().clone(), call.context().clone()).await?.to_result()
    }
}

impl fmt::Debug for CompositionTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CompositionTool").field(&self.pipeline).finish()
    }
}
