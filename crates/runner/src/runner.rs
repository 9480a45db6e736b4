//! How do the layers fit together?

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tool_cache::{CachedExecutor, ToolResultCache};
use tool_compose::{CompositionRun, CompositionTool};
use tool_core::{CallContext, ErrorKind, Params, ToolError, ToolExecutor, ToolName, ToolRegistry, ToolResult, nearest};
use tool_guard::{AdmittedExecutor, Drained, Gate, GuardedExecutor, Refusals};
use tool_observe::{ExecutionTracer, TracedExecutor};
use tool_select::{Catalog, Profiles, Selection, SmartToolSelector, ToolSelectionContext};

use crate::{Config, RunnerBuilder};

/// The way of every call, outermost layer first.
///
/// In this order because tracing sees hits; a hit never skips policy; a hit takes no permit; a flight shared by a
/// hundred callers is guarded once.
pub type Pipeline = TracedExecutor<AdmittedExecutor<CachedExecutor<GuardedExecutor<Arc<ToolRegistry>>>>>;

/// One observed, admitted, cached, guarded way to call tools, with selection and composition above it.
///
/// Cheap to share behind an `Arc`; everything works through `&self`.
///
/// # Examples
///
/// ```
/// use runner::Runner;
/// use runner::tool_core::{CallContext, Effect, Origin, Params, ToolOutput, ToolSpec, tool_fn};
/// use serde_json::json;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let spec = ToolSpec::builder("text.len", "Counts the characters of a text.").effect(Effect::Pure).build()?;
/// let runner = Runner::builder()
///     .tool(tool_fn(spec, |call| async move {
///         let text = call.params().as_value()["text"].as_str().unwrap_or_default().to_owned();
///         ToolOutput::json(&json!({"chars": text.chars().count()}))
///     }))
///     .build()?;
///
/// let ask = || runner.call("text.len", Params::parse(r#"{"text": "hello"}"#).unwrap(), CallContext::new("acme", "ann"));
/// assert_eq!(ask().await?.report.origin, Origin::Executed);
/// assert_eq!(ask().await?.report.origin, Origin::Hit);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Runner {
    pipeline: Arc<Pipeline>,
    registry: Arc<ToolRegistry>,
    cache: Arc<ToolResultCache>,
    tracer: Arc<ExecutionTracer>,
    gate: Arc<Gate>,
    profiles: Arc<Profiles>,
    selector: SmartToolSelector,
    compositions: BTreeMap<ToolName, CompositionTool>,
    catalog: RwLock<Arc<Catalog>>,
    config: Config,
}

/// What the builder hands over.
pub(crate) struct Parts {
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) registry: Arc<ToolRegistry>,
    pub(crate) cache: Arc<ToolResultCache>,
    pub(crate) tracer: Arc<ExecutionTracer>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) profiles: Arc<Profiles>,
    pub(crate) selector: SmartToolSelector,
    pub(crate) compositions: Vec<CompositionTool>,
    pub(crate) config: Config,
}

impl Runner {
    /// Begins a runner.
    pub fn builder() -> RunnerBuilder {
        RunnerBuilder::new()
    }

    pub(crate) fn new(parts: Parts) -> Self {
        let named = |tool: CompositionTool| (tool.pipeline().tool_name().clone(), tool);
        Self {
            catalog: RwLock::new(Arc::new(Catalog::of(&parts.registry))),
            pipeline: parts.pipeline,
            registry: parts.registry,
            cache: parts.cache,
            tracer: parts.tracer,
            gate: parts.gate,
            profiles: parts.profiles,
            selector: parts.selector,
            compositions: parts.compositions.into_iter().map(named).collect(),
            config: parts.config,
        }
    }

    /// Calls one tool by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownTool`] with the nearest names, and whatever the call fails with.
    pub async fn call(&self, tool: &str, params: Params, context: CallContext) -> ToolResult {
        self.pipeline.execute(self.registry.call(tool, params, context)?).await
    }

    /// Runs a composition and returns the whole run: the fate and the result of every step.
    ///
    /// `name` may leave out the namespace `compose`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownTool`] with the nearest names, [`ErrorKind::Denied`], and [`ErrorKind::Unavailable`] if
    /// compositions are switched off or the runner shuts down. How the steps went is on the run.
    pub async fn run(&self, name: &str, params: Params, context: CallContext) -> Result<CompositionRun, ToolError> {
        let composition = self.composition(name)?;
        let call = self.registry.call(composition.pipeline().tool_name().as_str(), params.clone(), context.clone())?;
        // The steps go through the pipeline, the composition itself does not.
        let admit = || self.pipeline.inner().admit(&call);
        if !self.tracer.is_enabled() {
            let _admission = admit()?;
            return composition.run(params, context).await;
        }
        let trace = self.tracer.start_trace(&call);
        let context = context.with_trace(trace.trace_parent());
        // Traced before it is asked for: a call that is not admitted is seen like any other.
        let run = match admit() {
            Ok(_admission) => composition.run(params, context).await,
            Err(refused) => Err(refused),
        };
        let result = run.as_ref().map_or_else(|error| Err(error.clone()), CompositionRun::to_result);
        self.tracer.end_trace(trace, &result);
        run
    }

    /// Stops taking calls, waits at most so long for those under way, and says which it gave up waiting for.
    ///
    /// New calls fail with [`ErrorKind::Unavailable`] from now on and do not run; the steps of compositions under way
    /// still do. Abandoned calls go on until their callers drop them. Returns at once when nothing is under way.
    pub async fn shutdown(&self, within: Duration) -> Drained {
        self.gate.drain(within).await
    }

    /// Ranks the tools that can answer a request with an intent, or all tools if it names none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParams`] for an intent nobody knows, with the nearest names; [`ErrorKind::Unavailable`] if
    /// selection is switched off.
    pub fn select(&self, request: &ToolSelectionContext) -> Result<Selection, ToolError> {
        self.selecting()?.select(&self.catalog(), request).map_err(|error| {
            ToolError::new(ErrorKind::InvalidParams, error.to_string()).with_suggestions(error.suggestions())
        })
    }

    /// Ranks the tools that a text describes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unavailable`] if selection is switched off.
    pub fn search(&self, text: &str, request: &ToolSelectionContext) -> Result<Selection, ToolError> {
        Ok(self.selecting()?.search(&self.catalog(), text, request))
    }

    fn selecting(&self) -> Result<&SmartToolSelector, ToolError> {
        if self.config.select.enabled {
            return Ok(&self.selector);
        }
        Err(ToolError::new(ErrorKind::Unavailable, "selection is switched off (select.enabled)"))
    }

    fn composition(&self, name: &str) -> Result<&CompositionTool, ToolError> {
        if !self.config.compose.enabled {
            return Err(ToolError::new(ErrorKind::Unavailable, "compositions are switched off (compose.enabled)"));
        }
        let find = |name: &str| self.compositions.get(&name.parse::<ToolName>().ok()?);
        find(name).or_else(|| find(&format!("compose.{name}"))).ok_or_else(|| {
            let known = self.compositions.keys().flat_map(|known| [known.operation(), known.as_str()]);
            ToolError::new(ErrorKind::UnknownTool, format!("no composition is called `{name}`"))
                .with_suggestions(nearest(name, known, 3))
        })
    }

    /// Returns the catalogue that selection reads, renewed if tools came or went.
    fn catalog(&self) -> Arc<Catalog> {
        let current = Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner));
        if current.is_current(&self.registry) {
            return current;
        }
        let renewed = Arc::new(current.renewed(&self.registry));
        *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&renewed);
        renewed
    }

    /// Returns the whole way of a call, for callers that hold executors.
    #[must_use]
    pub fn pipeline(&self) -> &Arc<Pipeline> {
        &self.pipeline
    }

    /// Returns what runs taught about each tool, as JSON for [`restore_profiles`](Self::restore_profiles).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Failed`] if a number has no JSON form.
    pub fn save_profiles(&self) -> Result<String, ToolError> {
        let failed = |error| ToolError::new(ErrorKind::Failed, "profiles cannot be written").with_source(error);
        self.profiles.save().map_err(failed)
    }

    /// Takes over what [`save_profiles`](Self::save_profiles) returned: selection goes by it at once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParams`] if it is something else; nothing is changed then.
    pub fn restore_profiles(&self, saved: &str) -> Result<(), ToolError> {
        let refused = |error| ToolError::new(ErrorKind::InvalidParams, "profiles cannot be read").with_source(error);
        self.profiles.restore(saved).map_err(refused)?;
        self.registry.tools().iter().for_each(|tool| self.profiles.know(tool.id(), tool.spec()));
        Ok(())
    }

    /// Returns the tools.
    #[must_use]
    pub fn registry(&self) -> &Arc<ToolRegistry> {
        &self.registry
    }

    /// Returns the cache.
    #[must_use]
    pub fn cache(&self) -> &Arc<ToolResultCache> {
        &self.cache
    }

    /// Returns what was observed.
    #[must_use]
    pub fn tracer(&self) -> &Arc<ExecutionTracer> {
        &self.tracer
    }

    /// Returns how many calls were not admitted so far, by reason.
    #[must_use]
    pub fn refusals(&self) -> Refusals {
        self.pipeline.inner().refusals()
    }

    /// Returns the configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the compositions, by name.
    pub fn compositions(&self) -> impl Iterator<Item = &CompositionTool> {
        self.compositions.values()
    }
}
