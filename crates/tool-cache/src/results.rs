//! What can be asked of a cache of tools' answers?

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tool_core::{Clock, Effect, Invalidation, Scope, ToolCall, ToolError, ToolName, ToolOutput, ToolResult, ToolSpec};

use crate::{
    CacheKey, CachePolicy, CacheStats, EntryState, KeyInfo, Rejection, SnapshotError, ToolCacheStats,
    answer::{self, Answer, is_passing, item_of},
    engine::{Engine, Look, Served},
    entry::Shared,
    freshness::{Span, Wish},
    group::Birth,
    item::Ttl,
    snapshot::{self, Saved},
    stats::count,
    subkey::KeyMaker,
};

/// Answers of tools, by question; shared by whoever may look in.
///
/// [`CachedExecutor`](crate::CachedExecutor) puts it before an executor; used alone it is a map from calls to answers
/// with lifetimes.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use serde_json::json;
/// use tool_cache::{CachePolicy, ToolResultCache};
/// use tool_core::{CallContext, Effect, Params, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
///
/// let spec = ToolSpec::builder("ci.get", "Returns an item.").effect(Effect::Reads).build()?;
/// let registry = ToolRegistry::new();
/// let tool = registry.register(tool_fn(spec, |_| async { ToolOutput::json(&json!({})) }))?;
/// let call = |text| Ok::<_, tool_core::ToolError>(tool.call(Params::parse(text)?, CallContext::new("acme", "ann")));
///
/// let cache = ToolResultCache::new(CachePolicy::default());
/// cache.set(&call(r#"{"a": 1, "b": 2}"#)?, &ToolOutput::json(&json!({"total": 3}))?, None)?;
/// let answer = cache.get(&call(r#"{ "b": 2.0, "a": 1, "request_id": "r-7" }"#)?);
/// assert_eq!(answer.unwrap().payload.as_str(), r#"{"total":3}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ToolResultCache {
    keys: KeyMaker,
    engine: Arc<Engine<Answer, ToolError>>,
}

impl ToolResultCache {
    /// Returns an empty cache that reads the machine's clock.
    #[must_use]
    pub fn new(policy: CachePolicy) -> Self {
        Self { keys: KeyMaker::new(policy.correlation_fields()), engine: Arc::new(engine(policy)) }
    }

    /// Sets the clock that lifetimes are measured by; the cache begins anew.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        let mut engine = engine(self.engine.policy.clone());
        engine.set_clock(clock);
        self.engine = Arc::new(engine);
        self
    }

    /// Sets the secret that keys are made with, in place of a fresh one: the same secret makes the same keys, and the
    /// same draws where chance decides, so that a run can be repeated. Whoever knows it can make keys of their own.
    #[must_use]
    pub fn with_secret(self, secret: [u8; 32]) -> Self {
        self.keys.adopt(secret);
        self
    }

    /// Returns the policy.
    #[must_use]
    pub fn policy(&self) -> &CachePolicy {
        &self.engine.policy
    }

    /// Returns the largest entry that is kept, in bytes: its text and about 500 bytes of bookkeeping.
    #[must_use]
    pub fn max_entry_bytes(&self) -> u64 {
        self.engine.store.max_weight()
    }

    /// Returns the key of a call: the same for every call that may be given the same answer, for no other.
    ///
    /// The order of parameters, white space, and `1` or `1.0` make no difference; the policy's correlation fields are
    /// left out. Costs one hash; allocates nothing once a thread is warm.
    #[must_use]
    pub fn generate_key(&self, call: &ToolCall) -> CacheKey {
        self.keys.key(call)
    }

    /// Returns the answer to a call, if there is one that may be served and is not older than the call allows.
    ///
    /// That a tool found nothing is no answer here.
    #[must_use]
    pub fn get(&self, call: &ToolCall) -> Option<ToolOutput> {
        self.refusal(call.spec()).ok()?;
        match self.look(call, &self.generate_key(call)) {
            Look::Found(served) | Look::Due(served) => self.serve(&served).ok(),
            Look::Missing(_) => {
                self.engine.counts.missed(&self.begin(call).group);
                None
            }
        }
    }

    /// Returns whether there is a fresh answer to a call; counts nothing.
    #[must_use]
    pub fn contains(&self, call: &ToolCall) -> bool {
        self.policy().enabled() && self.engine.contains(&self.generate_key(call))
    }

    /// Keeps an answer in place of what was there, for `ttl`, or as long as the policy says.
    ///
    /// # Errors
    ///
    /// [`Rejection`] says why it was not kept.
    pub fn set(&self, call: &ToolCall, output: &ToolOutput, ttl: Option<Duration>) -> Result<CacheKey, Rejection> {
        self.refusal(call.spec())?;
        let ttl = ttl.map_or_else(|| Ttl::Rule(self.policy().ttl_of(call.spec())), Ttl::Exact);
        let (key, birth) = (self.generate_key(call), self.begin(call));
        self.engine.insert(&key, item_of(output, ttl), birth)?;
        Ok(key)
    }

    /// Removes the answer to a call; a load of it that runs is not kept. Returns whether there was an answer.
    pub fn invalidate(&self, call: &ToolCall) -> bool {
        self.invalidate_key(&self.generate_key(call))
    }

    /// Removes the answer under a key; a load of it that runs is not kept. Returns whether there was an answer.
    pub fn invalidate_key(&self, key: &CacheKey) -> bool {
        self.engine.invalidate_key(key)
    }

    /// Makes every answer of a tool stale for good, and every load of it that runs: one store, whatever is held.
    pub fn invalidate_tool(&self, tool: &ToolName) {
        self.engine.groups.invalidate_tool(tool.as_str());
    }

    /// Makes every answer of the tools that carry a tag stale for good, and every load of them that runs: one store,
    /// whatever is held.
    pub fn invalidate_tag(&self, tag: &str) {
        self.engine.groups.invalidate_tag(tag);
    }

    /// Makes every answer that belongs to a tenant or its principals stale for good, and every load of them that runs:
    /// one store, whatever is held. Answers that all tenants share stay.
    pub fn invalidate_tenant(&self, tenant: &str) {
        self.engine.groups.invalidate_tenant(tenant);
    }

    /// Applies what a tool says that it makes stale.
    pub fn invalidate_for(&self, spec: &ToolSpec) {
        for what in spec.invalidates() {
            match what {
                Invalidation::Tool(tool) => self.invalidate_tool(tool),
                Invalidation::Tag(tag) => self.invalidate_tag(tag),
                // What this crate does not know yet is taken for everything.
                _ => self.clear(),
            }
        }
    }

    /// Removes every answer; what loads that run compute is not kept.
    pub fn clear(&self) {
        self.engine.clear();
    }

    /// Removes what is past its time or invalidated, which else goes when it is found or evicted; returns how many.
    pub fn sweep(&self) -> usize {
        self.engine.sweep()
    }

    /// Returns what the cache did and what it holds; takes the same time whatever it holds.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        self.engine.counts.snapshot()
    }

    /// Returns what the cache did for each tool, by name; takes time by the number of entries.
    #[must_use]
    pub fn stats_by_tool(&self) -> Vec<ToolCacheStats> {
        let mut all: Vec<ToolCacheStats> = Vec::new();
        for group in self.engine.groups.of_tools() {
            let Some(tool) = group.tool() else { continue };
            let of = ToolCacheStats::of(tool.clone(), &group);
            match all.last_mut().filter(|last| last.tool == of.tool) {
                Some(last) => last.add(&of),
                None => all.push(of),
            }
        }
        for (_, entry) in self.engine.store.entries() {
            let Some(tool) = entry.birth.group.tool() else { continue };
            let found = all.binary_search_by(|of| of.tool.cmp(tool));
            if let Some(of) = found.ok().and_then(|at| all.get_mut(at)) {
                of.hits += entry.hits.load(Relaxed);
            }
        }
        all
    }

    /// Lists what the cache holds, by tool and then youngest first: live, past its time and invalidated.
    #[must_use]
    pub fn snapshot_keys(&self) -> Vec<KeyInfo> {
        let now = self.engine.now();
        let info = |(key, entry): (CacheKey, Shared<Answer>)| {
            let state = match (entry.birth.is_live(), entry.span.is_over(now), entry.span.is_fresh(now)) {
                (false, ..) => EntryState::Invalidated,
                (true, true, _) => EntryState::Expired,
                (true, false, false) => EntryState::Stale,
                (true, false, true) => EntryState::Live,
            };
            Some(KeyInfo {
                key: key.to_string(),
                tool: entry.birth.group.tool()?.clone(),
                state,
                age: entry.span.age(now),
                remaining: entry.span.remaining(now),
                hits: entry.hits.load(Relaxed),
                bytes: entry.bytes(),
            })
        };
        let mut keys: Vec<KeyInfo> = self.engine.store.entries().into_iter().filter_map(info).collect();
        keys.sort_by(|a, b| (&a.tool, a.age, &a.key).cmp(&(&b.tool, b.age, &b.key)));
        keys
    }

    /// Writes every good answer, and the secret of the keys, into one document for [`restore`](Self::restore).
    ///
    /// It holds answers as they are: keep it where only its owner reads, as [`save`](Self::save) does. Answers of tools
    /// that are told secrets (`writeOnly` in a schema) are left out.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let now = self.engine.now();
        let entries = self.engine.store.entries();
        let good = entries.iter().filter(|(_, entry)| entry.is_good(now));
        snapshot::write(
            &self.keys.secret(),
            self.engine.clock.wall(),
            good.filter_map(|(key, entry)| Saved::of(key, entry, now)),
        )
    }

    /// Takes over what [`snapshot`](Self::snapshot) wrote, ages continued by wall time, in place of what the cache
    /// holds; returns how many answers are still good.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] that says what is wrong with the document; the cache is as it was before.
    pub fn restore(&self, document: &[u8]) -> Result<usize, SnapshotError> {
        let document = snapshot::read(document)?;
        if !self.policy().enabled() {
            return Ok(0);
        }
        let passed = self.engine.clock.wall().duration_since(document.written).unwrap_or_default();
        self.clear();
        self.keys.adopt(document.secret);
        Ok(document.entries.into_iter().filter_map(|saved| self.take_over(saved, passed)).count())
    }

    fn take_over(&self, saved: Saved, passed: Duration) -> Option<()> {
        let age = saved.age.saturating_add(passed);
        // Whatever the document says, this policy's bound of the age holds.
        let most = self.policy().windows().hard_ttl.saturating_sub(age);
        let usable = saved.usable.saturating_sub(passed).min(most);
        if usable.is_zero() {
            return None;
        }
        let fresh = saved.remaining.saturating_sub(passed).min(usable);
        let span = Span::resumed(self.engine.now(), age, fresh, usable);
        let cost = saved.cost.min(CachePolicy::MAX_TTL);
        let birth = self.engine.groups.adopt(saved.about, saved.tenant.as_deref());
        let bytes = answer::bytes_of(&saved.output);
        self.engine.resume(&saved.key, Answer::Output(saved.output), bytes, birth, span, cost).then_some(())
    }

    /// Writes a [`snapshot`](Self::snapshot) to a file that only its owner reads (mode 0600), whole or not at all.
    ///
    /// Blocks on the file system.
    ///
    /// # Errors
    ///
    /// [`SnapshotErrorKind::Io`](crate::SnapshotErrorKind::Io) if the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), SnapshotError> {
        snapshot::write_file(path, &self.snapshot())
    }

    /// Takes over a file that [`save`](Self::save) wrote; see [`restore`](Self::restore).
    ///
    /// Blocks on the file system.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] that says what is wrong with the file; the cache is as it was before.
    pub fn load(&self, path: &Path) -> Result<usize, SnapshotError> {
        self.restore(&snapshot::read_file(path, self.policy().max_bytes())?)
    }
}

/// What [`CachedExecutor`](crate::CachedExecutor) does with it.
impl ToolResultCache {
    pub(crate) fn engine(&self) -> &Arc<Engine<Answer, ToolError>> {
        &self.engine
    }

    /// Notes that a load of a call begins now.
    pub(crate) fn begin(&self, call: &ToolCall) -> Birth {
        let tenant = (call.spec().scope() != Scope::Shared).then(|| call.context().tenant());
        self.engine.groups.begin_tool(call.spec(), tenant)
    }

    /// Looks for an answer that was good, and not older than the call allows, when the call was received.
    #[inline]
    pub(crate) fn look(&self, call: &ToolCall, key: &CacheKey) -> Look<Answer> {
        let context = call.context();
        self.engine.look(key, wish(call), || match context.received() {
            Some(received) => self.engine.moment(received),
            None => self.engine.now(),
        })
    }

    #[inline]
    pub(crate) fn serve(&self, served: &Served<Answer>) -> ToolResult {
        if matches!(served.entry.value, Answer::NotFound(_)) && served.origin.is_cached() {
            count(&self.engine.counts.negative_hits);
        }
        answer::served(served)
    }

    fn refusal(&self, spec: &ToolSpec) -> Result<(), Rejection> {
        match spec.effect() {
            _ if !self.policy().enabled() => Err(Rejection::Disabled),
            Effect::Pure | Effect::Reads => Ok(()),
            Effect::Writes | Effect::Composite => Err(Rejection::Effect),
        }
    }
}

/// Returns what a call wants of the age of its answer.
#[inline]
pub(crate) fn wish(call: &ToolCall) -> Wish {
    let control = call.context().cache();
    Wish { max_age: control.max_age, max_stale: control.max_stale }
}

fn engine(policy: CachePolicy) -> Engine<Answer, ToolError> {
    let mut engine = Engine::new(policy);
    engine.is_passing = is_passing;
    engine
}
