//! What became of a run?

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use serde_json::Value;
use tool_core::{Extent, Limit, Params, ToolError, ToolName, ToolOutput, ToolResult};

/// What became of one step; every declared step has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepStatus {
    /// Its tool answered.
    Ok,
    /// Its tool failed, and the run went on without it.
    Skipped,
    /// Its tool failed, and the fallback answered.
    Fallback,
    /// It failed and ended the run.
    Failed,
    /// The run ended before it.
    NotStarted,
}

impl StepStatus {
    /// Returns the status in snake case, as JSON has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "skipped",
            Self::Fallback => "fallback",
            Self::Failed => "failed",
            Self::NotStarted => "not_started",
        }
    }

    /// Says in a sentence what happened.
    pub(crate) fn was(self) -> &'static str {
        match self {
            Self::Ok | Self::Fallback => "has answered",
            Self::Skipped => "was skipped",
            Self::Failed => "failed",
            Self::NotStarted => "has not run",
        }
    }
}

/// One step of a run: what was called with what, and what came back. Enough to prove a line of an answer.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StepRun {
    /// The step's id.
    pub id: Arc<str>,
    /// The tool that was called last: the fallback, if it came to that.
    pub tool: ToolName,
    /// What became of the step.
    pub status: StepStatus,
    /// The parameters of that call; none if they could not be made, or it did not come to a call.
    pub params: Option<Params>,
    /// What it returned, with origin, age, limits and warnings on its report.
    pub output: Option<ToolOutput>,
    /// Why the step, or its first tool, failed.
    pub error: Option<ToolError>,
    /// The tool that failed before this one was called.
    pub fallback_from: Option<ToolName>,
    /// How many calls the step made: none, one, or two with a fallback.
    pub calls: u32,
    /// How long it took, the making of parameters included.
    pub elapsed: Duration,
}

impl StepRun {
    pub(crate) fn not_started(id: Arc<str>, tool: ToolName) -> Self {
        Self {
            id,
            tool,
            status: StepStatus::NotStarted,
            params: None,
            output: None,
            error: None,
            fallback_from: None,
            calls: 0,
            elapsed: Duration::ZERO,
        }
    }
}

/// A whole run: one entry per declared step, partial results also when it failed.
///
/// Serialises as the aggregate: `{primary, enriched, execution_trace, metadata, output?, error?}`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CompositionRun {
    /// The composition's tool name.
    pub composition: ToolName,
    /// The parameters of the run, defaults filled in.
    pub params: Params,
    /// Every declared step, in order.
    pub steps: Vec<StepRun>,
    /// The result by the definition's output template, where it has one and the run came to its end.
    pub output: Option<Value>,
    /// Why the run ended early, with the kind of the step's error.
    pub error: Option<ToolError>,
    /// How long it took.
    pub elapsed: Duration,
}

impl CompositionRun {
    /// Returns one step.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&StepRun> {
        self.steps.iter().find(|step| &*step.id == id)
    }

    /// Returns the result of the first declared step, and of no other.
    #[must_use]
    pub fn primary(&self) -> Option<&ToolOutput> {
        self.steps.first()?.output.as_ref()
    }

    /// Returns how many steps have a result.
    #[must_use]
    pub fn steps_completed(&self) -> usize {
        self.steps.iter().filter(|step| step.output.is_some()).count()
    }

    /// Returns the run as the outcome of one call: the output by the template, else the aggregate.
    ///
    /// Skips and fallbacks become warnings; limits that steps applied are kept, named `step.limit`.
    ///
    /// # Errors
    ///
    /// The error that ended the run.
    pub fn to_result(&self) -> ToolResult {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let result = match &self.output {
            Some(output) => ToolOutput::json(output)?,
            None => ToolOutput::json(self)?,
        };
        Ok(self.steps.iter().fold(result, with_facts))
    }
}

/// Adds what a caller should know of one step.
fn with_facts(mut result: ToolOutput, step: &StepRun) -> ToolOutput {
    let id = &step.id;
    let why = step.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    match (step.status, &step.fallback_from) {
        (StepStatus::Skipped, _) => result = result.warning(format!("step `{id}` was skipped{why}")),
        (StepStatus::Fallback, Some(from)) => {
            result = result.warning(format!("step `{id}` was answered by {} in place of {from}{why}", step.tool));
        }
        _ => {}
    }
    let Some(output) = &step.output else { return result };
    if output.report.extent == Extent::Cut {
        result.report.extent = Extent::Cut;
    }
    for limit in output.report.limits() {
        result = result.limited(Limit::new(format!("{id}.{}", limit.name), limit.asked, limit.used));
    }
    output.report.warnings().iter().fold(result, |result, text| result.warning(format!("step `{id}`: {text}")))
}
