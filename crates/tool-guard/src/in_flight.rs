//! How many calls of a tool are on their way, and how is it doing?

use std::{fmt, sync::Arc};

use tool_core::{Signals, ToolId, ToolSignals};

use crate::{handle::Handle, shared::Shared};

/// Reads how tools are doing; clones read the same guard.
///
/// As [`Signals`] it tells the load of a tool (calls on their way, waiting ones included, ÷ its limit, at most 1), what
/// its breaker lets through, and, where anything measures them, the decayed latency and success of its runs.
/// `Composite` tools are not counted: their steps are.
#[derive(Clone)]
pub struct InFlight(Arc<Shared>);

impl InFlight {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// Returns how many calls are on their way, of all tools: running, waiting for their turn or for a further attempt.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.tools.iter().map(|tool| tool.counters.in_flight()).sum()
    }

    /// Returns how many calls of one tool are on their way.
    #[must_use]
    pub fn of(&self, tool: ToolId) -> u64 {
        self.0.tools.get(tool).map_or(0, |tool| tool.counters.in_flight())
    }
}

impl Signals for InFlight {
    fn read(&self, tool: ToolId) -> ToolSignals {
        let known = |tool: &Handle| tool.signals(&*self.0.clock);
        self.0.tools.get(tool).map_or_else(|| ToolSignals::default().with_load(0.0), known)
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").field("total", &self.total()).finish_non_exhaustive()
    }
}
