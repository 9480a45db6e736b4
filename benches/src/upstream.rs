//! What is behind the guard?

use std::sync::Arc;

use serde_json::json;
use tool_core::{
    CallContext, Effect, Scope, ToolCall, ToolError, ToolHandle, ToolOutput, ToolRegistry, ToolSpec, tool_fn,
};

use crate::question;

/// A healthy tool that reads, in the registry that checks its parameters and holds its panics.
#[derive(Debug)]
pub struct Upstream {
    registry: Arc<ToolRegistry>,
    tool: ToolHandle,
}

impl Upstream {
    /// Registers the tool.
    ///
    /// # Errors
    ///
    /// None: its specification is sound.
    pub fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let spec = ToolSpec::builder("metric.aggregate", "Aggregates a metric.")
            .effect(Effect::Reads)
            .scope(Scope::Tenant)
            .input(json!({"type": "object", "properties": {"limit": {"type": "integer"}}, "required": ["ci_id"]}))
            .build()?;
        let registry = Arc::new(ToolRegistry::new());
        let tool = registry.register(tool_fn(spec, |_| async {
            ToolOutput::json(&json!({"rows": [{"bucket": "10:00", "value": 12.5}], "total": 1}))
        }))?;
        Ok(Self { registry, tool })
    }

    /// Returns what a bare call goes through, and every guarded one in the end.
    #[must_use]
    pub fn registry(&self) -> Arc<ToolRegistry> {
        Arc::clone(&self.registry)
    }

    /// Returns a call with parameters made for it alone.
    ///
    /// # Errors
    ///
    /// None for a number below a million.
    pub fn call(&self, number: usize) -> Result<ToolCall, ToolError> {
        Ok(self.tool.call(question::params(number)?, CallContext::new("acme", "ann")))
    }
}
