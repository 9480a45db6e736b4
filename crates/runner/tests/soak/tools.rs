//! How do the tools of the soak misbehave?

use std::{
    panic::panic_any,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use runner::tool_core::{
    Effect, ErrorKind, Execution, Invalidation, Scope, Tool, ToolCall, ToolError, ToolOutput, ToolResult, ToolSpec,
    tool_fn,
};
use serde_json::json;
use tokio::time::sleep;

use crate::chance::Chance;

/// What a scripted panic carries.
#[derive(Debug)]
pub(crate) struct Scripted;

/// What goes wrong, and how often in 10,000 runs.
pub(crate) const FAULTS: [(&str, u64); 9] = [
    ("fails", 200),
    ("unavailable", 150),
    ("not_found", 100),
    ("retry_after", 50),
    ("panics_before_await", 20),
    ("panics_after_await", 20),
    ("slow", 100),
    ("hangs", 20),
    ("huge", 50),
];

/// How often each fault happened, in the order of [`FAULTS`], and how often the tools ran.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    pub(crate) started: AtomicU64,
    pub(crate) live: AtomicU64,
    pub(crate) fired: [AtomicU64; FAULTS.len()],
}

/// Counts a run as live until dropped.
struct Live(Arc<Runs>);

impl Drop for Live {
    fn drop(&mut self) {
        self.0.live.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Makes the tools: two that are read, by principal and by tenant, one that is pure, and a write that makes the second
/// one's answers stale.
pub(crate) fn all(runs: &Arc<Runs>) -> Vec<Arc<dyn Tool>> {
    let read = |name, scope| ToolSpec::builder(name, "Reads.").effect(Effect::Reads).scope(scope);
    let stale = Invalidation::Tool("soak.team".parse().unwrap());
    let specs = [
        read("soak.own", Scope::Principal),
        read("soak.team", Scope::Tenant),
        read("soak.open", Scope::Shared).effect(Effect::Pure),
        ToolSpec::builder("soak.write", "Writes.").effect(Effect::Writes).invalidates(stale),
    ];
    let tool = |spec: runner::tool_core::ToolSpecBuilder| -> Arc<dyn Tool> {
        let input = json!({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]});
        let (spec, runs) = (spec.input(input).build().unwrap(), Arc::clone(runs));
        Arc::new(tool_fn(spec, move |call| {
            let number = runs.started.fetch_add(1, Ordering::Relaxed);
            runs.live.fetch_add(1, Ordering::Relaxed);
            let (live, fault) = (Live(Arc::clone(&runs)), draw(number, &runs));
            if fault == Some("panics_before_await") {
                panic_any(Scripted);
            }
            perform(live, fault, call)
        }))
    };
    specs.into_iter().map(tool).collect()
}

/// Of every so many runs, all tools are away for the last ones: breakers have work to do, though not at once.
const OUTAGE: (u64, u64) = (10_000, 300);

fn draw(number: u64, runs: &Runs) -> Option<&'static str> {
    if number % OUTAGE.0 >= OUTAGE.0 - OUTAGE.1 {
        return Some("unavailable");
    }
    let mut left = Chance::of(number).below(10_000);
    for (at, (name, share)) in FAULTS.into_iter().enumerate() {
        match left.checked_sub(share) {
            Some(rest) => left = rest,
            None => {
                runs.fired[at].fetch_add(1, Ordering::Relaxed);
                return Some(name);
            }
        }
    }
    None
}

async fn perform(_live: Live, fault: Option<&'static str>, call: ToolCall) -> ToolResult {
    let fail = |kind| Err(ToolError::new(kind, "scripted"));
    match fault {
        Some("fails") => fail(ErrorKind::Failed),
        Some("unavailable") => {
            fail(ErrorKind::Unavailable).map_err(|error| error.with_execution(Execution::NotExecuted))
        }
        Some("not_found") => fail(ErrorKind::NotFound),
        Some("retry_after") => {
            fail(ErrorKind::Overloaded).map_err(|error| error.with_retry_after(Duration::from_millis(1)))
        }
        Some("panics_after_await") => {
            tokio::task::yield_now().await;
            panic_any(Scripted)
        }
        Some("slow") => {
            sleep(Duration::from_millis(2)).await;
            answer(&call, USUAL)
        }
        Some("hangs") => std::future::pending().await,
        Some("huge") => answer(&call, 20_000),
        _ => answer(&call, USUAL),
    }
}

/// How large a result is, about, in bytes.
const USUAL: usize = 1_000;

/// Says whose answer it is, so that the caller can tell a foreign one.
fn answer(call: &ToolCall, size: usize) -> ToolResult {
    let context = call.context();
    let who = match call.spec().scope() {
        Scope::Principal => json!([context.tenant(), context.principal()]),
        Scope::Tenant => json!([context.tenant()]),
        Scope::Shared => json!([]),
    };
    ToolOutput::json(&json!({"who": who, "n": call.params().get("n"), "pad": "x".repeat(size)}))
}
