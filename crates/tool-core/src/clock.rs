//! What time is it?

use std::{
    fmt,
    time::{Instant, SystemTime},
};

/// The one source of time: no other code reads a clock.
///
/// Sleeping stays with tokio; a simulation passes a clock that reads tokio's paused time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns monotonic time, for ages, deadlines and durations.
    fn now(&self) -> Instant;

    /// Returns wall time, for what people and files are told.
    fn wall(&self) -> SystemTime;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// Returns the clock of the machine.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clocks")]
impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }
}
