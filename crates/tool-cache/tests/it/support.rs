//! What the tests have in common: tools that count, a clock moved by hand, calls without ceremony.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tool_cache::{CachePolicy, CachePolicyBuilder, CachedExecutor, ToolResultCache};
use tool_core::{
    CallContext, Effect, ErrorKind, Origin, Params, Scope, Tool, ToolCall, ToolError, ToolExecutor, ToolOutput,
    ToolRegistry, ToolResult, ToolSpec, ToolSpecBuilder, testing::ManualClock, tool_fn,
};

pub(crate) fn params(value: Value) -> Params {
    value.try_into().unwrap()
}

pub(crate) fn reads(name: &str) -> ToolSpecBuilder {
    ToolSpec::builder(name, "A tool of the tests.").effect(Effect::Reads).scope(Scope::Tenant)
}

pub(crate) fn echo(spec: ToolSpec) -> impl Tool {
    tool_fn(spec, |call| async move { ToolOutput::json(call.params().as_value()) })
}

/// A cached registry.
pub(crate) struct World {
    pub(crate) executor: Arc<CachedExecutor<ToolRegistry>>,
    pub(crate) clock: Arc<ManualClock>,
    /// How often tools ran.
    pub(crate) runs: Arc<AtomicUsize>,
    /// What `slow` tools wait for.
    pub(crate) gate: Arc<Semaphore>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(CachePolicy::builder())
    }

    pub(crate) fn with(policy: CachePolicyBuilder) -> Self {
        let clock = Arc::new(ManualClock::new());
        let cache = ToolResultCache::new(policy.build().unwrap()).with_clock(clock.clone());
        let executor = Arc::new(CachedExecutor::new(ToolRegistry::new(), Arc::new(cache)));
        Self { executor, clock, runs: Arc::default(), gate: Arc::new(Semaphore::new(0)) }
    }

    pub(crate) fn cache(&self) -> &Arc<ToolResultCache> {
        self.executor.cache()
    }

    pub(crate) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    /// Adds a tool that answers with the number of its run.
    pub(crate) fn counting(&self, spec: ToolSpecBuilder) {
        let runs = Arc::clone(&self.runs);
        self.add(spec, move |_| {
            let run = runs.fetch_add(1, Ordering::SeqCst) + 1;
            async move { ToolOutput::json(&json!({ "run": run })) }
        });
    }

    /// Adds a tool that waits at the gate, then answers with the number of its run, or fails where params say `fail`.
    pub(crate) fn slow(&self, spec: ToolSpecBuilder) {
        let (runs, gate) = (Arc::clone(&self.runs), Arc::clone(&self.gate));
        self.add(spec, move |call| {
            let (run, gate) = (runs.fetch_add(1, Ordering::SeqCst) + 1, Arc::clone(&gate));
            async move {
                gate.acquire().await.unwrap().forget();
                match call.params().get("fail") {
                    Some(_) => Err(ToolError::new(ErrorKind::Unavailable, "the database is away")),
                    None => ToolOutput::json(&json!({ "run": run })),
                }
            }
        });
    }

    pub(crate) fn add<F, R>(&self, spec: ToolSpecBuilder, run: F)
    where
        F: Fn(ToolCall) -> R + Send + Sync + 'static,
        R: Future<Output = ToolResult> + Send + 'static,
    {
        self.executor.inner().register(tool_fn(spec.build().unwrap(), run)).unwrap();
    }

    pub(crate) fn make(&self, name: &str, value: Value, context: CallContext) -> ToolCall {
        self.executor.inner().call(name, params(value), context).unwrap()
    }

    /// Makes a call of ann at acme.
    pub(crate) fn call(&self, name: &str, value: Value) -> ToolCall {
        self.make(name, value, CallContext::new("acme", "ann"))
    }

    pub(crate) async fn ask(&self, name: &str, value: Value) -> ToolResult {
        self.executor.execute(self.call(name, value)).await
    }

    /// Asks and returns where the answer came from and which run computed it.
    pub(crate) async fn origin(&self, name: &str, value: Value) -> (Origin, u64) {
        facts(&self.ask(name, value).await.unwrap())
    }

    /// Asks in a task of its own.
    pub(crate) fn spawn(&self, call: ToolCall) -> tokio::task::JoinHandle<ToolResult> {
        let executor = Arc::clone(&self.executor);
        tokio::spawn(async move { executor.execute(call).await })
    }
}

pub(crate) fn facts(output: &ToolOutput) -> (Origin, u64) {
    (output.report.origin, output.payload.value()["run"].as_u64().unwrap())
}

/// Lets every task go on as far as it can.
pub(crate) async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

/// Returns what a future comes to that has nothing to wait for.
pub(crate) fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}
