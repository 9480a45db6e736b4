//! Tools that follow a script, and calls of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tool_core::{CallContext, Effect, Params, ToolCall, ToolHandle, ToolOutput, ToolRegistry, ToolSpec, tool_fn};

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
