//! What is a composition, once it has been checked?

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde_json::Value;
use tool_core::{CallContext, Clock, Params, SystemClock, ToolExecutor, ToolName, ToolSpec};

use crate::{
    CompositionRun, CompositionStep, Definition, DefinitionError, ParamDefinition, ToolResolver,
    check::{Plan, check},
    run::drive,
};

/// Several tool calls as one: checked when it is built, then run as often as wanted; no run leaves anything behind.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use tool_compose::{CompositionPipeline, CompositionStep, ParamDefinition, ParamType};
/// use tool_core::{CallContext, Effect, Params, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let registry = ToolRegistry::new();
/// let double = ToolSpec::builder("math.double", "Doubles a number.").effect(Effect::Pure).build()?;
/// registry.register(tool_fn(double, |call| async move {
///     ToolOutput::json(&json!({"n": call.params().as_value()["n"].as_i64().unwrap_or(0) * 2}))
/// }))?;
///
/// let pipeline = CompositionPipeline::builder("fourfold", "Doubles a number twice.")
///     .declare("n", ParamDefinition::new(ParamType::Integer).required())
///     .step(CompositionStep::new("once", "math.double").param("n", json!("${params.n}")))
///     .step(CompositionStep::new("twice", "math.double").param("n", json!("${steps.once.output.n}")))
///     .build_for(&registry)?;
///
/// let params = Params::parse(r#"{"n": 5}"#)?;
/// let run = pipeline.execute(&registry, &registry, params, CallContext::new("acme", "ann")).await;
/// assert_eq!(run.step("twice").unwrap().output.as_ref().unwrap().payload.value()["n"], 20);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CompositionPipeline {
    pub(crate) plan: Plan,
    pub(crate) clock: Arc<dyn Clock>,
}

impl CompositionPipeline {
    /// The most steps that a composition has.
    pub const MAX_STEPS: usize = crate::check::MAX_STEPS;

    /// Begins a composition; see [`Definition::name`] for what its tool is called.
    pub fn builder(name: impl Into<String>, description: impl Into<String>) -> CompositionBuilder {
        CompositionBuilder {
            name: name.into(),
            description: description.into(),
            params: BTreeMap::new(),
            steps: Vec::new(),
            output: None,
            clock: Arc::new(SystemClock::new()),
        }
    }

    /// Returns what the composition is called as a tool.
    #[must_use]
    pub fn tool_name(&self) -> &ToolName {
        self.plan.spec.name()
    }

    /// Returns what the composition says of itself as a tool: effect `Composite`, input schema of its parameters.
    #[must_use]
    pub fn spec(&self) -> &Arc<ToolSpec> {
        &self.plan.spec
    }

    /// Returns the declared steps, in order: id and tool.
    pub fn steps(&self) -> impl Iterator<Item = (&str, &ToolName)> {
        self.plan.steps.iter().map(|step| (&*step.id, &step.tool))
    }

    /// Runs the steps one after the other, each as a call through `executor`; never fails, the run says how it went.
    ///
    /// Steps run inside the composition ([`CallContext::inside`]) under the caller's deadline, which is also looked at
    /// before each step. What a step does not say of attempts, the caller's wish says. Parameters are checked against
    /// the declaration first. Dropping the future drops the step that runs.
    pub async fn execute<E, R>(
        &self,
        executor: &E,
        resolver: &R,
        params: Params,
        context: CallContext,
    ) -> CompositionRun
    where
        E: ToolExecutor + ?Sized,
        R: ToolResolver + ?Sized,
    {
        drive(self, executor, resolver, params, &context).await
    }
}

impl fmt::Debug for CompositionPipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompositionPipeline")
            .field("name", self.tool_name())
            .field("steps", &self.steps().map(|(id, _)| id).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Collects a composition; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct CompositionBuilder {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) params: BTreeMap<String, ParamDefinition>,
    pub(crate) steps: Vec<CompositionStep>,
    pub(crate) output: Option<Value>,
    clock: Arc<dyn Clock>,
}

impl CompositionBuilder {
    /// Declares a parameter.
    pub fn declare(mut self, name: impl Into<String>, param: ParamDefinition) -> Self {
        self.params.insert(name.into(), param);
        self
    }

    /// Adds a step behind the others.
    pub fn step(mut self, step: CompositionStep) -> Self {
        self.steps.push(step);
        self
    }

    /// Sets the template of the result; the aggregate until then.
    pub fn output(mut self, template: Value) -> Self {
        self.output = Some(template);
        self
    }

    /// Sets the clock that durations are measured and deadlines are looked at by.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Checks all but whether the tools exist.
    ///
    /// # Errors
    ///
    /// [`DefinitionError`] that lists every fault at once.
    pub fn build(self) -> Result<CompositionPipeline, DefinitionError> {
        self.finish(None)
    }

    /// Checks all, and that the tools exist.
    ///
    /// # Errors
    ///
    /// [`DefinitionError`] that lists every fault at once.
    pub fn build_for(self, resolver: &dyn ToolResolver) -> Result<CompositionPipeline, DefinitionError> {
        self.finish(Some(resolver))
    }

    fn finish(self, resolver: Option<&dyn ToolResolver>) -> Result<CompositionPipeline, DefinitionError> {
        match check(&self, resolver) {
            Ok(plan) => Ok(CompositionPipeline { plan, clock: self.clock }),
            Err(faults) => Err(DefinitionError::new(&self.name, faults)),
        }
    }

    /// Returns the tool name, which a plain name is the operation of.
    pub(crate) fn full_name(&self) -> String {
        if self.name.contains(['.', '/']) { self.name.clone() } else { format!("compose.{}", self.name) }
    }
}

impl From<Definition> for CompositionBuilder {
    fn from(definition: Definition) -> Self {
        Self {
            params: definition.params,
            steps: definition.steps.into_iter().map(CompositionStep::from).collect(),
            output: definition.output,
            ..CompositionPipeline::builder(definition.name, definition.description)
        }
    }
}
