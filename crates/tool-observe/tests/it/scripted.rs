//! An executor that answers by script, observed.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use tool_core::{
    CallContext, CallReport, Clock, ErrorKind, Origin, Params, Payload, ToolCall, ToolError, ToolExecutor, ToolHandle,
    ToolOutput, ToolRegistry, ToolResult, ToolSpec, testing::ManualClock, tool_fn,
};
use tool_observe::{ExecutionTracer, ObservePolicy, TracedExecutor};

/// Answers at once: what was queued, each after its time has passed on the clock, then always the same.
#[derive(Debug)]
pub(crate) struct Scripted {
    pub(crate) queue: Mutex<VecDeque<(Duration, ToolResult)>>,
    pub(crate) seen: Mutex<Vec<ToolCall>>,
    default: ToolResult,
    clock: Arc<ManualClock>,
    keeps: bool,
}

impl ToolExecutor for Scripted {
    async fn execute(&self, call: ToolCall) -> ToolResult {
        if self.keeps {
            self.seen.lock().unwrap().push(call);
        }
        let next = self.queue.lock().unwrap().pop_front();
        let Some((time, result)) = next else { return self.default.clone() };
        self.clock.advance(time);
        result
    }
}

pub(crate) struct Observed {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) tracer: Arc<ExecutionTracer>,
    pub(crate) traced: TracedExecutor<Scripted>,
    pub(crate) search: ToolHandle,
    pub(crate) get: ToolHandle,
}

impl Observed {
    pub(crate) fn new(policy: ObservePolicy, default: ToolResult) -> Self {
        Self::made(policy, default, false)
    }

    pub(crate) fn keeping(policy: ObservePolicy, default: ToolResult) -> Self {
        Self::made(policy, default, true)
    }

    fn made(policy: ObservePolicy, default: ToolResult, keeps: bool) -> Self {
        let clock = Arc::new(ManualClock::new());
        let tracer = Arc::new(ExecutionTracer::with_clock(policy, Arc::clone(&clock) as Arc<dyn Clock>));
        let (queue, seen) = (Mutex::default(), Mutex::default());
        let scripted = Scripted { queue, seen, default, clock: Arc::clone(&clock), keeps };
        let traced = TracedExecutor::new(scripted, Arc::clone(&tracer));
        let registry = ToolRegistry::new();
        let (search, get) = (register(&registry, "ci.search"), register(&registry, "ci.get"));
        Self { clock, tracer, traced, search, get }
    }

    pub(crate) fn then(&self, time: Duration, result: ToolResult) {
        self.traced.inner().queue.lock().unwrap().push_back((time, result));
    }

    /// Makes a call of `ci.search`.
    pub(crate) fn call(&self, params: &str, context: CallContext) -> ToolCall {
        self.search.call(Params::parse(params).unwrap(), context)
    }

    /// Makes a call of `ci.search` that is answered by `result` after `time`.
    pub(crate) async fn run(&self, time: Duration, result: ToolResult, context: CallContext) {
        self.then(time, result);
        let _ = self.traced.execute(self.call("{}", context)).await;
    }
}

fn register(registry: &ToolRegistry, name: &str) -> ToolHandle {
    let schema = json!({"type": "object", "properties": {"pin": {"writeOnly": true}}});
    let spec = ToolSpec::builder(name, "Scripted.").input(schema).build().unwrap();
    registry.register(tool_fn(spec, |_| async { ToolOutput::json(&()) })).unwrap()
}

pub(crate) fn ann() -> CallContext {
    CallContext::new("acme", "ann")
}

pub(crate) fn executed() -> ToolResult {
    ToolOutput::json(&json!({"total": 2}))
}

pub(crate) fn hit() -> ToolResult {
    let report = CallReport::executed().served(Origin::Hit, Duration::from_secs(7));
    Ok(ToolOutput::new(Payload::of(&json!({"total": 2}))?).with_report(report))
}

pub(crate) fn failed(kind: ErrorKind) -> ToolResult {
    Err(ToolError::new(kind, "scripted"))
}
