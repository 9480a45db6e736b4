//! Which tool does a name mean?

use std::sync::Arc;

use tool_core::{ToolError, ToolHandle, ToolName, ToolRegistry};

/// Finds the tool that a step names: the registry, or whatever stands in front of it.
pub trait ToolResolver: Send + Sync {
    /// Returns the tool of this name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownTool`](tool_core::ErrorKind::UnknownTool), with the nearest names.
    fn resolve_tool(&self, name: &ToolName) -> Result<ToolHandle, ToolError>;
}

impl ToolResolver for ToolRegistry {
    fn resolve_tool(&self, name: &ToolName) -> Result<ToolHandle, ToolError> {
        self.resolve(name.as_str())
    }
}

impl<R: ToolResolver + ?Sized> ToolResolver for &R {
    fn resolve_tool(&self, name: &ToolName) -> Result<ToolHandle, ToolError> {
        (**self).resolve_tool(name)
    }
}

impl<R: ToolResolver + ?Sized> ToolResolver for Arc<R> {
    fn resolve_tool(&self, name: &ToolName) -> Result<ToolHandle, ToolError> {
        (**self).resolve_tool(name)
    }
}
