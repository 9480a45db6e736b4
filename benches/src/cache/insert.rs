//! What does an insertion cost that evicts, by the size of the cache?
//!
//! Both sides are handed a value, and keep it in an allocation of its own that look-ups share, with the time when it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tool_cache::{Cache, CacheKey, CachePolicy};
use tool_core::{Clock, SystemClock};

use super::turns::{BATCH, medians, per_call};
use crate::Outcome;
use crate::row::Row;

const SIZES: [(usize, &str); 4] = [
    (100, "insert, evicting, of 100"),
    (1000, "insert, evicting, of 1,000"),
    (10_000, "insert, evicting, of 10,000"),
    (100_000, "insert, evicting, of 100,000"),
];
const ROUNDS: usize = 2000;

/// A value and its deadline.
type Timed = Arc<(Instant, Arc<str>)>;

/// Measures full caches of several sizes.
pub(super) fn run() -> Outcome<Vec<Row>> {
    SIZES.into_iter().map(|(size, case)| row(size, case)).collect()
}

fn row(size: usize, case: &'static str) -> Outcome<Row> {
    let policy = CachePolicy::builder().max_entries(size).max_bytes((1 << 26) + 1024 * size as u64).build()?;
    let cache: Cache<Arc<str>> = Cache::new(policy);
    let raw: quick_cache::sync::Cache<[u8; 32], Timed> = quick_cache::sync::Cache::new(size);
    let (keys, value) = (cache.keys("bench"), Arc::<str>::from("value"));
    let deadline = SystemClock::new().now() + Duration::from_secs(300);
    let timed = || Arc::new((deadline, Arc::clone(&value)));
    for number in 0..2 * size {
        let key = keys.of(&number)?;
        cache.insert(&key, Arc::clone(&value))?;
        raw.insert(*key.as_bytes(), timed());
    }
    let mut rejected = 0;
    let mut ours = |fresh: &Vec<CacheKey>| {
        per_call(fresh, |key| rejected += usize::from(cache.insert(key, Arc::clone(&value)).is_err()))
    };
    let mut bare = |fresh: &Vec<CacheKey>| per_call(fresh, |key| raw.insert(*key.as_bytes(), timed()));
    let prepare = |round: usize| {
        let fresh = (0..BATCH).map(|at| keys.of(&(2 * size + round * BATCH + at)));
        Ok(fresh.collect::<Result<_, _>>()?)
    };
    let [ours, bare] = medians(ROUNDS, prepare, &mut [&mut ours, &mut bare])?;
    if rejected > 0 {
        return Err(format!("{rejected} values were turned away").into());
    }
    Ok(Row::new("cache", case, "ns", ours).beside("quick_cache", bare).at_most(1.5))
}
