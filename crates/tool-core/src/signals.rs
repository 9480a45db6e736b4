//! How is a tool doing?

use std::{fmt, time::Duration};

use serde::Serialize;

use crate::ToolId;

/// What a circuit breaker lets through.
///
/// Source: M. Nygard, Release It!, second edition, chapter 5, "Circuit Breaker".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "all, a few probes, or nothing: there is no fourth")]
pub enum BreakerState {
    /// Every call.
    Closed,
    /// A few probes, which decide.
    HalfOpen,
    /// Nothing.
    Open,
}

impl BreakerState {
    /// Returns the state's name in snake case, as metrics and JSON have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::HalfOpen => "half_open",
            Self::Open => "open",
        }
    }
}

/// How a tool is doing right now, as far as anybody knows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct ToolSignals {
    /// How much of its room is taken, 0 to 1.
    pub load: Option<f64>,
    /// How long a run takes now.
    pub latency: Option<Duration>,
    /// How often a run succeeds, 0 to 1.
    pub health: Option<f64>,
    /// How often an answer is already cached, 0 to 1.
    pub cached: Option<f64>,
    /// What its circuit breaker lets through.
    pub breaker: Option<BreakerState>,
}

impl ToolSignals {
    /// Fills what is unknown here from another reading.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            load: self.load.or(other.load),
            latency: self.latency.or(other.latency),
            health: self.health.or(other.health),
            cached: self.cached.or(other.cached),
            breaker: self.breaker.or(other.breaker),
        }
    }

    /// Sets the load, 0 to 1.
    #[must_use]
    pub fn with_load(mut self, load: f64) -> Self {
        self.load = Some(load);
        self
    }

    /// Sets the latency of a run.
    #[must_use]
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// Sets the share of runs that succeed, 0 to 1.
    #[must_use]
    pub fn with_health(mut self, health: f64) -> Self {
        self.health = Some(health);
        self
    }

    /// Sets the share of answers that are cached, 0 to 1.
    #[must_use]
    pub fn with_cached(mut self, cached: f64) -> Self {
        self.cached = Some(cached);
        self
    }

    /// Sets what its circuit breaker lets through.
    #[must_use]
    pub fn with_breaker(mut self, state: BreakerState) -> Self {
        self.breaker = Some(state);
        self
    }
}

/// Reads how tools are doing: how layers tell selection without knowing it.
pub trait Signals: fmt::Debug + Send + Sync + 'static {
    /// Returns what is known of one tool; must be quick.
    fn read(&self, tool: ToolId) -> ToolSignals;
}

/// Knows nothing.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct NoSignals;

impl NoSignals {
    /// Returns the reader that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Signals for NoSignals {
    fn read(&self, _tool: ToolId) -> ToolSignals {
        ToolSignals::default()
    }
}
