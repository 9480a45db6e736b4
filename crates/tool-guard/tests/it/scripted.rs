//! Tools that follow a script, and calls of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tool_core::{
    CallContext, Effect, ErrorKind, Params, Payload, ToolCall, ToolError, ToolExecutor, ToolHandle, ToolOutput,
    ToolRegistry, ToolResult, ToolSpec, ToolSpecBuilder, testing::TokioClock, tool_fn,
};
use tool_guard::{GuardCounts, GuardPolicyBuilder, GuardedExecutor};

/// A registry with one tool, `x.work`, that does as `script` says and counts its starts and its ends.
pub(crate) struct Bench {
    pub(crate) registry: Arc<ToolRegistry>,
    pub(crate) tool: ToolHandle,
    pub(crate) started: Arc<AtomicUsize>,
    pub(crate) ended: Arc<AtomicUsize>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Script {
    Sleep(Duration),
    Hang,
    Panic,
}

impl Bench {
    pub(crate) fn new(script: Script) -> Self {
        Self::with_effect(script, Effect::Reads)
    }

    pub(crate) fn with_effect(script: Script, effect: Effect) -> Self {
        let registry = Arc::new(ToolRegistry::new());
        let (started, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let spec = ToolSpec::builder("x.work", "Works.").effect(effect).build().unwrap();
        let tool = registry.register(tool_fn(spec, {
            let (started, ended) = (Arc::clone(&started), Arc::clone(&ended));
            move |call: ToolCall| {
                started.fetch_add(1, Ordering::SeqCst);
                let ended = Ended(Arc::clone(&ended));
                async move {
                    let _ended = ended;
                    match script {
                        Script::Sleep(time) => tokio::time::sleep(time).await,
                        Script::Hang => std::future::pending().await,
                        Script::Panic => panic!("scripted"),
                    }
                    ToolOutput::json(&call.context().deadline().is_some())
                }
            }
        }));
        Self { registry, tool: tool.unwrap(), started, ended }
    }

    pub(crate) fn call(&self, context: CallContext) -> ToolCall {
        self.tool.call(Params::empty(), context)
    }

    pub(crate) fn started(&self) -> usize {
        self.started.load(Ordering::SeqCst)
    }

    /// How many runs are over: returned, panicked or dropped.
    pub(crate) fn ended(&self) -> usize {
        self.ended.load(Ordering::SeqCst)
    }
}

/// Counts its own drop: the end of a run, however it comes about.
struct Ended(Arc<AtomicUsize>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

pub(crate) fn ann() -> CallContext {
    CallContext::new("acme", "ann")
}

/// What a run of a [`Lab`]'s tool does.
#[derive(Debug, Clone)]
pub(crate) enum Run {
    Answer,
    After(Duration),
    /// After a time, and as soon as it is asked once more.
    AfterAndOnce(Duration),
    Fail(ToolError),
    FailAfter(Duration, ToolError),
    Hang,
    Text(String),
}

/// A guard over one tool, `x.work`, whose runs follow a list; the last is repeated.
pub(crate) struct Lab {
    pub(crate) guard: Arc<GuardedExecutor<Arc<ToolRegistry>>>,
    pub(crate) tool: ToolHandle,
    started: Arc<AtomicUsize>,
    running: Arc<AtomicUsize>,
    pub(crate) peak: Arc<AtomicUsize>,
}

impl Lab {
    pub(crate) fn new(policy: GuardPolicyBuilder, effect: Effect, runs: Vec<Run>) -> Self {
        Self::with_spec(policy, ToolSpec::builder("x.work", "Works.").effect(effect), runs)
    }

    pub(crate) fn with_spec(policy: GuardPolicyBuilder, spec: ToolSpecBuilder, runs: Vec<Run>) -> Self {
        let registry = Arc::new(ToolRegistry::new());
        let [started, running, peak]: [Arc<AtomicUsize>; 3] = Default::default();
        let script = (Arc::clone(&started), Arc::clone(&running), Arc::clone(&peak));
        let tool = tool_fn(spec.build().unwrap(), move |_| {
            let (started, running, peak) = &script;
            let run = runs[started.fetch_add(1, Ordering::SeqCst).min(runs.len() - 1)].clone();
            peak.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let running = Leaving(Arc::clone(running));
            async move {
                let _running = running;
                play(run).await
            }
        });
        let tool = registry.register(tool).unwrap();
        let guard = GuardedExecutor::new(registry, policy.build().unwrap());
        let guard = Arc::new(guard.with_clock(Arc::new(TokioClock::new())).with_seed(7));
        Self { guard, tool, started, running, peak }
    }

    pub(crate) fn call(&self) -> ToolCall {
        self.tool.call(Params::empty(), ann())
    }

    pub(crate) async fn run(&self) -> ToolResult {
        self.guard.execute(self.call()).await
    }

    /// Starts a call that goes on by itself.
    pub(crate) fn spawn(&self) -> tokio::task::JoinHandle<ToolResult> {
        let (guard, call) = (Arc::clone(&self.guard), self.call());
        tokio::spawn(async move { guard.execute(call).await })
    }

    pub(crate) fn started(&self) -> usize {
        self.started.load(Ordering::SeqCst)
    }

    pub(crate) fn running(&self) -> usize {
        self.running.load(Ordering::SeqCst)
    }

    pub(crate) fn counts(&self) -> GuardCounts {
        self.guard.stats().total
    }
}

async fn play(run: Run) -> ToolResult {
    match run {
        Run::Answer => {}
        Run::After(time) => tokio::time::sleep(time).await,
        Run::Fail(error) => return Err(error),
        Run::FailAfter(time, error) => {
            tokio::time::sleep(time).await;
            return Err(error);
        }
        Run::AfterAndOnce(time) => {
            tokio::time::sleep(time).await;
            tokio::task::yield_now().await;
        }
        Run::Hang => std::future::pending().await,
        Run::Text(text) => return Ok(ToolOutput::new(Payload::from_text(text)?)),
    }
    ToolOutput::json(&1)
}

struct Leaving(Arc<AtomicUsize>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A failure that can pass by itself.
pub(crate) fn unavailable() -> ToolError {
    ToolError::new(ErrorKind::Unavailable, "the upstream is down")
}
