//! How does a step's error become the run's?

use std::{error::Error, fmt};

use tool_core::{Execution, ToolError};

use crate::StepRun;

/// What the earlier calls of a run did to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Footprint {
    /// Nothing that a second run would repeat.
    None,
    /// Something may have changed.
    MayHaveWritten,
}

/// Names the step in a copy of its error; kind, advice, violations and report stay.
///
/// Whether the tool ran stays too, unless that would allow a repeat of what an earlier call wrote.
pub(crate) fn of_step(run: &StepRun, footprint: Footprint) -> Option<ToolError> {
    let error = run.error.as_ref()?;
    let place = match &run.fallback_from {
        None => format!("step `{}` ({})", run.id, run.tool),
        Some(from) => format!("step `{}` ({} in place of {from})", run.id, run.tool),
    };
    let mut named = if error.violations().is_empty() {
        ToolError::new(error.kind(), format!("{place}: {error}"))
    } else {
        ToolError::invalid_params(&place, error.violations().to_vec())
    };
    let execution = match (error.execution(), footprint) {
        (Execution::NotExecuted, Footprint::MayHaveWritten) => Execution::Unknown,
        (execution, _) => execution,
    };
    named = named.with_execution(execution).with_report(error.report().clone());
    named = named.with_suggestions(error.suggestions().iter().cloned());
    if let Some(after) = error.retry_after() {
        named = named.with_retry_after(after);
    }
    if error.source().is_some() {
        named = named.with_source(CauseOf(error.clone()));
    }
    Some(named)
}

/// The cause of an error whose own text is in the message already.
#[derive(Debug)]
struct CauseOf(ToolError);

impl fmt::Display for CauseOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.source().map_or(Ok(()), |cause| write!(f, "{cause}"))
    }
}

impl Error for CauseOf {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()?.source()
    }
}
