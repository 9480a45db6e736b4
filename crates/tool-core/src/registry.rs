//! Which tools are there, and how is one run?

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use crate::{
    CallContext, Clock, ErrorKind, ExecutionEnd, ExecutionRecord, ExecutionSink, NoSink, Params, Redactor,
    SchemaRedactor, SystemClock, Tool, ToolCall, ToolError, ToolExecutor, ToolId, ToolName, ToolResult, ToolSpec,
    isolate::isolated, nearest,
};

/// The tools there are, and the only bridge from the layers to them.
///
/// Tools come and go through `&self`; a reader sees one whole version. Running a tool validates its parameters, boxes
/// one future, turns a panic into [`ErrorKind::Panicked`] and tells the sink.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use tool_core::{CallContext, Effect, Params, ToolExecutor, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let registry = ToolRegistry::new();
/// let spec = ToolSpec::builder("clock.zero", "Returns zero.").effect(Effect::Pure).build()?;
/// registry.register(tool_fn(spec, |_| async { ToolOutput::json(&json!(0)) }))?;
///
/// let call = registry.call("clock.zero", Params::empty(), CallContext::new("acme", "ann"))?;
/// assert_eq!(registry.execute(call).await?.payload.as_str(), "0");
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ToolRegistry {
    version: RwLock<Arc<Version>>,
    clock: Arc<dyn Clock>,
    sink: Arc<dyn ExecutionSink>,
    redactor: Arc<dyn Redactor>,
}

/// One whole state of the registry; changed by replacing it.
#[derive(Clone, Default)]
struct Version {
    number: u64,
    by_name: BTreeMap<ToolName, ToolId>,
    slots: Vec<Option<Slot>>,
}

#[derive(Clone)]
struct Slot {
    spec: Arc<ToolSpec>,
    tool: Arc<dyn Tool>,
}

/// A resolved tool: makes calls without another look-up.
#[derive(Debug, Clone)]
pub struct ToolHandle {
    spec: Arc<ToolSpec>,
    id: ToolId,
}

impl ToolHandle {
    /// Returns the tool's specification.
    #[must_use]
    pub fn spec(&self) -> &Arc<ToolSpec> {
        &self.spec
    }

    /// Returns the tool's dense number.
    #[must_use]
    pub fn id(&self) -> ToolId {
        self.id
    }

    /// Makes a call of this tool.
    #[must_use]
    pub fn call(&self, params: Params, context: CallContext) -> ToolCall {
        ToolCall::new(Arc::clone(&self.spec), self.id, params, context)
    }
}

impl ToolRegistry {
    /// Returns a registry without tools that reads the machine's clock and tells nobody.
    #[must_use]
    pub fn new() -> Self {
        Self {
            version: RwLock::default(),
            clock: Arc::new(SystemClock::new()),
            sink: Arc::new(NoSink::new()),
            redactor: Arc::new(SchemaRedactor::new()),
        }
    }

    /// Sets the clock that durations are measured by.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets who is told of executions.
    #[must_use]
    pub fn with_sink(mut self, sink: Arc<dyn ExecutionSink>) -> Self {
        self.sink = sink;
        self
    }

    /// Sets what keeps secrets out of schema errors.
    #[must_use]
    pub fn with_redactor(mut self, redactor: Arc<dyn Redactor>) -> Self {
        self.redactor = redactor;
        self
    }

    /// Adds a tool.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if a tool has this name already.
    pub fn register(&self, tool: impl Tool) -> Result<ToolHandle, RegisterError> {
        self.register_arc(Arc::new(tool))
    }

    /// Adds a tool that others hold too.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if a tool has this name already.
    pub fn register_arc(&self, tool: Arc<dyn Tool>) -> Result<ToolHandle, RegisterError> {
        let spec = tool.spec();
        self.change(|version| {
            let number = u32::try_from(version.slots.len()).map_err(|_| RegisterError { name: spec.name().clone() })?;
            if version.by_name.contains_key(spec.name()) {
                return Err(RegisterError { name: spec.name().clone() });
            }
            let id = ToolId::new(number);
            version.by_name.insert(spec.name().clone(), id);
            version.slots.push(Some(Slot { spec: Arc::clone(&spec), tool }));
            Ok(ToolHandle { spec, id })
        })
    }

    /// Removes a tool; calls that run go on, calls that were made and did not start yet fail as unknown.
    pub fn remove(&self, name: &ToolName) -> Option<Arc<ToolSpec>> {
        self.change(|version| {
            let id = version.by_name.remove(name).ok_or(())?;
            version.slots[id.index()].take().map(|slot| slot.spec).ok_or(())
        })
        .ok()
    }

    /// Applies a change to a copy and puts it in place, unless it fails.
    fn change<T, E>(&self, change: impl FnOnce(&mut Version) -> Result<T, E>) -> Result<T, E> {
        let mut current = self.version.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = Version::clone(&current);
        let done = change(&mut next)?;
        next.number += 1;
        *current = Arc::new(next);
        Ok(done)
    }

    fn current(&self) -> Arc<Version> {
        Arc::clone(&self.version.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns a number that moves with every change.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.current().number
    }

    /// Returns every tool, by name.
    #[must_use]
    pub fn tools(&self) -> Vec<ToolHandle> {
        let version = self.current();
        version.by_name.values().filter_map(|id| version.handle(*id)).collect()
    }

    /// Returns one tool.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownTool`], with the nearest names.
    pub fn resolve(&self, name: &str) -> Result<ToolHandle, ToolError> {
        let version = self.current();
        let id = name.parse::<ToolName>().ok().and_then(|name| version.by_name.get(&name).copied());
        id.and_then(|id| version.handle(id)).ok_or_else(|| {
            ToolError::new(ErrorKind::UnknownTool, format!("no tool is called `{name}`")).with_suggestions(nearest(
                name,
                version.by_name.keys().map(ToolName::as_str),
                3,
            ))
        })
    }

    /// Makes a call by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownTool`], with the nearest names.
    pub fn call(&self, name: &str, params: Params, context: CallContext) -> Result<ToolCall, ToolError> {
        Ok(self.resolve(name)?.call(params, context))
    }

    fn slot(&self, call: &ToolCall) -> Result<Slot, ToolError> {
        self.current()
            .slots
            .get(call.id().index())
            .cloned()
            .flatten()
            .filter(|slot| Arc::ptr_eq(&slot.spec, call.spec()))
            .ok_or_else(|| {
                ToolError::new(ErrorKind::UnknownTool, format!("{} is no longer registered", call.spec().name()))
            })
    }
}

impl Version {
    fn handle(&self, id: ToolId) -> Option<ToolHandle> {
        self.slots.get(id.index())?.as_ref().map(|slot| ToolHandle { spec: Arc::clone(&slot.spec), id })
    }
}

impl ToolExecutor for ToolRegistry {
    async fn execute(&self, call: ToolCall) -> ToolResult {
        let slot = self.slot(&call)?;
        call.spec().check_params(call.params().as_value(), &*self.redactor)?;
        let mut told = Told { registry: self, call: &call, started: self.clock.now(), returned: false };
        let result = isolated(|| slot.tool.call(call.clone()), call.spec().name()).await;
        told.tell(ExecutionEnd::Returned(&result));
        result
    }
}

/// Tells the sink how a run ended, exactly once, also when it is dropped.
struct Told<'a> {
    registry: &'a ToolRegistry,
    call: &'a ToolCall,
    started: Instant,
    returned: bool,
}

impl Told<'_> {
    fn tell(&mut self, end: ExecutionEnd<'_>) {
        self.returned = true;
        let elapsed = self.registry.clock.now().saturating_duration_since(self.started);
        self.registry.sink.executed(&ExecutionRecord::new(self.call, elapsed, end));
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if !self.returned {
            self.tell(ExecutionEnd::Dropped);
        }
    }
}

impl Default for ToolRegistry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ToolRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolRegistry").field("tools", &self.current().by_name.keys()).finish_non_exhaustive()
    }
}

/// Says that a tool has this name already.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a tool called `{name}` is registered already")]
pub struct RegisterError {
    name: ToolName,
}
