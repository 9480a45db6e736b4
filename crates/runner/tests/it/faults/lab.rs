//! A whole runner over one tool that does what a test says.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use runner::{
    Config, Runner,
    tool_core::{
        CallContext, Clock, Effect, Params, ToolCall, ToolError, ToolOutput, ToolResult, ToolSpec, ToolSpecBuilder,
        testing::TokioClock, tool_fn,
    },
    tool_guard::GuardCounts,
};
use serde_json::{Value, json};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Nothing of the cache: each call reaches the tool.
pub(crate) const UNCACHED: &str = "[cache]\nenabled = false\n";

type Running = Pin<Box<dyn Future<Output = ToolResult> + Send>>;

/// A runner, and how often its tool `x.work` ran.
pub(crate) struct Lab {
    pub(crate) runner: Arc<Runner>,
    runs: Arc<AtomicU64>,
}

impl Lab {
    /// Makes a runner whose tool reads, and does as `play` says for its run of that number, from 1.
    pub(crate) fn new<F, R>(toml: &str, play: F) -> Self
    where
        F: Fn(u64, ToolCall) -> R + Send + Sync + 'static,
        R: Future<Output = ToolResult> + Send + 'static,
    {
        let spec = ToolSpec::builder("x.work", "Works.").effect(Effect::Reads);
        Self::with(toml, spec, Arc::new(TokioClock::new()), play)
    }

    pub(crate) fn with<F, R>(toml: &str, spec: ToolSpecBuilder, clock: Arc<dyn Clock>, play: F) -> Self
    where
        F: Fn(u64, ToolCall) -> R + Send + Sync + 'static,
        R: Future<Output = ToolResult> + Send + 'static,
    {
        let runs = Arc::new(AtomicU64::new(0));
        let own = Arc::clone(&runs);
        let work = tool_fn(spec.build().unwrap(), move |call| -> Running {
            Box::pin(play(own.fetch_add(1, Ordering::SeqCst) + 1, call))
        });
        let quick = ToolSpec::builder("x.quick", "Answers.").effect(Effect::Reads).build().unwrap();
        let config = Config::parse(toml, "test.toml").unwrap();
        let runner = Runner::builder().config(config).clock(clock).seed(7).tool(work);
        let runner = runner.tool(tool_fn(quick, |_| async { ToolOutput::json(&"here") })).build().unwrap();
        Self { runner: Arc::new(runner), runs }
    }

    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::SeqCst)
    }

    pub(crate) async fn ask(&self, tool: &str, value: Value) -> ToolResult {
        self.runner.call(tool, params(value), ann()).await
    }

    /// Calls the tool.
    pub(crate) async fn work(&self) -> ToolResult {
        self.ask("x.work", json!({})).await
    }

    /// Calls the tool in a task of its own.
    pub(crate) fn spawn(&self, value: Value) -> tokio::task::JoinHandle<ToolResult> {
        let runner = Arc::clone(&self.runner);
        tokio::spawn(async move { runner.call("x.work", params(value), ann()).await })
    }

    pub(crate) fn counts(&self) -> GuardCounts {
        self.runner.pipeline().inner().inner().inner().stats().total
    }

    /// Fails unless nothing is on its way, and whatever was taken is given back.
    #[track_caller]
    pub(crate) fn is_at_rest(&self) {
        let counts = self.counts();
        assert_eq!(self.runner.pipeline().inner().inner().inner().in_flight().total(), 0);
        assert_eq!(counts.started, counts.succeeded + counts.failed + counts.cancelled);
        assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
    }
}

pub(crate) fn ann() -> CallContext {
    CallContext::new("acme", "ann")
}

pub(crate) fn params(value: Value) -> Params {
    value.try_into().unwrap()
}

pub(crate) fn done() -> ToolResult {
    ToolOutput::json(&"done")
}

pub(crate) fn unavailable() -> ToolResult {
    Err(ToolError::new(runner::tool_core::ErrorKind::Unavailable, "nobody answers"))
}
