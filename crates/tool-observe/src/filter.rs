//! Which traces does somebody want to see?

use tool_core::ToolName;

use crate::{ToolExecutionTrace, TraceStatus};

/// Which traces somebody wants to see: begins with whose, because traces of one tenant are not shown to another.
///
/// # Examples
///
/// ```
/// use tool_observe::TraceFilter;
///
/// let filter = TraceFilter::tenant("acme").failures().limit(20);
/// # let _ = filter;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a filter does nothing until it is applied"]
pub struct TraceFilter {
    tenant: Option<String>,
    tool: Option<ToolName>,
    status: Option<TraceStatus>,
    limit: usize,
}

impl TraceFilter {
    /// Lets through the traces of one tenant.
    pub fn tenant(tenant: impl Into<String>) -> Self {
        Self { tenant: Some(tenant.into()), ..Self::every_tenant() }
    }

    /// Lets through everything: for who owns the process, as when it saves its state.
    pub fn every_tenant() -> Self {
        Self { tenant: None, tool: None, status: None, limit: usize::MAX }
    }

    /// Lets through one tool alone.
    pub fn tool(mut self, tool: ToolName) -> Self {
        self.tool = Some(tool);
        self
    }

    /// Lets through failures alone.
    pub fn failures(mut self) -> Self {
        self.status = Some(TraceStatus::Error);
        self
    }

    /// Lets through so many, the newest.
    pub fn limit(mut self, traces: usize) -> Self {
        self.limit = traces;
        self
    }

    pub(crate) fn whose(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    pub(crate) fn most(&self) -> usize {
        self.limit
    }

    /// Returns whether a trace of the right tenant is wanted.
    pub(crate) fn admits(&self, trace: &ToolExecutionTrace) -> bool {
        self.tool.as_ref().is_none_or(|tool| *tool == trace.tool)
            && self.status.is_none_or(|status| status == trace.status)
    }
}
