//! What really ran, when and for whom?
//!
//! The tools write it themselves, so that no layer has a hand in what the layers are judged by.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use runner::tool_core::{ErrorKind, Execution, ToolCall};
use tokio::time;

use crate::fault::{Fault, Tally};

/// A moment: the virtual time since the beginning, and the order within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp {
    pub(crate) at: Duration,
    pub(crate) order: u64,
}

/// How a run of a tool ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Running,
    Answered,
    Failed(ErrorKind, Execution),
    Panicked,
    Dropped,
}

/// One run of a tool.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) id: usize,
    pub(crate) tool: usize,
    /// The call that it ran for; none if that was made by a tool.
    pub(crate) call: Option<usize>,
    pub(crate) tenant: Arc<str>,
    pub(crate) principal: Arc<str>,
    pub(crate) n: u64,
    pub(crate) generation: u64,
    /// Until when the tool was told that it may run.
    pub(crate) deadline: Option<Duration>,
    pub(crate) fault: Option<Fault>,
    /// When the tool wants to be asked again, counted from its end.
    pub(crate) advice: Option<Duration>,
    pub(crate) started: Stamp,
    pub(crate) ended: Option<Stamp>,
    pub(crate) end: End,
}

/// All that really happened.
#[derive(Debug)]
pub(crate) struct Ledger {
    began: time::Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    order: u64,
    runs: Vec<Run>,
    fired: Tally,
    live: Vec<u64>,
}

impl Ledger {
    /// Begins a ledger for so many tools; time begins now.
    pub(crate) fn new(tools: usize) -> Self {
        let state = State { order: 0, runs: Vec::new(), fired: Tally::new(), live: vec![0; tools] };
        Self { began: time::Instant::now(), state: Mutex::new(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Returns a time of the layers' clock as one of the ledger's.
    pub(crate) fn since_beginning(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.began.into_std())
    }

    pub(crate) fn instant(&self, at: Duration) -> Instant {
        self.began.into_std() + at
    }

    pub(crate) fn tokio_instant(&self, at: Duration) -> time::Instant {
        self.began + at
    }

    /// Returns a moment that is after every other one so far.
    pub(crate) fn stamp(&self) -> Stamp {
        self.lock().stamp(self.now())
    }

    pub(crate) fn note(&self, fault: Fault) {
        self.lock().fired.note(fault);
    }

    /// Notes that a tool runs; what is returned notes its end, however that comes about.
    pub(crate) fn begin(self: &Arc<Self>, tool: usize, call: &ToolCall, fault: Option<Fault>) -> Running {
        let context = call.context();
        let mut state = self.lock();
        let id = state.runs.len();
        let run = Run {
            id,
            tool,
            call: context.request_id().and_then(|id| id.strip_prefix('c')?.parse().ok()),
            tenant: context.to_tenant(),
            principal: context.to_principal(),
            n: call.params().get("n").and_then(serde_json::Value::as_u64).unwrap_or(0),
            generation: call.spec().source().generation(),
            deadline: context.deadline().map(|at| self.since_beginning(at)),
            fault,
            advice: None,
            started: state.stamp(self.now()),
            ended: None,
            end: End::Running,
        };
        state.runs.push(run);
        if let Some(fault) = fault {
            state.fired.note(fault);
        }
        state.enter(tool);
        Running { ledger: Arc::clone(self), id, end: End::Dropped }
    }

    pub(crate) fn live(&self) -> u64 {
        self.lock().live.iter().sum()
    }

    pub(crate) fn runs(&self) -> Vec<Run> {
        self.lock().runs.clone()
    }

    pub(crate) fn fired(&self) -> Tally {
        self.lock().fired.clone()
    }
}

impl State {
    fn stamp(&mut self, at: Duration) -> Stamp {
        self.order += 1;
        Stamp { at, order: self.order }
    }

    fn enter(&mut self, tool: usize) {
        self.live[tool] += 1;
    }
}

/// A run that runs; dropped without an end, it was dropped.
#[derive(Debug)]
pub(crate) struct Running {
    ledger: Arc<Ledger>,
    pub(crate) id: usize,
    end: End,
}

impl Running {
    /// Notes when the tool wants to be asked again.
    pub(crate) fn advises(&self, after: Option<Duration>) {
        self.ledger.lock().runs[self.id].advice = after;
    }

    /// Says how the run ends, now.
    pub(crate) fn ends(mut self, end: End) {
        self.end = end;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.ledger.lock();
        let now = state.stamp(self.ledger.now());
        let run = &mut state.runs[self.id];
        (run.ended, run.end) = (Some(now), self.end);
        let tool = run.tool;
        state.live[tool] -= 1;
    }
}
