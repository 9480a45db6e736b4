//! What can be asked of the cache itself?

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tool_core::{
    Clock, Effect, Extent, Invalidation, SystemClock, ToolCall, ToolName, ToolOutput, ToolResult, ToolSpec,
};

use crate::{
    CacheKey, CachePolicy, CacheStats, EntryState, KeyInfo, Rejection, SnapshotError, ToolCacheStats,
    entry::{Entry, Span},
    flight::{Flights, Lead, Standing},
    lineage::{Birth, Lineage, Lineages},
    snapshot::{self, Saved},
    stats::Causes,
    store::Store,
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
    policy: CachePolicy,
    clock: Arc<dyn Clock>,
    keys: KeyMaker,
    store: Store,
    flights: Arc<Flights>,
    lineages: Lineages,
    causes: Arc<Causes>,
}

impl ToolResultCache {
    /// Returns an empty cache that reads the machine's clock.
    #[must_use]
    pub fn new(policy: CachePolicy) -> Self {
        let causes = Arc::new(Causes::default());
        Self {
            keys: KeyMaker::new(policy.correlation_fields()),
            store: Store::new(&policy, &causes),
            flights: Arc::new(Flights::new(policy.max_flights())),
            lineages: Lineages::default(),
            clock: Arc::new(SystemClock::new()),
            causes,
            policy,
        }
    }

    /// Sets the clock that lifetimes are measured by.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Returns the policy.
    #[must_use]
    pub fn policy(&self) -> &CachePolicy {
        &self.policy
    }

    /// Returns the largest entry that is kept, in bytes: its text and about 400 bytes of bookkeeping.
    #[must_use]
    pub fn max_entry_bytes(&self) -> u64 {
        self.store.max_weight()
    }

    /// Returns the key of a call: the same for every call that may be given the same answer, for no other.
    ///
    /// The order of parameters, white space, and `1` or `1.0` make no difference; the policy's correlation fields are
    /// left out. Costs one hash; allocates nothing once a thread is warm.
    #[must_use]
    pub fn generate_key(&self, call: &ToolCall) -> CacheKey {
        self.keys.key(call)
    }

    /// Returns the answer to a call, if there is a good one that is not older than the call allows.
    #[must_use]
    pub fn get(&self, call: &ToolCall) -> Option<ToolOutput> {
        self.refusal(call.spec()).ok()?;
        let found = self.find(call, &self.generate_key(call));
        if found.is_none() {
            self.lineages.begin(call.spec()).lineage.tally.misses.fetch_add(1, Relaxed);
        }
        found
    }

    /// Returns whether [`get`](Self::get) would answer, ages aside; counts nothing.
    #[must_use]
    pub fn contains(&self, call: &ToolCall) -> bool {
        self.policy.enabled() && self.store.holds(&self.generate_key(call), || self.clock.now())
    }

    /// Keeps an answer in place of what was there, for `ttl`, or as long as the policy says.
    ///
    /// # Errors
    ///
    /// [`Rejection`] says why it was not kept.
    pub fn set(&self, call: &ToolCall, output: &ToolOutput, ttl: Option<Duration>) -> Result<CacheKey, Rejection> {
        self.refusal(call.spec())?;
        let (key, birth) = (self.generate_key(call), self.lineages.begin(call.spec()));
        let ttl = ttl.unwrap_or_else(|| self.policy.ttl_of(call.spec())).min(CachePolicy::MAX_TTL);
        // A load that began before is older than what is set now.
        self.flights.supersede(&key, || self.keep(key, output, birth, ttl))?;
        Ok(key)
    }

    /// Removes the answer to a call; a load of it that runs is not kept. Returns whether there was an answer.
    pub fn invalidate(&self, call: &ToolCall) -> bool {
        self.invalidate_key(&self.generate_key(call))
    }

    /// Removes the answer under a key; a load of it that runs is not kept. Returns whether there was an answer.
    pub fn invalidate_key(&self, key: &CacheKey) -> bool {
        self.flights.supersede(key, || self.store.remove(key))
    }

    /// Makes every answer of a tool stale, and every load of it that runs.
    pub fn invalidate_tool(&self, tool: &ToolName) {
        self.lineages.invalidate(|line| line.tool == *tool);
    }

    /// Makes every answer of the tools that carry a tag stale, and every load of them that runs.
    ///
    /// Takes time by the number of tools, not of answers.
    pub fn invalidate_tag(&self, tag: &str) {
        self.lineages.invalidate(|line| line.tags.iter().any(|own| own == tag));
    }

    /// Applies what a tool says that it makes stale.
    pub fn invalidate_for(&self, spec: &ToolSpec) {
        let names = |line: &Lineage, what: &Invalidation| match what {
            Invalidation::Tool(tool) => line.tool == *tool,
            Invalidation::Tag(tag) => line.tags.contains(tag),
            // What this crate does not know yet is taken for everything.
            _ => true,
        };
        if !spec.invalidates().is_empty() {
            self.lineages.invalidate(|line| spec.invalidates().iter().any(|what| names(line, what)));
        }
    }

    /// Removes every answer; what loads that run compute is not kept.
    pub fn clear(&self) {
        self.lineages.invalidate(|_| true);
        self.store.clear();
    }

    /// Removes what is past its time or invalidated, which else goes when it is found or evicted; returns how many.
    pub fn sweep(&self) -> usize {
        self.store.sweep(self.clock.now())
    }

    /// Returns what the cache did and what it holds; takes time by the number of entries.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        let mut stats = CacheStats {
            unshared: self.causes.unshared.load(Relaxed),
            evicted: self.causes.evicted(),
            rejected: self.causes.rejected(),
            ..CacheStats::default()
        };
        stats.count(&self.lineages.forgotten);
        self.lineages.all().iter().for_each(|line| stats.count(&line.tally));
        stats.hits += self.store.entries().iter().map(|(_, entry)| entry.hits.load(Relaxed)).sum::<u64>();
        stats
    }

    /// Returns what the cache did for each tool, by name; takes time by the number of entries.
    #[must_use]
    pub fn stats_by_tool(&self) -> Vec<ToolCacheStats> {
        let mut all: Vec<ToolCacheStats> = Vec::new();
        for line in self.lineages.all() {
            let of = ToolCacheStats::of(&line);
            match all.last_mut().filter(|last| last.tool == of.tool) {
                Some(last) => last.add(&of),
                None => all.push(of),
            }
        }
        for (_, entry) in self.store.entries() {
            let found = all.binary_search_by(|of| of.tool.cmp(&entry.birth.lineage.tool));
            if let Some(of) = found.ok().and_then(|at| all.get_mut(at)) {
                of.hits += entry.hits.load(Relaxed);
            }
        }
        all
    }

    /// Lists what the cache holds, by tool and then youngest first: live, past its time and invalidated.
    #[must_use]
    pub fn snapshot_keys(&self) -> Vec<KeyInfo> {
        let now = self.clock.now();
        let info = |(key, entry): (CacheKey, Arc<Entry>)| KeyInfo {
            key: key.to_string(),
            tool: entry.birth.lineage.tool.clone(),
            state: match (entry.birth.is_live(), entry.span.is_over(now)) {
                (false, _) => EntryState::Invalidated,
                (true, true) => EntryState::Expired,
                (true, false) => EntryState::Live,
            },
            age: entry.span.age(now),
            remaining: entry.span.remaining(now),
            hits: entry.hits.load(Relaxed),
            bytes: entry.bytes(),
        };
        let mut keys: Vec<KeyInfo> = self.store.entries().into_iter().map(info).collect();
        keys.sort_by(|a, b| (&a.tool, a.age, &a.key).cmp(&(&b.tool, b.age, &b.key)));
        keys
    }

    /// Writes every good answer, and the secret of the keys, into one document for [`restore`](Self::restore).
    ///
    /// It holds answers as they are: keep it where only its owner reads, as [`save`](Self::save) does. Answers of tools
    /// that are told secrets (`writeOnly` in a schema) are left out.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let now = self.clock.now();
        let entries = self.store.entries();
        let good = entries.iter().filter(|(_, entry)| entry.is_good(now));
        snapshot::write(
            &self.keys.secret(),
            self.clock.wall(),
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
        if !self.policy.enabled() {
            return Ok(0);
        }
        let passed = self.clock.wall().duration_since(document.written).unwrap_or_default();
        self.clear();
        self.keys.adopt(document.secret);
        Ok(document.entries.into_iter().filter_map(|saved| self.take_over(saved, passed)).count())
    }

    fn take_over(&self, saved: Saved, passed: Duration) -> Option<()> {
        let left = saved.remaining.checked_sub(passed)?.min(CachePolicy::MAX_TTL);
        let span = Span::new(self.clock.now(), saved.age.saturating_add(passed), left)?;
        let birth = self.lineages.adopt(saved.tool, &saved.fingerprint, saved.tags);
        self.store
            .insert(saved.key, Entry::new(&saved.output, birth, span))
            .inspect_err(|reason| self.causes.reject(*reason))
            .ok()
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
        self.restore(&snapshot::read_file(path, self.policy.max_bytes())?)
    }
}

/// What [`CachedExecutor`](crate::CachedExecutor) does with it.
impl ToolResultCache {
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(crate) fn flights(&self) -> &Arc<Flights> {
        &self.flights
    }

    pub(crate) fn causes(&self) -> &Causes {
        &self.causes
    }

    pub(crate) fn begin(&self, spec: &ToolSpec) -> Birth {
        self.lineages.begin(spec)
    }

    /// Returns an answer that was good, and not older than the call allows, when the call was received.
    pub(crate) fn find(&self, call: &ToolCall, key: &CacheKey) -> Option<ToolOutput> {
        let context = call.context();
        let (entry, now) = self.store.get(key, || context.received().unwrap_or_else(|| self.clock.now()))?;
        let too_old = context.cache().max_age.is_some_and(|most| entry.span.age(now) > most);
        (!too_old).then(|| entry.serve(now))
    }

    /// Ends a load: keeps its answer if it is one to keep, and gives it to all who wait.
    pub(crate) fn land(&self, lead: Lead, spec: &ToolSpec, result: ToolResult) {
        let (birth, ttl) = (lead.birth().clone(), self.policy.ttl_of(spec));
        lead.land(result, |standing, key, result| match (standing, result) {
            (Standing::Current, Ok(output)) => drop(self.keep(key, output, birth, ttl)),
            (Standing::Outdated, Ok(_)) => self.causes.reject(Rejection::Outdated),
            (_, Err(_)) => {}
        });
    }

    fn keep(&self, key: CacheKey, output: &ToolOutput, birth: Birth, ttl: Duration) -> Result<(), Rejection> {
        let keep = || {
            if output.report.extent != Extent::Whole {
                return Err(Rejection::Cut);
            }
            if output.report.fallback_from.is_some() {
                return Err(Rejection::Fallback);
            }
            let span = Span::new(self.clock.now(), output.report.age, ttl).ok_or(Rejection::NoLifetime)?;
            self.store.insert(key, Entry::new(output, birth, span))
        };
        keep().inspect_err(|reason| self.causes.reject(*reason))
    }

    fn refusal(&self, spec: &ToolSpec) -> Result<(), Rejection> {
        match spec.effect() {
            _ if !self.policy.enabled() => Err(Rejection::Disabled),
            Effect::Pure | Effect::Reads => Ok(()),
            Effect::Writes | Effect::Composite => Err(Rejection::Effect),
        }
    }
}
