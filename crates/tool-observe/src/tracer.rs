//! What happened, how often, and how long did it take?

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Serialize;
use tool_core::{Clock, SystemClock, ToolCall, ToolResult};

use crate::{
    ExportFormat, ObservePolicy, OpenTrace, TenantStats, ToolExecutionTrace, ToolStats, TraceFilter, TraceLine,
    TraceRef,
    capture::{Captured, capture},
    export,
    facts::Facts,
    ids::IdSource,
    log::Ended,
    open::Open,
    record::{Kept, Record, Subject},
    ring::{Entry, Ring},
    summary::Summary,
    tenants::Tenants,
    tools::Tools,
    tree,
};

/// Records calls: the last ones one by one, in bounded memory, and all of them in exact counts per tool and tenant.
///
/// Parameters are kept as they were, in few bytes; every way out redacts them.
///
/// # Examples
///
/// ```
/// use tool_core::{CallContext, Effect, Params, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
/// use tool_observe::{ExecutionTracer, ObservePolicy, TraceFilter};
///
/// let spec = ToolSpec::builder("text.len", "Counts characters.").effect(Effect::Pure).build()?;
/// let tool = ToolRegistry::new().register(tool_fn(spec, |_| async { ToolOutput::json(&0) }))?;
///
/// let tracer = ExecutionTracer::new(ObservePolicy::default());
/// let trace = tracer.start_trace(&tool.call(Params::empty(), CallContext::new("acme", "ann")));
/// tracer.end_trace(trace, &ToolOutput::json(&5));
///
/// assert_eq!(tracer.recent(&TraceFilter::tenant("acme"))[0].operation, "len");
/// assert_eq!(tracer.performance_stats()[0].calls, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ExecutionTracer {
    policy: ObservePolicy,
    clock: Arc<dyn Clock>,
    ids: IdSource,
    tools: Tools,
    tenants: Tenants,
    ring: Ring,
    restored: Mutex<BTreeMap<Option<String>, Vec<ToolStats>>>,
    params_left_out: AtomicU64,
}

/// What was not kept, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Losses {
    /// How many calls are no longer, or never were, remembered one by one; they are counted all the same.
    pub traces: u64,
    /// How many calls were remembered without their parameters, which were over the size bound.
    pub params: u64,
    /// How many calls were of tenants beyond the bound, which are counted together.
    pub tenants: u64,
}

impl ExecutionTracer {
    /// Returns a tracer that has seen nothing and reads the machine's clock.
    #[must_use]
    pub fn new(policy: ObservePolicy) -> Self {
        Self::with_clock(policy, Arc::new(SystemClock::new()))
    }

    /// Returns a tracer that reads another clock.
    #[must_use]
    pub fn with_clock(policy: ObservePolicy, clock: Arc<dyn Clock>) -> Self {
        Self {
            ids: IdSource::new(),
            tools: Tools::new(),
            tenants: Tenants::new(),
            ring: Ring::new(Arc::clone(&clock), policy.max_traces(), policy.max_bytes()),
            restored: Mutex::default(),
            params_left_out: AtomicU64::new(0),
            policy,
            clock,
        }
    }

    /// Returns how much is remembered.
    #[must_use]
    pub fn policy(&self) -> &ObservePolicy {
        &self.policy
    }

    /// Returns whether a [`TracedExecutor`](crate::TracedExecutor) records into it.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.policy.is_enabled()
    }

    /// Begins to record a call; what is returned must be ended, or it is recorded as cancelled.
    pub fn start_trace(&self, call: &ToolCall) -> OpenTrace<'_> {
        let span = self.ids.span_in(call.context().trace());
        let open = Open {
            subject: Some(Subject::of(call, span)),
            params: call.params().clone(),
            tool: self.tools.of(call.id(), call.spec()),
            started: self.clock.now(),
        };
        OpenTrace::new(self, open, span)
    }

    /// Records how a call ended.
    pub fn end_trace(&self, mut trace: OpenTrace<'_>, result: &ToolResult) {
        trace.end(result);
    }

    pub(crate) fn record(&self, open: &mut Open<'_>, facts: Facts) {
        let Some(subject) = open.subject.take() else { return };
        let (tool, started) = (open.tool, open.started);
        let duration = self.clock.now().saturating_duration_since(started);
        tool.count(&facts);
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::CountedTwice) {
            self.tenants.of(&subject.tenant).stats.at(tool.series).add(&facts, duration);
        }
        self.tenants.of(&subject.tenant).stats.at(tool.series).add(&facts, duration);
        Ended { tool: tool.spec.name(), subject: &subject, facts: &facts, duration }.log();
        capture(&open.params, self.policy.max_params_bytes(), |captured| {
            if matches!(captured, Captured::Size(_)) {
                self.params_left_out.fetch_add(1, Ordering::Relaxed);
            }
            let (series, params) = (tool.series, Kept::of(captured));
            self.ring.push(started, captured, |started_at| Record {
                subject,
                series,
                started_at,
                duration,
                facts,
                params,
            });
        });
    }

    /// Returns the traces that a filter lets through, newest first.
    #[must_use]
    pub fn recent(&self, filter: &TraceFilter) -> Vec<ToolExecutionTrace> {
        self.ring.read(filter, &**self.policy.redactor(), &self.tools)
    }

    /// Returns a trace, or a call and the calls inside of it, as far as a filter lets them through: each call before
    /// those inside of it. Empty if nothing is remembered of it.
    #[must_use]
    pub fn find(&self, filter: &TraceFilter, what: TraceRef) -> Vec<TraceLine> {
        let mut traces = self.recent(filter);
        let root = match what {
            TraceRef::Trace(id) => {
                traces.retain(|trace| trace.trace_id == id);
                None
            }
            TraceRef::Span(id) => Some(id),
        };
        tree::lines(traces, root)
    }

    /// Writes the traces that a filter lets through, newest first.
    ///
    /// # Errors
    ///
    /// Whatever `out` fails with.
    pub fn export_traces(&self, filter: &TraceFilter, format: ExportFormat, out: impl io::Write) -> io::Result<()> {
        export(&self.recent(filter), format, out)
    }

    /// Remembers traces of an earlier process, given in any order, as older than all of this one; returns how many
    /// there was room for, the newest.
    ///
    /// They are not counted again: see [`restore_stats`](Self::restore_stats).
    pub fn restore(&self, mut traces: Vec<ToolExecutionTrace>) -> usize {
        traces.sort_by_key(|trace| trace.started_at.checked_add(trace.duration).unwrap_or(trace.started_at));
        self.ring.restore(traces.into_iter().rev().map(Entry::restored))
    }

    /// Returns the exact counts of every tool that was called, by name, over all tenants.
    ///
    /// O(tools × tenants), however many calls there were.
    #[must_use]
    pub fn performance_stats(&self) -> Vec<ToolStats> {
        let mut sum = Summary::default();
        for tenant in self.tenant_stats() {
            sum.merge(&tenant.tools);
        }
        sum.finish()
    }

    /// Returns the exact counts of every tool that one tenant called, by name.
    ///
    /// O(tools). Empty for a tenant beyond the first 100, which are counted together: see [`Losses::tenants`].
    #[must_use]
    pub fn performance_stats_of(&self, tenant: &str) -> Vec<ToolStats> {
        let mut sum = Summary::default();
        if let Some(tenant) = self.tenants.find(tenant) {
            sum.add(tenant, &self.tools.names());
        }
        if let Some(restored) = self.lock_restored().get(&Some(tenant.to_owned())) {
            sum.merge(restored);
        }
        sum.finish()
    }

    /// Returns the exact counts of all tenants, to be kept between runs.
    #[must_use]
    pub fn tenant_stats(&self) -> Vec<TenantStats> {
        let names = self.tools.names();
        let mut sums: BTreeMap<Option<String>, Summary> = BTreeMap::new();
        for tenant in self.tenants.all() {
            sums.entry(tenant.name.as_deref().map(str::to_owned)).or_default().add(tenant, &names);
        }
        for (tenant, stats) in self.lock_restored().iter() {
            sums.entry(tenant.clone()).or_default().merge(stats);
        }
        let stats = sums.into_iter().map(|(tenant, sum)| TenantStats { tenant, tools: sum.finish() });
        stats.filter(|stats| !stats.tools.is_empty()).collect()
    }

    /// Adds counts of an earlier process.
    pub fn restore_stats(&self, stats: Vec<TenantStats>) {
        let mut restored = self.lock_restored();
        for TenantStats { tenant, tools } in stats {
            restored.entry(tenant).or_default().extend(tools);
        }
    }

    /// Returns what was not kept.
    #[must_use]
    pub fn losses(&self) -> Losses {
        Losses {
            traces: self.ring.dropped(),
            params: self.params_left_out.load(Ordering::Relaxed),
            tenants: self.tenants.folded(),
        }
    }

    fn lock_restored(&self) -> MutexGuard<'_, BTreeMap<Option<String>, Vec<ToolStats>>> {
        self.restored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ExecutionTracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecutionTracer")
            .field("policy", &self.policy)
            .field("ring", &self.ring)
            .finish_non_exhaustive()
    }
}
