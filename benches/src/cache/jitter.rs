//! How many loads fall together when everything was stored together?
//!
//! In virtual time, by a clock moved by hand.

use std::sync::Arc;
use std::time::Duration;

use tool_cache::{Cache, CacheKey, CachePolicy};
use tool_core::testing::ManualClock;

use crate::Outcome;
use crate::row::Row;

const KEYS: usize = 10_000;
const TTL: Duration = Duration::from_secs(100);
/// One in a hundred of the lifetime.
const BUCKET: Duration = Duration::from_secs(1);
const BUCKETS: usize = 105;

/// Measures the most reloads in one bucket, with jitter and without.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let (jittered, plain) = (peak(0.2)?, peak(0.0)?);
    Ok(vec![
        Row::new("cache", "10,000 expire, jitter 20 %: peak reloads", "", jittered)
            .beside("without jitter", plain)
            .at_most(0.2),
    ])
}

/// Returns the most reloads in one bucket of time, of keys that are all asked for in each.
fn peak(jitter: f64) -> Outcome<f64> {
    let clock = Arc::new(ManualClock::new());
    let policy = CachePolicy::builder().max_entries(4 * KEYS).default_ttl(TTL).jitter(jitter).build()?;
    let cache: Cache<usize> = Cache::with_clock(policy, Arc::<ManualClock>::clone(&clock));
    let keys = cache.keys("bench");
    let keys: Vec<CacheKey> = (0..KEYS).map(|number| keys.of(&number)).collect::<Result<_, _>>()?;
    let load = || -> Outcome<usize> {
        let missing: Vec<_> = keys.iter().filter(|key| cache.get(key).is_none()).collect();
        missing.iter().try_for_each(|key| cache.insert(key, 1))?;
        Ok(missing.len())
    };
    load()?;
    let (mut peak, mut all) = (0, 0);
    for _ in 0..BUCKETS {
        clock.advance(BUCKET);
        let reloads = load()?;
        (peak, all) = (peak.max(reloads), all + reloads);
    }
    if all < KEYS {
        return Err(format!("{all} of {KEYS} keys expired").into());
    }
    Ok(peak as f64)
}
