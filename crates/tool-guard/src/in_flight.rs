//! How many calls of a tool run right now?

use std::{
    num::NonZeroU32,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tool_core::{Signals, ToolId, ToolSignals};

/// Reads how many calls run right now; clones read the same guard.
///
/// As [`Signals`] it tells the load of a tool: calls that run ÷ [`capacity`](crate::GuardPolicy::capacity), at most 1.
/// `Composite` tools are not counted: their steps are.
#[derive(Debug, Clone)]
pub struct InFlight {
    gauges: Arc<Gauges>,
    capacity: NonZeroU32,
}

/// One gauge per tool, by its dense number.
#[derive(Debug, Default)]
struct Gauges(RwLock<Vec<Arc<AtomicU64>>>);

impl InFlight {
    pub(crate) fn new(capacity: NonZeroU32) -> Self {
        Self { gauges: Arc::default(), capacity }
    }

    /// Returns how many calls run, of all tools.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.gauges.read(|gauges| gauges.iter().map(|gauge| gauge.load(Ordering::Relaxed)).sum())
    }

    /// Returns how many calls of one tool run.
    #[must_use]
    pub fn of(&self, tool: ToolId) -> u64 {
        self.gauges.read(|gauges| gauges.get(tool.index()).map_or(0, |gauge| gauge.load(Ordering::Relaxed)))
    }

    /// Counts a call until what is returned is dropped.
    pub(crate) fn enter(&self, tool: ToolId) -> Running {
        let gauge = self.gauges.gauge(tool);
        gauge.fetch_add(1, Ordering::Relaxed);
        Running(gauge)
    }
}

impl Signals for InFlight {
    fn read(&self, tool: ToolId) -> ToolSignals {
        // A u64 of running calls is far below 2^53: the division is exact enough for a load.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let load = self.of(tool) as f64 / f64::from(self.capacity.get());
        ToolSignals::default().with_load(load.min(1.0))
    }
}

impl Gauges {
    fn read<T>(&self, reader: impl FnOnce(&[Arc<AtomicU64>]) -> T) -> T {
        reader(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn gauge(&self, tool: ToolId) -> Arc<AtomicU64> {
        self.read(|gauges| gauges.get(tool.index()).cloned()).unwrap_or_else(|| self.grown_to(tool))
    }

    #[cold]
    fn grown_to(&self, tool: ToolId) -> Arc<AtomicU64> {
        let mut gauges = self.0.write().unwrap_or_else(PoisonError::into_inner);
        while gauges.len() <= tool.index() {
            gauges.push(Arc::default());
        }
        Arc::clone(&gauges[tool.index()])
    }
}

/// A call that is counted as running; gives its place back when dropped, however that comes about.
#[derive(Debug)]
pub(crate) struct Running(Arc<AtomicU64>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
