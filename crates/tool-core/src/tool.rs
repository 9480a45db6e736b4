//! What does a user implement?

use std::{fmt, future::Future, sync::Arc};

use async_trait::async_trait;

use crate::{ToolCall, ToolResult, ToolSpec};

/// An async operation with JSON in and JSON out: what users of the layers implement.
///
/// The registry has checked the parameters against the input schema before it calls; a panic becomes an error.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use async_trait::async_trait;
/// use serde_json::json;
/// use tool_core::{Tool, ToolCall, ToolOutput, ToolResult, ToolSpec};
///
/// struct Add(Arc<ToolSpec>);
///
/// #[async_trait]
/// impl Tool for Add {
///     fn spec(&self) -> Arc<ToolSpec> {
///         Arc::clone(&self.0)
///     }
///
///     async fn call(&self, call: ToolCall) -> ToolResult {
///         let terms: Terms = call.parse()?;
///         ToolOutput::json(&json!({"sum": terms.a + terms.b}))
///     }
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Terms {
///     a: i64,
///     b: i64,
/// }
/// ```
#[async_trait]
pub trait Tool: Send + Sync + 'static {
    /// Returns what the tool says of itself.
    fn spec(&self) -> Arc<ToolSpec>;

    /// Runs the tool once.
    ///
    /// # Errors
    ///
    /// Whatever the tool fails with; the kind says how callers should take it.
    async fn call(&self, call: ToolCall) -> ToolResult;
}

/// A tool made of a specification and a function; see [`tool_fn`].
pub struct FnTool<F> {
    spec: Arc<ToolSpec>,
    function: F,
}

/// Makes a tool of a specification and an async function.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use tool_core::{Effect, ToolOutput, ToolSpec, tool_fn};
///
/// let spec = ToolSpec::builder("text.len", "Counts characters.").effect(Effect::Pure).build()?;
/// let tool = tool_fn(spec, |call| async move {
///     let text = call.params().get("text").and_then(|text| text.as_str()).unwrap_or_default().to_owned();
///     ToolOutput::json(&json!({"chars": text.chars().count()}))
/// });
/// # let _ = tool;
/// # Ok::<(), tool_core::SpecError>(())
/// ```
pub fn tool_fn<F, R>(spec: ToolSpec, function: F) -> FnTool<F>
where
    F: Fn(ToolCall) -> R + Send + Sync + 'static,
    R: Future<Output = ToolResult> + Send + 'static,
{
    FnTool { spec: Arc::new(spec), function }
}

#[async_trait]
impl<F, R> Tool for FnTool<F>
where
    F: Fn(ToolCall) -> R + Send + Sync + 'static,
    R: Future<Output = ToolResult> + Send + 'static,
{
    fn spec(&self) -> Arc<ToolSpec> {
        Arc::clone(&self.spec)
    }

    async fn call(&self, call: ToolCall) -> ToolResult {
        (self.function)(call).await
    }
}

impl<F> fmt::Debug for FnTool<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FnTool").field(self.spec.name()).finish()
    }
}
