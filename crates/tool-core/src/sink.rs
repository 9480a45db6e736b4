//! Who is told of real executions?

use std::{fmt, time::Duration};

use crate::{ErrorKind, ToolCall, ToolResult};

/// One real run of a tool: hits are none, background refreshes are.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExecutionRecord<'a> {
    /// The call that the tool ran for.
    pub call: &'a ToolCall,
    /// How long it ran.
    pub elapsed: Duration,
    /// How it ended.
    pub end: ExecutionEnd<'a>,
}

/// How a run of a tool ended.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_enums, reason = "it returned or it was dropped")]
pub enum ExecutionEnd<'a> {
    /// It returned, well or not.
    Returned(&'a ToolResult),
    /// It was dropped before it returned.
    Dropped,
}

impl<'a> ExecutionRecord<'a> {
    /// States a run; for executors that are not the registry, and for tests.
    #[must_use]
    pub fn new(call: &'a ToolCall, elapsed: Duration, end: ExecutionEnd<'a>) -> Self {
        Self { call, elapsed, end }
    }

    /// Returns the kind of error it ended with; a dropped run is [`ErrorKind::Cancelled`].
    #[must_use]
    pub fn error_kind(&self) -> Option<ErrorKind> {
        match self.end {
            ExecutionEnd::Returned(Ok(_)) => None,
            ExecutionEnd::Returned(Err(error)) => Some(error.kind()),
            ExecutionEnd::Dropped => Some(ErrorKind::Cancelled),
        }
    }
}

/// Is told of every real execution, background refreshes included.
pub trait ExecutionSink: fmt::Debug + Send + Sync + 'static {
    /// Takes note; must be quick and must not block.
    fn executed(&self, record: &ExecutionRecord<'_>);
}

/// Takes no note.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct NoSink;

impl NoSink {
    /// Returns the sink that takes no note.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl ExecutionSink for NoSink {
    fn executed(&self, _record: &ExecutionRecord<'_>) {}
}
