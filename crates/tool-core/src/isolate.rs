//! What if a tool panics?

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::Poll,
};

use crate::{ErrorKind, ToolError, ToolName, ToolResult};

type Boxed<'a> = Pin<Box<dyn Future<Output = ToolResult> + Send + 'a>>;

/// Runs a tool's future so that a panic — when it is made, polled or dropped — becomes an error.
///
/// The panic's text stays out of the error: it may quote parameters. The process's panic hook has told it already.
/// A panic while panicking, a stack overflow and running out of memory still end the process, as everywhere in Rust.
pub(crate) async fn isolated<'a>(make: impl FnOnce() -> Boxed<'a>, tool: &ToolName) -> ToolResult {
    let panicked = || ToolError::new(ErrorKind::Panicked, format!("{tool} panicked"));
    let Ok(future) = catch_unwind(AssertUnwindSafe(make)) else {
        return Err(panicked());
    };
    let mut run = Run(Some(future));
    #[cfg(planted)]
    if crate::planted::active(crate::planted::Bug::PanicEscapes) {
        return poll_fn(|cx| run.poll(cx)).await;
    }
    let result = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| run.poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await;
    let dropped = run.discard();
    match result {
        Some(result) if dropped => result,
        _ => Err(panicked()),
    }
}

/// A future that is dropped with care.
struct Run<'a>(Option<Boxed<'a>>);

impl Run<'_> {
    fn poll(&mut self, cx: &mut std::task::Context<'_>) -> Poll<ToolResult> {
        match &mut self.0 {
            Some(future) => future.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }

    /// Drops the future; false if that panicked.
    fn discard(&mut self) -> bool {
        let future = self.0.take();
        catch_unwind(AssertUnwindSafe(|| drop(future))).is_ok()
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.discard();
    }
}
