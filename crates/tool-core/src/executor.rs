//! What do layers implement and callers hold?

use std::{future::Future, pin::Pin, sync::Arc};

use crate::{ToolCall, ToolResult};

/// Takes calls and answers them: what every layer implements, and what callers hold.
///
/// Implemented with a plain `async fn`, so that layers compose without boxing; [`DynExecutor`] is there for who must
/// forget the type.
pub trait ToolExecutor: Send + Sync {
    /// Answers one call.
    ///
    /// # Errors
    ///
    /// The one kind of error there is; whether the tool ran is on it.
    fn execute(&self, call: ToolCall) -> impl Future<Output = ToolResult> + Send;
}

impl<E: ToolExecutor + ?Sized> ToolExecutor for &E {
    fn execute(&self, call: ToolCall) -> impl Future<Output = ToolResult> + Send {
        (**self).execute(call)
    }
}

impl<E: ToolExecutor + ?Sized> ToolExecutor for Arc<E> {
    fn execute(&self, call: ToolCall) -> impl Future<Output = ToolResult> + Send {
        (**self).execute(call)
    }
}

/// A [`ToolExecutor`] whose type is forgotten, at the price of one boxed future per call.
pub trait DynExecutor: Send + Sync {
    /// Answers one call.
    ///
    /// # Errors
    ///
    /// As [`ToolExecutor::execute`].
    fn execute_boxed(&self, call: ToolCall) -> Pin<Box<dyn Future<Output = ToolResult> + Send + '_>>;
}

impl<E: ToolExecutor> DynExecutor for E {
    fn execute_boxed(&self, call: ToolCall) -> Pin<Box<dyn Future<Output = ToolResult> + Send + '_>> {
        Box::pin(self.execute(call))
    }
}

impl ToolExecutor for dyn DynExecutor + '_ {
    fn execute(&self, call: ToolCall) -> impl Future<Output = ToolResult> + Send {
        self.execute_boxed(call)
    }
}
