//! Which handles does a tool have, made beforehand?

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use metrics::Counter;
use tool_core::{ToolId, ToolName, ToolSpec};

use crate::{
    facts::Facts,
    kinds::{KIND_COUNT, ORIGIN_COUNT, kind_index, kind_name, origin_index, origin_name},
    paged::Paged,
};

/// The counter of calls, labelled with tool, outcome (`ok` or the kind of error) and origin.
const CALLS: &str = "runner_tool_calls_total";

/// Every tool that was called, found by its dense number without a lock.
#[derive(Debug)]
pub(crate) struct Tools {
    cells: Paged<OnceLock<Box<ToolCell>>>,
    specs: RwLock<Vec<Arc<ToolSpec>>>,
}

/// The handles of one tool.
#[derive(Debug)]
pub(crate) struct ToolCell {
    pub(crate) spec: Arc<ToolSpec>,
    /// The tracer's own number of the tool.
    pub(crate) series: usize,
    counters: [[OnceLock<Counter>; ORIGIN_COUNT]; KIND_COUNT + 1],
    /// A tool of another registry that has the same number: rare, but it must not take this one's name.
    next: OnceLock<Box<Self>>,
}

impl Tools {
    pub(crate) fn new() -> Self {
        Self { cells: Paged::new(), specs: RwLock::default() }
    }

    /// Returns a tool's handles, made when it is first called.
    pub(crate) fn of(&self, id: ToolId, spec: &Arc<ToolSpec>) -> &ToolCell {
        let mut slot = self.cells.at(id.index());
        loop {
            let cell = slot.get_or_init(|| Box::new(self.make(spec)));
            if Arc::ptr_eq(&cell.spec, spec) {
                return cell;
            }
            slot = &cell.next;
        }
    }

    /// Returns the names of all tools, by number.
    pub(crate) fn names(&self) -> Vec<ToolName> {
        self.specs().iter().map(|spec| spec.name().clone()).collect()
    }

    /// Returns the specifications of all tools, by number.
    pub(crate) fn specs(&self) -> Vec<Arc<ToolSpec>> {
        self.specs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[cold]
    fn make(&self, spec: &Arc<ToolSpec>) -> ToolCell {
        let mut specs = self.specs.write().unwrap_or_else(PoisonError::into_inner);
        specs.push(Arc::clone(spec));
        metrics::describe_counter!(CALLS, "Tool calls that ended, by tool, outcome and origin.");
        ToolCell {
            spec: Arc::clone(spec),
            series: specs.len() - 1,
            counters: [const { [const { OnceLock::new() }; ORIGIN_COUNT] }; KIND_COUNT + 1],
            next: OnceLock::new(),
        }
    }
}

impl ToolCell {
    /// Counts a call that ended, for whoever scrapes.
    pub(crate) fn count(&self, facts: &Facts) {
        // The last row is for success.
        let (kind, origin) = (facts.error.map_or(KIND_COUNT, kind_index), origin_index(facts.origin));
        self.counters[kind][origin].get_or_init(|| self.counter(kind, origin)).increment(1);
    }

    #[cold]
    fn counter(&self, kind: usize, origin: usize) -> Counter {
        let outcome = if kind == KIND_COUNT { "ok" } else { kind_name(kind) };
        let tool = self.spec.name().as_str().to_owned();
        metrics::counter!(CALLS, "tool" => tool, "outcome" => outcome, "origin" => origin_name(origin))
    }
}
