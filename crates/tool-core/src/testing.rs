//! Clocks that are moved by hand and calls without ceremony, for tests (feature `test-util`).

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use crate::{Clock, SystemClock};

/// A clock that stands still until it is moved.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_core::{Clock, testing::ManualClock};
///
/// let clock = ManualClock::new();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(clock.now() - before, Duration::from_secs(5));
/// ```
#[derive(Debug)]
pub struct ManualClock {
    base: Instant,
    passed: Mutex<Duration>,
}

impl ManualClock {
    /// Returns a clock whose wall time is 2026-01-01T00:00:00Z.
    #[must_use]
    pub fn new() -> Self {
        Self { base: SystemClock::new().now(), passed: Mutex::default() }
    }

    /// Moves the clock.
    pub fn advance(&self, by: Duration) {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    fn passed(&self) -> Duration {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

/// 2026-01-01T00:00:00Z, in Unix seconds.
const EPOCH: Duration = Duration::from_secs(1_767_225_600);

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.base + self.passed()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + EPOCH + self.passed()
    }
}

/// A clock that reads tokio's time, which a paused runtime moves by itself: for simulations.
#[derive(Debug)]
pub struct TokioClock {
    base: tokio::time::Instant,
}

impl TokioClock {
    /// Returns the clock of the runtime it is made in; wall time begins at 2026-01-01T00:00:00Z.
    #[must_use]
    pub fn new() -> Self {
        Self { base: tokio::time::Instant::now() }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + EPOCH + tokio::time::Instant::now().duration_since(self.base)
    }
}
