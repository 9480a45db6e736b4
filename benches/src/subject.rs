//! Which tool is asked?

use serde_json::json;
use tool_core::{
    CallContext, Effect, Scope, ToolCall, ToolError, ToolHandle, ToolOutput, ToolRegistry, ToolSpec, tool_fn,
};

use crate::question;

/// A tool that reads, for calls whose answers a cache keeps.
#[derive(Debug)]
pub struct Subject {
    tool: ToolHandle,
}

/// The group that the tool is in.
pub const TAG: &str = "bench";

impl Subject {
    /// Registers the tool.
    ///
    /// # Errors
    ///
    /// None: its specification is sound.
    pub fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let spec = ToolSpec::builder("metric.aggregate", "Aggregates a metric.")
            .effect(Effect::Reads)
            .scope(Scope::Tenant)
            .tag(TAG)
            .input(json!({"type": "object", "properties": {"limit": {"type": "integer"}}, "required": ["ci_id"]}))
            .build()?;
        Ok(Self { tool: ToolRegistry::new().register(tool_fn(spec, |_| async { ToolOutput::json(&1) }))? })
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
