//! Where do calls meet the tracer?

use std::sync::Arc;

use tool_core::{ToolCall, ToolExecutor, ToolResult};

use crate::ExecutionTracer;

/// Records every call: the outermost layer, so that hits, denials and time-outs are seen like everything else.
///
/// A call that is made inside of another one becomes its child: the span travels down in the call's context. A hit costs
/// no allocation; with the tracer's policy disabled, a call costs one branch.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use tool_core::ToolRegistry;
/// use tool_observe::{ExecutionTracer, ObservePolicy, TracedExecutor};
///
/// let tracer = Arc::new(ExecutionTracer::new(ObservePolicy::default()));
/// let traced = TracedExecutor::new(ToolRegistry::new(), tracer);
/// assert!(traced.tracer().performance_stats().is_empty());
/// ```
#[derive(Debug)]
pub struct TracedExecutor<E> {
    inner: E,
    tracer: Arc<ExecutionTracer>,
}

impl<E> TracedExecutor<E> {
    /// Records the calls of an executor.
    #[must_use]
    pub fn new(inner: E, tracer: Arc<ExecutionTracer>) -> Self {
        Self { inner, tracer }
    }

    /// Returns what calls go on to.
    #[must_use]
    pub fn inner(&self) -> &E {
        &self.inner
    }

    /// Returns where calls are recorded.
    #[must_use]
    pub fn tracer(&self) -> &Arc<ExecutionTracer> {
        &self.tracer
    }
}

impl<E: ToolExecutor> ToolExecutor for TracedExecutor<E> {
    async fn execute(&self, mut call: ToolCall) -> ToolResult {
        if !self.tracer.is_enabled() {
            return self.inner.execute(call).await;
        }
        let mut trace = self.tracer.start_trace(&call);
        call.enter(trace.trace_parent(), trace.started());
        let result = self.inner.execute(call).await;
        trace.end(&result);
        result
    }
}
