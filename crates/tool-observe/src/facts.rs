//! What does an outcome say that is worth recording?

use std::time::Duration;

use tool_core::{CallReport, ErrorKind, Origin, ToolName, ToolResult};

/// What is recorded of an outcome; making it allocates nothing.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) error: Option<ErrorKind>,
    pub(crate) origin: Origin,
    pub(crate) age: Duration,
    pub(crate) attempts: u32,
    pub(crate) fallback_from: Option<ToolName>,
    pub(crate) limited: bool,
    pub(crate) warnings: usize,
    pub(crate) result_bytes: u64,
}

impl Facts {
    pub(crate) fn of(result: &ToolResult) -> Self {
        match result {
            Ok(output) => Self::new(None, &output.report, output.payload.len() as u64),
            Err(error) => Self::new(Some(error.kind()), error.report(), 0),
        }
    }

    /// Returns what is known of a call whose caller went away.
    pub(crate) fn dropped() -> Self {
        Self::new(Some(ErrorKind::Cancelled), &CallReport::executed(), 0)
    }

    fn new(error: Option<ErrorKind>, report: &CallReport, result_bytes: u64) -> Self {
        Self {
            error,
            origin: report.origin,
            age: report.age,
            attempts: report.attempts,
            fallback_from: report.fallback_from.clone(),
            limited: !report.limits().is_empty(),
            warnings: report.warnings().len(),
            result_bytes,
        }
    }

    pub(crate) fn retries(&self) -> u32 {
        self.attempts.saturating_sub(1)
    }
}
