//! What happens in a run?

use std::sync::Arc;

use serde_json::{Map, Value};
use tool_core::{
    CallContext, Effect, ErrorKind, Execution, Idempotency, Params, SchemaRedactor, ToolError, ToolExecutor,
    ToolOutput, ToolResult, ToolSpec,
};

use crate::{
    CompositionPipeline, CompositionRun, Inputs, StepRun, StepStatus, ToolResolver,
    check::{Handling, Source, Step},
    error::{Footprint, of_step},
    template::Template,
};

/// Runs a composition; all state of the run lives in here.
pub(crate) async fn drive<E, R>(
    pipeline: &CompositionPipeline,
    executor: &E,
    resolver: &R,
    params: Params,
    context: &CallContext,
) -> CompositionRun
where
    E: ToolExecutor + ?Sized,
    R: ToolResolver + ?Sized,
{
    let started = pipeline.clock.now();
    let params = with_defaults(pipeline, params);
    let mut driver = Driver {
        pipeline,
        executor,
        resolver,
        params: &params,
        done: Vec::with_capacity(pipeline.plan.steps.len()),
        footprint: Footprint::None,
    };
    let end = driver.run(context).await;
    let mut steps = driver.done;
    let rest = pipeline.plan.steps[steps.len()..].iter();
    steps.extend(rest.map(|step| StepRun::not_started(Arc::clone(&step.id), step.tool.clone())));
    let (output, error) = match end {
        Ok(output) => (output, None),
        Err(error) => (None, Some(error)),
    };
    let elapsed = pipeline.clock.now().saturating_duration_since(started);
    CompositionRun { composition: pipeline.tool_name().clone(), params, steps, output, error, elapsed }
}

fn with_defaults(pipeline: &CompositionPipeline, params: Params) -> Params {
    let missing = || pipeline.plan.defaults.iter().filter(|(name, _)| params.get(name).is_none());
    if missing().next().is_none() {
        return params;
    }
    let mut all: Map<String, Value> = params.as_value().as_object().cloned().unwrap_or_default();
    all.extend(missing().map(|(name, value)| (name.clone(), value.clone())));
    all.into()
}

struct Driver<'r, E: ?Sized, R: ?Sized> {
    pipeline: &'r CompositionPipeline,
    executor: &'r E,
    resolver: &'r R,
    params: &'r Params,
    done: Vec<StepRun>,
    footprint: Footprint,
}

impl<E, R> Driver<'_, E, R>
where
    E: ToolExecutor + ?Sized,
    R: ToolResolver + ?Sized,
{
    async fn run(&mut self, context: &CallContext) -> Result<Option<Value>, ToolError> {
        let pipeline = self.pipeline;
        pipeline.plan.spec.check_params(self.params.as_value(), &SchemaRedactor::new())?;
        let context = context.inside(pipeline.tool_name())?;
        for step in &pipeline.plan.steps {
            self.check_deadline(step, &context)?;
            let run = self.step(step, &context).await;
            let failure = (run.status == StepStatus::Failed).then(|| of_step(&run, self.footprint)).flatten();
            self.done.push(run);
            if let Some(error) = failure {
                return Err(error);
            }
        }
        self.output()
    }

    fn check_deadline(&self, step: &Step, context: &CallContext) -> Result<(), ToolError> {
        let now = self.pipeline.clock.now();
        if context.deadline().is_none_or(|deadline| now < deadline) {
            return Ok(());
        }
        let message = format!("the deadline passed before step `{}` of {}", step.id, self.pipeline.tool_name());
        let execution = if self.done.is_empty() { Execution::NotExecuted } else { Execution::Unknown };
        Err(ToolError::new(ErrorKind::TimedOut, message).with_execution(execution))
    }

    fn inputs(&self) -> Inputs<'_> {
        Inputs { params: self.params.as_value(), done: &self.done }
    }

    fn output(&self) -> Result<Option<Value>, ToolError> {
        let Some(template) = &self.pipeline.plan.output else { return Ok(None) };
        match template.render(&self.inputs()) {
            Ok(value) => Ok(Some(value.unwrap_or(Value::Null))),
            Err(error) => {
                Err(ToolError::new(error.kind(), format!("output of {}: {error}", self.pipeline.tool_name()))
                    .with_execution(Execution::Executed))
            }
        }
    }

    /// Runs one step to its fate.
    async fn step(&mut self, step: &Step, context: &CallContext) -> StepRun {
        let started = self.pipeline.clock.now();
        let mut run = StepRun::not_started(Arc::clone(&step.id), step.tool.clone());
        let params = self.make(&step.params);
        let result = self.attempt(&mut run, step, params.clone(), context).await;
        (run.status, run.output) = match (result, &step.handling) {
            (Ok(output), _) => (StepStatus::Ok, Some(output)),
            (Err(error), handling) => {
                run.error = Some(error);
                self.fail(&mut run, step, handling, params, context).await
            }
        };
        run.elapsed = self.pipeline.clock.now().saturating_duration_since(started);
        run
    }

    /// Decides what a failed call means, and makes the fallback's call where there is one.
    async fn fail(
        &mut self,
        run: &mut StepRun,
        step: &Step,
        handling: &Handling,
        params: Result<Params, ToolError>,
        context: &CallContext,
    ) -> (StepStatus, Option<ToolOutput>) {
        let (tool, params) = match handling {
            Handling::FailFast => return (self.told(run, StepStatus::Failed, context), None),
            Handling::Skip => return (self.told(run, StepStatus::Skipped, context), None),
            Handling::Fallback { tool, params: None } => (tool, params),
            Handling::Fallback { tool, params: Some(template) } => (tool, self.render(template)),
        };
        self.told(run, StepStatus::Fallback, context);
        run.fallback_from = Some(std::mem::replace(&mut run.tool, tool.clone()));
        match self.attempt(run, step, params, context).await {
            Ok(output) => (StepStatus::Fallback, Some(output)),
            Err(error) => {
                run.error = Some(error);
                (self.told(run, StepStatus::Failed, context), None)
            }
        }
    }

    fn make(&self, source: &Source) -> Result<Params, ToolError> {
        match source {
            Source::Template(template) => self.render(template),
            Source::Function(function) => function(&self.inputs()),
        }
    }

    fn render(&self, template: &Template) -> Result<Params, ToolError> {
        template.render(&self.inputs())?.unwrap_or_else(|| Value::Object(Map::new())).try_into()
    }

    /// Makes one call of the tool that the step has come to.
    async fn attempt(
        &mut self,
        run: &mut StepRun,
        step: &Step,
        params: Result<Params, ToolError>,
        context: &CallContext,
    ) -> ToolResult {
        let params = params?;
        run.params = Some(params.clone());
        let handle = self.resolver.resolve_tool(&run.tool)?;
        let context = self.step_context(step, handle.spec(), context);
        run.calls += 1;
        let result = self.executor.execute(handle.call(params, context)).await;
        let ran = result.as_ref().err().is_none_or(|error| error.execution() != Execution::NotExecuted);
        if ran && may_write(handle.spec()) {
            self.footprint = Footprint::MayHaveWritten;
        }
        result
    }

    /// Hands down what the step wishes. A composition takes no attempt policy, so its time limit becomes a deadline.
    fn step_context(&self, step: &Step, spec: &ToolSpec, context: &CallContext) -> CallContext {
        let mut attempts = context.attempts();
        attempts.timeout = step.attempts.timeout.or(attempts.timeout);
        attempts.max_attempts = step.attempts.max_attempts.or(attempts.max_attempts);
        let context = context.clone().with_attempts(attempts);
        match step.attempts.timeout {
            Some(timeout) if spec.effect() == Effect::Composite => {
                context.with_deadline(self.pipeline.clock.now() + timeout)
            }
            _ => context,
        }
    }

    /// Tells the log what a failure came to; the message stays out, a tool wrote it.
    fn told(&self, run: &StepRun, status: StepStatus, context: &CallContext) -> StepStatus {
        tracing::warn!(
            composition = %self.pipeline.tool_name(),
            step = %run.id,
            tool = %run.tool,
            kind = run.error.as_ref().map(|error| error.kind().as_str()),
            status = status.as_str(),
            request_id = context.request_id(),
            "step did not answer"
        );
        status
    }
}

/// Whether a second run of the tool may do something twice.
fn may_write(spec: &ToolSpec) -> bool {
    match spec.effect() {
        Effect::Pure | Effect::Reads => false,
        Effect::Writes => spec.idempotency() == Idempotency::NotIdempotent,
        Effect::Composite => true,
    }
}
