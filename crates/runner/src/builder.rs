//! How are the layers put together?

use std::{error::Error, fmt, sync::Arc};

use tool_cache::{CachePolicy, CachedExecutor, ToolResultCache};
use tool_compose::{CompositionBuilder, CompositionTool, Definition, ToolResolver};
use tool_core::{Clock, DynExecutor, Policy, SystemClock, Tool, ToolRegistry};
use tool_guard::{AdmittedExecutor, Gate, GuardPolicy, GuardedExecutor, RateLimiter};
use tool_observe::{ExecutionTracer, ObservePolicy, TracedExecutor};
use tool_select::{IntentTable, Profiles, SmartToolSelector};

use crate::{Config, Runner, policy::ConfiguredPolicy, runner::Parts, signals::Combined};

/// Collects tools, compositions and settings; [`build`](Self::build) checks all and wires the layers.
#[derive(Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct RunnerBuilder {
    tools: Vec<ToolBox>,
    compositions: Vec<Definition>,
    intents: IntentTable,
    policy: Option<Arc<dyn Policy>>,
    clock: Arc<dyn Clock>,
    config: Config,
    cache: Option<CachePolicy>,
    guard: Option<GuardPolicy>,
    seed: Option<u64>,
}

/// A tool, with a `Debug` that shows its name.
struct ToolBox(Arc<dyn Tool>);

impl fmt::Debug for ToolBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0.spec().name(), f)
    }
}

impl RunnerBuilder {
    pub(crate) fn new() -> Self {
        Self {
            tools: Vec::new(),
            compositions: Vec::new(),
            intents: IntentTable::default(),
            policy: None,
            clock: Arc::new(SystemClock::new()),
            config: Config::default(),
            cache: None,
            guard: None,
            seed: None,
        }
    }

    /// Adds a tool.
    pub fn tool(self, tool: impl Tool) -> Self {
        self.tools([Arc::new(tool) as Arc<dyn Tool>])
    }

    /// Adds tools.
    pub fn tools(mut self, tools: impl IntoIterator<Item = Arc<dyn Tool>>) -> Self {
        self.tools.extend(tools.into_iter().map(ToolBox));
        self
    }

    /// Adds a composition, which is then a tool too.
    pub fn composition(mut self, definition: Definition) -> Self {
        self.compositions.push(definition);
        self
    }

    /// Sets which tools answer which intent.
    pub fn intents(mut self, intents: IntentTable) -> Self {
        self.intents = intents;
        self
    }

    /// Sets who may call what; the configuration's `policy.deny` and `policy.rules` stand before it: both must allow.
    pub fn policy(mut self, policy: Arc<dyn Policy>) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Sets the clock that every layer reads.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the configuration.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Sets what is cached, in place of the configuration's `[cache]`.
    pub fn cache(mut self, policy: CachePolicy) -> Self {
        self.cache = Some(policy);
        self
    }

    /// Sets what bounds every call, in place of the configuration's `[guard]`.
    pub fn guard(mut self, policy: GuardPolicy) -> Self {
        self.guard = Some(policy);
        self
    }

    /// Sets what all chance in cache and guard follows from, so that a run can be repeated. The cache's keys follow from
    /// it too and can then be guessed: for simulations, not for service.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Checks everything and wires the layers.
    ///
    /// # Errors
    ///
    /// [`BuildError`] with its cause: two tools of one name, a composition that does not fit its tools, a setting out
    /// of range, a lifetime (`cache.ttl`) for a tool that there is not.
    pub fn build(self) -> Result<Runner, BuildError> {
        let profiles = Arc::new(Profiles::with_clock(Arc::clone(&self.clock)));
        let registry = ToolRegistry::new().with_clock(Arc::clone(&self.clock)).with_sink(profiles.clone());
        let registry = Arc::new(registry);
        for ToolBox(tool) in &self.tools {
            registry.register_arc(Arc::clone(tool)).map_err(|error| BuildError::new("a tool", error))?;
        }
        let cache = ToolResultCache::new(self.cache_policy()?).with_clock(Arc::clone(&self.clock));
        let cache = Arc::new(self.seed.map(secret).into_iter().fold(cache, ToolResultCache::with_secret));
        let tracer = Arc::new(ExecutionTracer::with_clock(self.observe_policy()?, Arc::clone(&self.clock)));
        let policy = self.access_policy()?;
        let gate = Arc::new(Gate::new().with_clock(Arc::clone(&self.clock)));

        // Outermost first: tracing sees hits; a hit never skips policy; a hit takes no permit; a flight shared by a
        // hundred callers is guarded once.
        let guarded = GuardedExecutor::new(Arc::clone(&registry), self.guard_policy()?);
        let guarded = self.seed.into_iter().fold(guarded, GuardedExecutor::with_seed);
        let guarded = guarded.with_clock(Arc::clone(&self.clock));
        // Profiles first: they begin with what a tool declares, where the guard's own averages begin with its first run.
        let signals = Combined(vec![profiles.clone(), Arc::new(guarded.in_flight())]);
        let cached = CachedExecutor::new(guarded, Arc::clone(&cache));
        let admitted = match &policy {
            Some(policy) => AdmittedExecutor::new(cached, Arc::clone(policy)),
            None => AdmittedExecutor::disabled(cached),
        };
        let admitted = self.rates()?.into_iter().fold(admitted, AdmittedExecutor::with_rates);
        let admitted = admitted.with_gate(Arc::clone(&gate)).with_clock(Arc::clone(&self.clock));
        let pipeline = Arc::new(TracedExecutor::new(admitted, Arc::clone(&tracer)));

        let executor: Arc<dyn DynExecutor> = pipeline.clone();
        let resolver: Arc<dyn ToolResolver> = registry.clone();
        let mut compositions = Vec::new();
        for definition in self.compositions.into_iter().filter(|_| self.config.compose.enabled) {
            let composition = CompositionBuilder::from(definition).clock(Arc::clone(&self.clock));
            let composition =
                composition.build_for(&*resolver).map_err(|error| BuildError::new("a composition", error))?;
            let tool = CompositionTool::new(composition, Arc::downgrade(&executor), Arc::downgrade(&resolver));
            registry.register(tool.clone()).map_err(|error| BuildError::new("a composition", error))?;
            compositions.push(tool);
        }
        let tools: Vec<_> = registry.tools().iter().map(|tool| tool.spec().name().clone()).collect();
        cache.policy().check_tools(&tools).map_err(|error| BuildError::new("the cache", error))?;
        let selector = SmartToolSelector::new(self.intents).with_signals(Arc::new(signals));
        let selector = policy.iter().fold(selector, |selector, policy| selector.with_policy(Arc::clone(policy)));
        let config = self.config;
        Ok(Runner::new(Parts { pipeline, registry, cache, tracer, gate, profiles, selector, compositions, config }))
    }

    /// Returns who is asked about every call: nobody, if neither the configuration nor whoever builds says anything.
    fn access_policy(&self) -> Result<Option<Arc<dyn Policy>>, BuildError> {
        let config = &self.config.policy;
        let rules = config.access().map_err(|error| BuildError::new("the policy", error))?;
        if !config.enabled {
            return Ok(None);
        }
        if config.deny.is_empty() && rules.is_none() {
            return Ok(self.policy.clone());
        }
        Ok(Some(Arc::new(ConfiguredPolicy::new(config.deny.clone(), rules, self.policy.clone()))))
    }

    fn rates(&self) -> Result<Option<Arc<RateLimiter>>, BuildError> {
        let config = &self.config.policy;
        let limits = config.limits().map_err(|error| BuildError::new("rates and quotas", error))?;
        Ok(limits.filter(|_| config.enabled).map(|limits| Arc::new(RateLimiter::new(limits))))
    }

    fn cache_policy(&self) -> Result<CachePolicy, BuildError> {
        if let Some(policy) = &self.cache {
            return Ok(policy.clone());
        }
        let config = &self.config.cache;
        let policy = CachePolicy::builder()
            .enabled(config.enabled)
            .max_entries(config.max_entries)
            .max_bytes(config.max_bytes)
            .default_ttl(config.default_ttl.get())
            .negative_ttl(config.negative_ttl.get())
            .stale_while_revalidate(config.stale_while_revalidate.get())
            .stale_if_error(config.stale_if_error.get())
            .retry_interval(config.retry_interval.get())
            .hard_ttl(config.hard_ttl.get())
            .jitter(config.jitter)
            .early_refresh(config.early_refresh)
            .retention(config.retention)
            .max_flights(config.max_flights)
            .max_orphans(config.max_orphans)
            .max_refreshes(config.max_refreshes);
        let policy = config.ttl.iter().fold(policy, |policy, (pattern, ttl)| policy.ttl(pattern, ttl.get()));
        policy.build().map_err(|error| BuildError::new("the cache", error))
    }

    fn guard_policy(&self) -> Result<GuardPolicy, BuildError> {
        if let Some(policy) = &self.guard {
            return Ok(policy.clone());
        }
        self.config.guard.policy().map_err(|error| BuildError::new("the guard", error))
    }

    fn observe_policy(&self) -> Result<ObservePolicy, BuildError> {
        let config = &self.config.observe;
        let policy = ObservePolicy::builder().enabled(config.enabled).max_traces(config.max_traces);
        policy.build().map_err(|error| BuildError::new("observation", error))
    }
}

/// Returns a secret for the cache's keys that anybody can guess who knows the seed.
fn secret(seed: u64) -> [u8; 32] {
    let mut secret = [0; 32];
    secret[..8].copy_from_slice(&seed.to_le_bytes());
    secret
}

/// Says why the layers could not be put together; the cause is its source.
#[derive(Debug)]
pub struct BuildError {
    what: &'static str,
    cause: Box<dyn Error + Send + Sync>,
}

impl BuildError {
    fn new(what: &'static str, cause: impl Error + Send + Sync + 'static) -> Self {
        Self { what, cause: Box::new(cause) }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to put {} in place", self.what)
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}
