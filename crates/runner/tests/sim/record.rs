//! What was asked, and what came back?

use std::time::Duration;

use runner::tool_core::{CacheMode, ErrorKind, Execution, Extent, Origin, ToolResult};

use crate::{
    ledger::Stamp,
    plan::{CallPlan, Subject},
    turnstile::Objection,
    world::Target,
};

/// One call, as its caller saw it; or a step of a composition, as the composition did.
#[derive(Debug, Clone)]
pub(crate) struct CallRecord {
    pub(crate) asked: Asked,
    pub(crate) started: Stamp,
    pub(crate) ended: Option<Stamp>,
    pub(crate) outcome: Option<Outcome>,
}

impl CallRecord {
    /// Returns whether it waits inside of the layers.
    pub(crate) fn is_under_way(&self) -> bool {
        self.outcome.is_none()
    }
}

/// The question, and what held when it was put.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// The number of the call; a step has that of its composition.
    pub(crate) call: usize,
    pub(crate) kind: Kind,
    pub(crate) tool: usize,
    pub(crate) tenant: &'static str,
    pub(crate) principal: &'static str,
    pub(crate) n: u64,
    pub(crate) mode: CacheMode,
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_stale: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    /// The generation of the tool's source.
    pub(crate) generation: u64,
    pub(crate) objection: Option<Objection>,
}

/// What kind of call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tool,
    Misfit,
    Unknown,
    Composition,
    Step,
}

impl Kind {
    pub(crate) fn of(subject: Subject) -> Self {
        match subject {
            Subject::Tool(_) => Self::Tool,
            Subject::Misfit(_) => Self::Misfit,
            Subject::Unknown => Self::Unknown,
            Subject::Run | Subject::Composite => Self::Composition,
        }
    }
}

/// How a call ended for its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answer {
        run: Option<usize>,
        n: Option<u64>,
        origin: Origin,
        age: Duration,
        attempts: u32,
        extent: Extent,
    },
    Failure {
        kind: ErrorKind,
        execution: Execution,
        origin: Origin,
        age: Duration,
        run: Option<usize>,
        attempts: u32,
        refusal: Option<Refusal>,
    },
    Left,
}

/// Which part of the layers did not let a call run; by its words, which tell a person the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Rate,
    Queue,
    Breaker,
    Gate,
}

impl Refusal {
    fn of(message: &str) -> Option<Self> {
        let all = [
            ("has used up its", Self::Rate),
            (" is busy: ", Self::Queue),
            (" is left alone ", Self::Breaker),
            ("shutting down: ", Self::Gate),
        ];
        all.into_iter().find(|(words, _)| message.contains(words)).map(|(_, refusal)| refusal)
    }
}

impl Outcome {
    pub(crate) fn of(result: &ToolResult) -> Self {
        match result {
            Ok(output) => {
                let number = |name: &str| output.payload.value().get(name).and_then(serde_json::Value::as_u64);
                let report = &output.report;
                Self::Answer {
                    run: number("run").and_then(|run| usize::try_from(run).ok()),
                    n: number("n"),
                    origin: report.origin,
                    age: report.age,
                    attempts: report.attempts,
                    extent: report.extent,
                }
            }
            Err(error) => Self::Failure {
                kind: error.kind(),
                execution: error.execution(),
                origin: error.report().origin,
                age: error.report().age,
                run: run_of(&error.to_string()),
                attempts: error.report().attempts,
                refusal: Refusal::of(&error.to_string()),
            },
        }
    }

    pub(crate) fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Failure { refusal, .. } => refusal,
            Self::Answer { .. } | Self::Left => None,
        }
    }

    pub(crate) fn kind(self) -> Option<ErrorKind> {
        match self {
            Self::Failure { kind, .. } => Some(kind),
            Self::Answer { .. } | Self::Left => None,
        }
    }
}

/// Returns the run that a message names: `run 17 failed`.
fn run_of(message: &str) -> Option<usize> {
    let (_, rest) = message.split_once("run ")?;
    rest.split(' ').next()?.parse().ok()
}

/// Answers made stale: between two moments, by whom is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Upheaval {
    pub(crate) target: Target,
    pub(crate) certainty: Certainty,
    /// Not before this.
    pub(crate) after: Stamp,
    /// And by then.
    pub(crate) by: Stamp,
}

/// Whether it must have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    Sure,
    /// A write that did not run may make stale what it declares, and need not.
    Possible,
}

pub(crate) fn deadline(plan: &CallPlan, now: Duration) -> Option<Duration> {
    plan.time.map(|time| now + time)
}
