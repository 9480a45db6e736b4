//! What is one step?

use std::{fmt, num::NonZeroU32, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tool_core::{AttemptPolicy, Params, ToolError};

use crate::{Inputs, StepDefinition};

/// What happens when a step's call fails.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorHandling {
    /// The run ends with the step's error; later steps do not start.
    #[default]
    FailFast,
    /// The run goes on without the step's result; the skip is logged and reported.
    Skip,
    /// Another tool is called in its place; if that fails too, the run ends.
    Fallback(Fallback),
}

impl ErrorHandling {
    /// Names the tool that answers in the place of one that failed, with the same parameters.
    #[must_use]
    pub fn fallback(tool: impl Into<String>) -> Self {
        Self::Fallback(Fallback { tool: tool.into(), params: None })
    }

    /// Names the tool that answers in the place of one that failed, with parameters of its own.
    #[must_use]
    pub fn fallback_with(tool: impl Into<String>, params: Map<String, Value>) -> Self {
        Self::Fallback(Fallback { tool: tool.into(), params: Some(params) })
    }
}

/// The call that is made in the place of one that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fallback {
    /// The tool.
    pub tool: String,
    /// A template of its parameters; those of the failed call if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Map<String, Value>>,
}

/// Makes a step's parameters of what is known so far.
pub(crate) type Function = Arc<dyn Fn(&Inputs<'_>) -> Result<Params, ToolError> + Send + Sync>;

/// Where a step's parameters come from.
#[derive(Clone)]
pub(crate) enum ParamsTransform {
    Template(Map<String, Value>),
    Function(Function),
}

/// One step of a composition: a tool, how its parameters are made, and what happens when it fails.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use tool_compose::{CompositionStep, ErrorHandling};
/// use tool_core::Params;
///
/// let by_template = CompositionStep::new("get", "ci.get")
///     .param("ci_id", json!("${steps.find.output.records[0].ci_id}"))
///     .error_handling(ErrorHandling::Skip);
/// let by_function = CompositionStep::new("count", "math.sum").params_transform(|inputs| {
///     let found = inputs.output("find").and_then(|output| output["records"].as_array());
///     Params::try_from(json!({"terms": [found.map_or(0, Vec::len), 1]}))
/// });
/// # let _ = (by_template, by_function);
/// ```
#[derive(Clone)]
#[must_use = "a step does nothing until a composition runs it"]
pub struct CompositionStep {
    pub(crate) id: String,
    pub(crate) tool: String,
    pub(crate) params: ParamsTransform,
    pub(crate) error_handling: ErrorHandling,
    pub(crate) attempts: AttemptPolicy,
}

impl CompositionStep {
    /// Names the step and the tool that it calls; without parameters, failing fast.
    pub fn new(id: impl Into<String>, tool: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            tool: tool.into(),
            params: ParamsTransform::Template(Map::new()),
            error_handling: ErrorHandling::default(),
            attempts: AttemptPolicy::default(),
        }
    }

    /// Sets the template of the parameters.
    pub fn params(mut self, template: Map<String, Value>) -> Self {
        self.params = ParamsTransform::Template(template);
        self
    }

    /// Sets the template of one parameter; replaces a function.
    pub fn param(mut self, name: impl Into<String>, template: Value) -> Self {
        let mut params = match self.params {
            ParamsTransform::Template(params) => params,
            ParamsTransform::Function(_) => Map::new(),
        };
        params.insert(name.into(), template);
        self.params = ParamsTransform::Template(params);
        self
    }

    /// Sets a function that makes the parameters; what it reads cannot be checked beforehand.
    pub fn params_transform(
        mut self,
        function: impl Fn(&Inputs<'_>) -> Result<Params, ToolError> + Send + Sync + 'static,
    ) -> Self {
        self.params = ParamsTransform::Function(Arc::new(function));
        self
    }

    /// Sets what happens when the call fails.
    pub fn error_handling(mut self, handling: ErrorHandling) -> Self {
        self.error_handling = handling;
        self
    }

    /// Sets the time limit of one start of the tool, which the guard enforces.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.attempts = self.attempts.with_timeout(timeout);
        self
    }

    /// Sets how often the guard may start the tool in all.
    pub fn max_attempts(mut self, attempts: NonZeroU32) -> Self {
        self.attempts = self.attempts.with_max_attempts(attempts);
        self
    }
}

impl From<StepDefinition> for CompositionStep {
    fn from(definition: StepDefinition) -> Self {
        let mut step =
            Self::new(definition.id, definition.tool).params(definition.params).error_handling(definition.on_error);
        step.attempts.timeout = definition.timeout_ms.map(Duration::from_millis);
        step.attempts.max_attempts = definition.max_attempts;
        step
    }
}

impl fmt::Debug for CompositionStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompositionStep")
            .field("id", &self.id)
            .field("tool", &self.tool)
            .field("error_handling", &self.error_handling)
            .finish_non_exhaustive()
    }
}
