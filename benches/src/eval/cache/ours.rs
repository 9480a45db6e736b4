//! How often does our cache hit, with its default policy?

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tool_cache::{Cache, CachePolicy};
use tool_core::{Clock, SystemClock};

use super::trace::Trace;
use crate::error::Result;

/// Returns the hits of our cache.
///
/// # Errors
///
/// If the policy does not allow the capacity.
pub(super) fn hits(trace: &Trace, capacity: usize) -> Result<usize> {
    // Room for as many as may be by number, whatever the bookkeeping takes.
    let policy = CachePolicy::builder().max_entries(capacity).max_bytes(1024 * capacity as u64 + (1 << 26)).build()?;
    let cache: Cache<()> = Cache::with_clock(policy, Arc::new(Still::new()));
    let keys = cache.keys("trace");
    let mut hits = 0;
    for number in &trace.keys {
        let key = keys.of_json(&(*number).into());
        match cache.get(&key) {
            Some(_) => hits += 1,
            None => cache.insert(&key, ())?,
        }
    }
    Ok(hits)
}

/// A clock that stands: a trace has no times, and nothing is to expire.
#[derive(Debug)]
struct Still(Instant, SystemTime);

impl Still {
    fn new() -> Self {
        Self(SystemClock::new().now(), SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600))
    }
}

impl Clock for Still {
    fn now(&self) -> Instant {
        self.0
    }

    fn wall(&self) -> SystemTime {
        self.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::opt;

    #[test]
    fn all_fits_all_hits_after_the_first() {
        let trace = Trace::new((0..3000).map(|at| at % 30).collect());
        assert_eq!(hits(&trace, 1000).unwrap(), 2970);
    }

    #[test]
    fn capacity_is_a_bound() {
        let trace = Trace::new((0..20_000_u64).map(|at| at * at % 1009 % (at % 700 + 1)).collect());
        assert!((1..=opt::hits(&trace, 100)).contains(&hits(&trace, 100).unwrap()));
    }
}
