//! How many calls at once does a tool bear?

use std::time::Duration;

use crate::policy::Adaptive;

/// How much longer than usual a run may take before the limit shrinks.
const TOLERANCE: f64 = 1.5;
/// How much of each new estimate is taken over.
const SMOOTHING: f64 = 0.2;
/// Over how many runs the usual time is averaged.
const LONG: f64 = 600.0;
/// How many calls the limit may grow by beyond what latency shows.
const ROOM: f64 = 4.0;
/// What is left of the limit when a run is refused or times out.
const BACKOFF: f64 = 0.9;

/// Estimates a limit by how the time of a run moves with load: longer than usual shrinks it, otherwise it grows.
///
/// Source: Netflix concurrency-limits, `Gradient2Limit` (gradient of short to long averages) with the back-off of
/// `AIMDLimit` for runs that failed by overload.
#[derive(Debug)]
pub(crate) struct Gradient {
    bounds: Adaptive,
    limit: f64,
    usual: Option<f64>,
}

impl Gradient {
    pub(crate) fn new(start: u32, bounds: Adaptive) -> Self {
        Self { bounds, limit: f64::from(start), usual: None }
    }

    /// Takes note of a run that took `time` while `in_flight` calls ran; returns the limit from now on.
    pub(crate) fn observe(&mut self, time: Duration, in_flight: u32) -> u32 {
        let short = time.as_secs_f64().max(1e-9);
        let usual = self.usual.map_or(short, |usual| usual + (short - usual) / LONG);
        // After a time of trouble the average comes down faster than it went up.
        self.usual = Some(if usual / short > 2.0 { usual * 0.95 } else { usual });
        // A limit that is not used says nothing about whether it is right.
        if f64::from(in_flight) >= self.limit / 2.0 {
            let gradient = (TOLERANCE * usual / short).clamp(0.5, 1.0);
            let wished = self.limit * gradient + ROOM;
            self.set(self.limit * (1.0 - SMOOTHING) + wished * SMOOTHING);
        }
        self.limit()
    }

    /// Takes note of a run that failed because there was too much; returns the limit from now on.
    pub(crate) fn overloaded(&mut self) -> u32 {
        self.set(self.limit * BACKOFF);
        self.limit()
    }

    fn set(&mut self, limit: f64) {
        self.limit = limit.clamp(f64::from(self.bounds.min), f64::from(self.bounds.max));
    }

    fn limit(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the bounds, which are u32")]
        let limit = self.limit as u32;
        limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Duration = Duration::from_millis(10);

    fn gradient() -> Gradient {
        Gradient::new(20, Adaptive { min: 4, max: 100 })
    }

    #[test]
    fn steady_latency_under_load_grows_to_the_maximum() {
        let mut gradient = gradient();
        let busy = |gradient: &mut Gradient| {
            let limit = gradient.limit();
            gradient.observe(USUAL, limit)
        };
        let limits: Vec<u32> = (0..500).map(|_| busy(&mut gradient)).collect();
        assert!(limits.is_sorted());
        assert_eq!(limits.last(), Some(&100));
    }

    #[test]
    fn longer_runs_under_load_shrink_it() {
        let mut gradient = gradient();
        gradient.observe(USUAL, 20);
        let before = gradient.limit();
        for _ in 0..50 {
            gradient.observe(10 * USUAL, 100);
        }
        assert!(gradient.limit() < before / 2, "{}", gradient.limit());
    }

    #[test]
    fn unused_limit_stays() {
        let mut gradient = gradient();
        assert!((0..500).all(|_| gradient.observe(USUAL, 9) == 20));
    }

    #[test]
    fn overload_shrinks_to_the_minimum() {
        let mut gradient = gradient();
        assert_eq!(gradient.overloaded(), 18);
        let last = (0..100).map(|_| gradient.overloaded()).last();
        assert_eq!(last, Some(4));
    }
}
