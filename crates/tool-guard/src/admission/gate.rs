//! May new calls come in, and who is still inside?

use std::{
    collections::BTreeMap,
    fmt,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Notify;
use tool_core::{Clock, ErrorKind, Execution, SystemClock, ToolCall, ToolError, ToolName};

use super::{
    roll::Roll,
    slots::{Slots, Taken},
    ticks::Ticks,
};

/// Lets calls in until it is shut, and knows who is inside.
///
/// A call from inside a composition passes a shut gate, or no composition that is under way could end: it is inside with
/// its composition. Going in costs one atomic exchange,
/// going out two plain writes, which threads do in places of their own.
///
/// # Examples
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use tool_core::{AllowAll, CallContext, Effect, ErrorKind, Params, ToolExecutor, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
/// use tool_guard::{AdmittedExecutor, Gate};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let registry = Arc::new(ToolRegistry::new());
/// let spec = ToolSpec::builder("sensor.read", "Reads a sensor.").effect(Effect::Reads).build()?;
/// let sensor = registry.register(tool_fn(spec, |_| async { ToolOutput::json(&21) }))?;
///
/// let gate = Arc::new(Gate::new());
/// let executor = AdmittedExecutor::new(registry, Arc::new(AllowAll::new())).with_gate(Arc::clone(&gate));
/// let call = || executor.execute(sensor.call(Params::empty(), CallContext::new("acme", "ann")));
/// call().await?;
///
/// let drained = gate.drain(Duration::from_secs(10)).await;
/// assert!(drained.abandoned.is_empty());
/// assert_eq!(call().await.unwrap_err().kind(), ErrorKind::Unavailable);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Gate {
    clock: Arc<dyn Clock>,
    ticks: Ticks,
    slots: Slots,
    roll: Roll,
    is_shut: AtomicBool,
    /// How many calls have ended since it was shut.
    ended: AtomicU64,
    left: Notify,
}

/// How long a drain sleeps before it looks again unasked.
///
/// A call that left while the gate was being shut may not have seen it shut, and wakes nobody: to be sure of it, each call
/// that leaves would have to wait for its write to reach all processors.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What a drain came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// How many calls ended while it waited, steps of compositions included.
    pub completed: u64,
    /// What had not ended when the time was over, by name; a composition beside the step it waits for.
    pub abandoned: Vec<Abandoned>,
}

/// The calls of one tool that a drain did not wait for any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Abandoned {
    /// The tool.
    pub tool: ToolName,
    /// How many calls of it were inside.
    pub calls: u64,
    /// For how long the oldest of them had been.
    pub oldest: Duration,
}

impl Gate {
    /// Returns an open gate that reads the machine's clock.
    #[must_use]
    pub fn new() -> Self {
        Self {
            clock: Arc::new(SystemClock::new()),
            ticks: Ticks::default(),
            slots: Slots::default(),
            roll: Roll::default(),
            is_shut: AtomicBool::new(false),
            ended: AtomicU64::new(0),
            left: Notify::new(),
        }
    }

    /// Sets the clock that ages are read by; sleeping stays with tokio.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Shuts the gate for good: calls that nobody inside makes are refused from now on.
    pub fn shut(&self) {
        self.is_shut.store(true, Ordering::SeqCst);
    }

    /// Returns whether the gate is shut.
    #[must_use]
    pub fn is_shut(&self) -> bool {
        self.is_shut.load(Ordering::SeqCst)
    }

    /// Returns how many calls are inside, steps of compositions included.
    #[must_use]
    pub fn inside(&self) -> u64 {
        self.slots.count()
    }

    /// Shuts the gate and waits until nobody is inside, at most so long: zero is not at all.
    ///
    /// Abandoned calls go on until who holds them drops them; a later drain can wait for them again.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime with its timer enabled.
    pub async fn drain(&self, within: Duration) -> Drained {
        self.shut();
        let ended = self.ended.load(Ordering::SeqCst);
        // Over or not, what is inside now is the answer.
        let _ = tokio::time::timeout(within, self.empty()).await;
        let completed = self.ended.load(Ordering::SeqCst) - ended;
        Drained { completed, abandoned: self.abandoned() }
    }

    /// Waits until nobody is inside a shut gate.
    async fn empty(&self) {
        loop {
            let mut left = pin!(self.left.notified());
            // Listening begins before looking, or the last one could leave unheard in between.
            left.as_mut().enable();
            if self.inside() == 0 {
                return;
            }
            let _ = tokio::time::timeout(LOOK_EVERY, left).await;
        }
    }

    fn abandoned(&self) -> Vec<Abandoned> {
        let mut by_tool: BTreeMap<&ToolName, (u64, u64)> = BTreeMap::new();
        for (tool, since) in self.slots.list() {
            let Some(name) = self.roll.name(tool) else { continue };
            let (calls, oldest) = by_tool.entry(name).or_insert((0, since));
            *calls += 1;
            *oldest = since.min(*oldest);
        }
        let now = self.ticks.of(self.clock.now());
        let age = |since: u64| Duration::from_nanos(now.saturating_sub(since));
        let of = |(tool, (calls, oldest)): (&ToolName, _)| Abandoned { tool: tool.clone(), calls, oldest: age(oldest) };
        by_tool.into_iter().map(of).collect()
    }

    /// Lets a call in until what is returned is dropped.
    pub(crate) fn enter(&self, call: &ToolCall, now: Instant) -> Result<Inside<'_>, ToolError> {
        self.roll.note(call.id(), call.spec().name());
        let taken = self.slots.take(call.id().index(), self.ticks.of(now));
        // Looked at from inside: a drain that did not see this call shut the gate before.
        if self.is_shut() && call.context().depth() == 0 {
            return Err(self.turn_away(call, taken));
        }
        Ok(Inside { gate: self, taken })
    }

    #[cold]
    fn turn_away(&self, call: &ToolCall, taken: Taken<'_>) -> ToolError {
        taken.leave();
        self.left.notify_waiters();
        let message = format!("shutting down: {} is not started any more", call.spec().name());
        let mut error = ToolError::new(ErrorKind::Unavailable, message).with_execution(Execution::NotExecuted);
        error.report_mut().attempts = 0;
        error
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("is_shut", &self.is_shut()).field("inside", &self.inside()).finish_non_exhaustive()
    }
}

/// A call that is inside; goes out when it is dropped, however that comes about.
#[derive(Debug)]
#[must_use = "a call is inside only as long as this is kept"]
pub(crate) struct Inside<'a> {
    gate: &'a Gate,
    taken: Taken<'a>,
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::GateNeverLeft) {
            return;
        }
        if self.gate.is_shut() {
            self.gate.ended.fetch_add(1, Ordering::SeqCst);
            self.taken.leave();
            self.gate.left.notify_waiters();
        } else {
            self.taken.leave();
        }
    }
}
