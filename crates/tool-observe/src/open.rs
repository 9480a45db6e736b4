//! What is known of a call while it runs?

use std::{fmt, time::Instant};

use tool_core::{Params, ToolResult, TraceParent};

use crate::{ExecutionTracer, SpanId, TraceId, facts::Facts, record::Subject, tools::ToolCell};

/// A call that is being recorded; dropped without an end, it is recorded as cancelled.
#[must_use = "a trace that is dropped is recorded as cancelled"]
pub struct OpenTrace<'t> {
    tracer: &'t ExecutionTracer,
    open: Open<'t>,
    span: TraceParent,
}

/// What is known of a call before it ends. It is large, and stays where it is until the ring takes the subject.
pub(crate) struct Open<'t> {
    /// Which call it is, until it is recorded.
    pub(crate) subject: Option<Subject>,
    /// The caller's own, until they are captured.
    pub(crate) params: Params,
    pub(crate) tool: &'t ToolCell,
    pub(crate) started: Instant,
}

impl<'t> OpenTrace<'t> {
    pub(crate) fn new(tracer: &'t ExecutionTracer, open: Open<'t>, span: TraceParent) -> Self {
        Self { tracer, open, span }
    }

    /// Returns the trace that the call is part of.
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        TraceId(self.span.trace_id())
    }

    /// Returns the id of the call.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        SpanId(self.span.span_id())
    }

    /// Returns what the calls made inside of this one must have as their trace parent.
    #[must_use]
    pub fn trace_parent(&self) -> TraceParent {
        self.span
    }

    /// Returns when the call began.
    pub(crate) fn started(&self) -> Instant {
        self.open.started
    }

    /// Records how the call ended; a second end is none.
    pub(crate) fn end(&mut self, result: &ToolResult) {
        self.tracer.record(&mut self.open, Facts::of(result));
    }
}

impl Drop for OpenTrace<'_> {
    fn drop(&mut self) {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::DroppedNotCounted) {
            return;
        }
        if self.open.subject.is_some() {
            self.tracer.record(&mut self.open, Facts::dropped());
        }
    }
}

impl fmt::Debug for OpenTrace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OpenTrace").field(&self.span_id()).finish()
    }
}
