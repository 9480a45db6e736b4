//! How does a tool misbehave?

use std::{
    panic::panic_any,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use runner::{
    Pipeline,
    tool_core::{
        CacheMode, ErrorKind, Execution, Extent, Invalidation, Params, Payload, Source, Tool, ToolCall, ToolError,
        ToolExecutor, ToolHandle, ToolOutput, ToolResult, ToolSpec, tool_fn,
    },
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    fault::Fault,
    ledger::{End, Ledger, Running},
    world::{SELF, SOURCES, Target, Temper, ToolPlan, World},
};

/// How long a healthy tool takes once all faults are over.
pub(crate) const HEALTHY: Duration = Duration::from_millis(20);

/// What a scripted panic carries: no text, as a panic may.
#[derive(Debug)]
pub(crate) struct Scripted;

/// What the tools share.
#[derive(Debug)]
pub(crate) struct Cast {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) sources: Vec<Source>,
    /// Whether all faults are over.
    pub(crate) healed: AtomicBool,
    /// How many loads may run at once: a call that finds no room loads alone, and may ask itself.
    pub(crate) room: usize,
    /// When answers were last made stale, in nanoseconds: a load from before is not joined by a call from after.
    pub(crate) upheaval: AtomicU64,
    /// What a tool that calls itself goes through.
    pub(crate) itself: OnceLock<(Weak<Pipeline>, ToolHandle)>,
    /// What a tool heard that asked itself, where that is not what it should hear.
    pub(crate) odd: Mutex<Vec<String>>,
}

impl Cast {
    pub(crate) fn new(ledger: Arc<Ledger>, room: usize) -> Self {
        let sources = SOURCES.iter().map(|id| Source::new(*id, 0)).collect();
        Self {
            ledger,
            room,
            sources,
            healed: AtomicBool::new(false),
            upheaval: AtomicU64::new(0),
            itself: OnceLock::new(),
            odd: Mutex::default(),
        }
    }

    /// Notes that answers are made stale now.
    pub(crate) fn upset(&self) {
        self.upheaval.store(nanos(self.ledger.now()), Ordering::Relaxed);
    }

    /// Returns whether nothing was made stale since a call came.
    fn is_undisturbed(&self, call: &ToolCall) -> bool {
        let since = call.context().received().map_or(Duration::ZERO, |at| self.ledger.since_beginning(at));
        nanos(since) > self.upheaval.load(Ordering::Relaxed)
    }

    fn next(&self, temper: &Mutex<Temper>) -> (Option<Fault>, Duration) {
        if self.healed.load(Ordering::Relaxed) {
            return (None, HEALTHY);
        }
        temper.lock().unwrap_or_else(PoisonError::into_inner).next(self.ledger.now())
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Makes the tools of a world.
pub(crate) fn all(world: &World, cast: &Arc<Cast>) -> Vec<Arc<dyn Tool>> {
    let tool = |(index, plan): (usize, &ToolPlan)| -> Arc<dyn Tool> {
        let (cast, temper) = (Arc::clone(cast), Mutex::new(plan.temper.clone()));
        Arc::new(tool_fn(spec(plan, world, &cast), move |call| {
            let (fault, delay) = cast.next(&temper);
            let running = cast.ledger.begin(index, &call, fault);
            if fault == Some(Fault::PanicBefore) {
                running.ends(End::Panicked);
                panic_any(Scripted);
            }
            perform(Arc::clone(&cast), running, call, index, fault, delay)
        }))
    };
    world.tools.iter().enumerate().map(tool).collect()
}

fn spec(plan: &ToolPlan, world: &World, cast: &Cast) -> ToolSpec {
    let input = json!({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]});
    let output = json!({"properties": {"run": {"type": "integer"}, "n": {}, "pad": {}}, "additionalProperties": false});
    let mut spec = ToolSpec::builder(plan.name, "A tool of the simulation.").input(input).output(output);
    spec = spec.effect(plan.effect).scope(plan.scope).source(cast.sources[plan.source].clone());
    spec = if plan.idempotent { spec.idempotent() } else { spec };
    spec = plan.tag.into_iter().fold(spec, |spec, tag| spec.tag(tag));
    spec = plan.ttl.into_iter().fold(spec, |spec, ttl| spec.ttl(ttl));
    spec = plan.timeout.into_iter().fold(spec, |spec, timeout| spec.timeout(timeout));
    let spec = plan.invalidates.iter().fold(spec, |spec, target| match target {
        Target::Tool(tool) => match world.tools[*tool].name.parse() {
            Ok(name) => spec.invalidates(Invalidation::Tool(name)),
            Err(error) => unreachable!("{error}"),
        },
        Target::Tag(tag) => spec.invalidates(Invalidation::Tag((*tag).to_owned())),
        Target::All | Target::Key { .. } => unreachable!("a tool cannot declare it"),
    });
    spec.build().unwrap_or_else(|error| unreachable!("{error}"))
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic_any(Scripted);
        }
    }
}

async fn perform(
    cast: Arc<Cast>,
    running: Running,
    call: ToolCall,
    tool: usize,
    fault: Option<Fault>,
    delay: Duration,
) -> ToolResult {
    let _bomb = (fault == Some(Fault::PanicInDrop)).then(|| Bomb);
    sleep(delay + extra(fault)).await;
    match fault {
        None if tool == SELF && cast.is_undisturbed(&call) => ask_itself(&cast, &call).await,
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::PanicAfter) => {
            running.ends(End::Panicked);
            panic_any(Scripted);
        }
        Some(Fault::PanicInDrop) => {
            running.ends(End::Panicked);
            return answer(0, &call);
        }
        _ => {}
    }
    let result = outcome(running.id, &call, fault, delay);
    running.advises(result.as_ref().err().and_then(ToolError::retry_after));
    running.ends(match &result {
        Ok(_) => End::Answered,
        Err(error) => End::Failed(error.kind(), error.execution()),
    });
    result
}

/// Returns how much longer than usual a run takes.
fn extra(fault: Option<Fault>) -> Duration {
    match fault {
        Some(Fault::Slow) => Duration::from_millis(1_500),
        Some(Fault::Late) => Duration::from_secs(40),
        Some(Fault::PanicAfter) => Duration::from_millis(1),
        _ => Duration::ZERO,
    }
}

fn outcome(run: usize, call: &ToolCall, fault: Option<Fault>, delay: Duration) -> ToolResult {
    let fail = |kind| Err(ToolError::new(kind, format!("run {run} failed")));
    match fault {
        Some(Fault::Fail) => fail(ErrorKind::Failed),
        Some(Fault::Refused) => {
            fail(ErrorKind::Unavailable).map_err(|error| error.with_execution(Execution::NotExecuted))
        }
        Some(Fault::Flap | Fault::Outage) => fail(ErrorKind::Unavailable),
        Some(Fault::RetryAfter) => fail(ErrorKind::Overloaded).map_err(|error| error.with_retry_after(advice(delay))),
        Some(Fault::NotFound) => fail(ErrorKind::NotFound),
        Some(Fault::Malformed) => Payload::from_text(format!("{{\"run\": {run}, ")).map(ToolOutput::new),
        Some(Fault::Huge) => ToolOutput::json(&json!({"run": run, "n": n(call), "pad": "x".repeat(100_000)})),
        Some(Fault::Deep) => ToolOutput::json(&json!({"run": run, "n": n(call), "pad": nested(100)})),
        Some(Fault::WrongShape) => ToolOutput::json(&json!({"run": run, "n": n(call), "surplus": true})),
        Some(Fault::Cut) => answer(run, call).map(|mut output| {
            output.report.extent = Extent::Cut;
            output
        }),
        Some(Fault::ShortLived) => answer(run, call).map(|output| output.fresh_for(SHORT_LIFE)),
        _ => answer(run, call),
    }
}

/// How long a result is good that says so itself.
pub(crate) const SHORT_LIFE: Duration = Duration::from_millis(400);

/// Advice that is sensible, useless or absurd.
fn advice(delay: Duration) -> Duration {
    match delay.as_millis() % 4 {
        0 => Duration::ZERO,
        1 => Duration::from_millis(50),
        2 => Duration::from_secs(2),
        _ => Duration::from_secs(1_000_000_000),
    }
}

fn n(call: &ToolCall) -> Option<&Value> {
    call.params().get("n")
}

fn answer(run: usize, call: &ToolCall) -> ToolResult {
    ToolOutput::json(&json!({"run": run, "n": n(call)}))
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

/// Asks the pipeline what it is being asked: it must hear at once that this would never end.
async fn ask_itself(cast: &Cast, call: &ToolCall) {
    let Some((pipeline, handle)) = cast.itself.get() else { return };
    let (Some(pipeline), Ok(context)) = (pipeline.upgrade(), call.context().inside(call.spec().name())) else { return };
    if cast.room < 100 || call.context().cache().mode != CacheMode::Use || cast.healed.load(Ordering::Relaxed) {
        return;
    }
    cast.ledger.note(Fault::Recursion);
    let params: Params = call.params().clone();
    let before = cast.ledger.now();
    let result = pipeline.execute(handle.call(params, context.with_request_id("inner"))).await;
    let is_right = match &result {
        Ok(output) => output.report.origin.is_cached(),
        Err(error) => error.kind() == ErrorKind::InvalidParams || error.report().origin.is_cached(),
    };
    if !is_right || cast.ledger.now() != before {
        let heard = format!("a tool that asked itself heard {result:?} after {:?}", cast.ledger.now() - before);
        cast.odd.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
    }
}
